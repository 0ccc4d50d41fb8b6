import { expect, test } from 'vitest'
import { linearSoftmax } from '../support/linear-softmax-onnx.ts'
import { gate, manifestFile, openWorld, said, statuses, stored, versionFiles } from '../support/registry-world.ts'

const CLASSES = ['a', 'b', 'c']
const FEATURES = ['x1', 'x2', 'x3']

/** 600 rows whose largest feature is their class, mostly; the third class is rare. */
const exam = stored(
  'data/three.csv',
  `row_id,${FEATURES.join(',')},team,y\n${Array.from({ length: 600 }, rowOf).join('\n')}\n`,
)

function rowOf(_: unknown, row: number): string {
  const noise = (salt: number) => ((row * 7919 + salt * 104729) % 1009) / 1009
  const truth = noise(4) < 0.5 ? 0 : noise(4) < 0.88 ? 1 : 2
  const values = CLASSES.map((_, index) => (1.6 * noise(index) + (index === truth ? 0.9 : 0)).toFixed(4))
  return [row, ...values, row % 3 === 0 ? 'red' : 'blue', CLASSES[truth]].join(',')
}

/** The classes as the columns of the model have them: any order will do, as the record says which. */
function versionOf(version: string, weights: readonly (readonly number[])[], classes: readonly string[] = CLASSES) {
  const record = { features: FEATURES, classes, evaluation: { data: exam.reference, reference: exam.reference } }
  return versionFiles({ set: 'compas', version, bytes: linearSoftmax(weights), record })
}

const GOOD = [
  [3, 0, 0],
  [0, 3, 0],
  [0, 0, 3],
]
/** The same model, its columns in another order. */
const TURNED = GOOD.map(([a, b, c]) => [c!, a!, b!])
/** Takes half of b for c. */
const WORSE = [
  [3, 0, 0],
  [0, 1.6, 1.4],
  [0, 0, 3],
]
async function openThree(metrics: readonly object[], more: object = {}) {
  return openWorld({
    versions: [],
    serves: null,
    warm: false,
    model: {
      task: 'multiclass',
      label: { name: 'y', positive: 'b' },
      features: FEATURES.map((name) => ({ name, type: 'number' })),
      sensitive: ['team'],
      evaluation: { data: exam.reference },
    },
    policy: { gates: { metrics, ...more } },
    files: [exam.file, ...versionOf('1.0.0', GOOD), manifestFile('compas', '1.0.0')],
  })
}

test('a model of three classes is weighed end to end: as good passes, whatever the order of its columns; worse is held', async () => {
  const metrics = [
    { metric: 'accuracy', against: 'incumbent', max_drop: 0.01, confidence: 0.9, tasks: ['multiclass'] },
    { metric: 'f1_macro', min: 0.5 },
    { metric: 'roc_auc_ovr_macro', min: 0.6, confidence: 0.9 },
    { metric: 'roc_auc', min: 0.6, tasks: ['binary'] },
  ]
  const world = await openThree(metrics, {
    explainability: { max_importance_shift: 0.01 },
    fairness: [{ across: 'team', metric: 'disparate_impact', min: 0.8 }],
  })

  const turned = await world.check({
    head: await world.opensPromotion('1.1.0', { with: versionOf('1.1.0', TURNED, ['c', 'a', 'b']) }),
  })
  const worse = await world.check({ head: await world.opensPromotion('1.2.0', { with: versionOf('1.2.0', WORSE) }) })

  expect(statuses(turned).metrics, said(turned)).toBe('passed')
  const [accuracy, , area] = gate(turned, 'metrics').children
  expect(accuracy).toMatchObject({ status: 'passed', incumbent: { difference: 0 } })
  expect(area).toMatchObject({ method: 'delong', provenance: 'recomputed' })
  expect(statuses(worse).metrics).toBe('failed')
  expect(gate(turned, 'explainability')).toMatchObject({ status: 'passed', measured: 0 })
  expect(gate(worse, 'explainability')).toMatchObject({ status: 'failed', support: { rows: 600 } })
  expect(gate(turned, 'fairness').status).toBe('passed')
  expect(said(worse)).toMatch(/disparate_impact of "b" across team/)
  expect(said(worse)).toMatch(/x2 from \d+(\.\d+)? % to/)
})

test('columns that the record names wrongly show as a model that is wrong', async () => {
  const world = await openThree([{ metric: 'accuracy', min: 0.5, confidence: 0.9 }])

  const check = await world.check({
    head: await world.opensPromotion('1.1.0', { with: versionOf('1.1.0', TURNED, CLASSES) }),
  })

  expect(statuses(check).metrics).toBe('failed')
})

test('a rule for each class is inconclusive where the rarest class has too few rows', async () => {
  const world = await openThree([{ metric: 'f1_macro', min: 0.1, min_rows: 500 }])

  const check = await world.check({
    head: await world.opensPromotion('1.1.0', { with: versionOf('1.1.0', TURNED, ['c', 'a', 'b']) }),
  })

  expect(gate(check, 'metrics').status).toBe('inconclusive')
  expect(said(check)).toContain('rows of each class')
})
