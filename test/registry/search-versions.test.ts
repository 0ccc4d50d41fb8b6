import { expect, test } from 'vitest'
import { type Searchable, searchVersions } from '../../src/registry/search-versions.ts'
import { record } from '../serving/manifests.ts'

const reference = record('churn', '1.0.0').evaluation.reference
const versions: readonly Searchable[] = [
  { record: record('churn', '1.0.0'), model: null, serves: ['production'], measured: null },
  {
    record: record('churn', '1.2.0', {
      evaluation: { reference, claims: { roc_auc: 0.99, mean_reward: 3 } },
      training: { parameters: { learning_rate: 0.02 }, compute: { cost_usd: 12 }, seed: 3 },
      parent: '1.0.0',
      labels: { team: 'risk' },
    }),
    model: { model: 'churn', task: 'binary', retired: [{ version: '1.2.0', on: '2026-10-01', reason: 'x' }] },
    serves: [],
    measured: { roc_auc: 0.7, f1: null },
  },
  {
    record: record('churn', '1.10.0', { evaluation: { reference, claims: { roc_auc: 0.95, mean_reward: 3 } } }),
    model: { model: 'churn', task: 'binary', owner: 'data-science' },
    serves: [],
    measured: null,
  },
]

function found(expression: string): readonly string[] {
  const answer = searchVersions(expression, versions)
  if (!answer.ok) throw new Error(answer.mistake.what)
  return answer.found.map(({ version }) => version)
}

test('everything that a record or its model says can be asked for', () => {
  expect(found('parameters.learning_rate < 0.1 && compute.cost_usd >= 10.0 && seed == 3')).toEqual(['1.2.0'])
  expect(found('"production" in serves')).toEqual(['1.0.0'])
  expect(found('model.owner == "data-science"')).toEqual(['1.10.0'])
  expect(found('labels.team == "risk" && parent == "1.0.0" && retired')).toEqual(['1.2.0'])
  expect(found('artifact.format == "onnx"')).toEqual([])
  expect(found('created >= "2026-10-01" && name == "churn"')).toHaveLength(3)
})

test('a metric is what was measured, else the claim, and claims are asked for by that name', () => {
  expect(found('roc_auc > 0.5')).toEqual(['1.10.0', '1.2.0'])
  expect(found('roc_auc < 0.9')).toEqual(['1.2.0'])
  expect(found('claims.roc_auc > 0.97')).toEqual(['1.2.0'])
  expect(searchVersions('f1 > 0.1', versions)).toMatchObject({
    unanswered: [{ because: 'f1 is not there', versions: 3 }],
    unknown: [{ mend: 'Measure one with: weighbridge evaluate churn@1.0.0' }],
  })
  expect(searchVersions('serves == "production"', versions)).toMatchObject({
    unknown: [{ mend: 'Ask for one of it: "..." in serves.' }],
  })
})

test('the best stand first by the field that is compared first, equal ones newest first by version', () => {
  expect(found('claims.roc_auc > 0.1')).toEqual(['1.2.0', '1.10.0'])
  expect(found('0.1 < claims.roc_auc')).toEqual(['1.2.0', '1.10.0'])
  expect(found('claims.roc_auc < 1.0')).toEqual(['1.10.0', '1.2.0'])
  expect(found('mean_reward == 3')).toEqual(['1.10.0', '1.2.0'])
})

test.each([
  ['roc_auk > 0.9', 1, 'Did you mean roc_auc?'],
  ['roc_auc >', 10, ''],
  ['name.matches("a+")', 6, 'startsWith'],
  ['constructor == "x"', 1, 'Names here'],
])('%s is refused at column %i', (expression, column, mend) => {
  const answer = searchVersions(expression, versions)

  expect(answer).toMatchObject({ ok: false, mistake: { column, mend: expect.stringContaining(mend) } })
})

test('a field that no version has is told with the one that was meant', () => {
  expect(searchVersions('parameters.learning_rat < 0.1', versions)).toMatchObject({
    found: [],
    unknown: [{ what: 'no version here has parameters.learning_rat', mend: 'Did you mean parameters.learning_rate?' }],
  })
})
