import { expect, test } from 'vitest'
import { lineageGate } from '../../src/gates/lineage.ts'
import { compose, digestOf, evidenceOf, recordFile, weighing } from '../policy/weighing.ts'

const training = {
  commit: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  parameters: { learning_rate: 0.02 },
  data: [{ uri: 'file:train.parquet', digest: digestOf('b') }],
  seed: 0,
}
const judge = (rule: string, more = {}) => {
  const composed = compose({ 'policies/p.yml': `gates: {lineage: ${rule}}\n` })
  const gate = composed.gates.find(({ gate: name }) => name === 'lineage') as never
  return lineageGate.judge({ ...weighing(), candidate: recordFile('1.4.0', more) }, gate, evidenceOf())
}

test('fields that stand in the record pass, a seed of 0 among them', () => {
  expect(judge('{require: [commit, parameters, data, seed, parent]}', { training, parent: '1.3.0' }).status).toBe(
    'passed',
  )
})

test('each missing field fails by name, with its way out; an empty list is missing too', () => {
  const found = judge('{require: [commit, data, run]}', { training: { ...training, data: [] } })
  expect(found.children.map(({ title, status }) => [title, status])).toEqual([
    ['training.commit', 'passed'],
    ['training.data', 'failed'],
    ['training.run', 'failed'],
  ])
  expect(found.because).toContain('training.run is not recorded. Add training.run to models/churn/versions/1.4.0.yml')
})

test('whether a record is registered can’t be told from a checkout, and that is never a pass', () => {
  expect(judge('{require: [commit], record: registered}', { training })).toMatchObject({ status: 'inconclusive' })
  expect(judge('{require: [commit], record: declared}', { training }).status).toBe('passed')
})

test('required lineage without a word on what to require decides nothing', () => {
  expect(judge('{required: true}').status).toBe('inconclusive')
  expect(judge('{}').status).toBe('skipped')
})
