import { expect, test } from 'vitest'
import { customGate } from '../../src/gates/custom.ts'
import { compose, evidenceOf, recordFile, weighing } from '../policy/weighing.ts'

const judge = (rule: string, more = {}) => {
  const text = `gates:\n  custom:\n    - {name: mine, rule: ${JSON.stringify(rule)}}\n`
  const gate = compose({ 'policies/p.yml': text }).gates.find(({ gate: name }) => name === 'custom') as never
  return customGate.judge({ ...weighing(), ...more }, gate, evidenceOf()).children[0]!
}

test('a rule over the record, the model and the environment is true or false', () => {
  expect(judge('candidate.version == "1.4.0" && model.task == "binary"').status).toBe('passed')
  expect(judge('environment.name == "staging"')).toMatchObject({
    status: 'failed',
    because: 'environment.name == "staging" is false',
    rule: 'custom/mine',
    place: { path: 'policies/p.yml', line: 3 },
  })
})

test('a field that is not there decides nothing, and is named', () => {
  expect(judge('model.licence == "MIT"')).toMatchObject({ status: 'inconclusive' })
  expect(judge('model.licence == "MIT"').because).toContain('model.licence is not there')
  expect(judge('incumbent.version != candidate.version', { incumbent: null }).status).toBe('inconclusive')
  expect(judge('candidate.version').because).toContain('not true or false')
})

test('what only the author of a record says judges nothing', () => {
  const training = { compute: { cost_usd: 2.1 } }
  const candidate = recordFile('1.4.0', { training })
  expect(judge('candidate.training.compute.cost_usd < 100.0', { candidate })).toMatchObject({ status: 'inconclusive' })
  expect(judge('candidate.training.compute.cost_usd < 100.0', { candidate }).because).toContain(
    'declared, not registered',
  )
  for (const rule of [
    '!has(candidate.training.seed)',
    '"training" in candidate',
    'candidate["training"].seed == 1 || true',
  ]) {
    expect(judge(rule, { candidate }).status).toBe('inconclusive')
  }
  expect(judge('candidate.evaluation.claims.roc_auc > 0.9', { candidate }).because).toContain(
    'claims are never evidence',
  )
})
