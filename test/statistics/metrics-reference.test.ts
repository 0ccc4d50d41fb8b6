import { expect, test } from 'vitest'
import { calibrationNull } from '../../src/statistics/calibration.ts'
import { measureMetric } from '../../src/statistics/measure.ts'
import { reference } from '../support/fixtures.ts'
import { expectClose } from './close.ts'
import { bikePredictions, binaryPredictions } from './predictions.ts'

const BINARY = {
  accuracy: 'accuracy',
  balanced_accuracy: 'balanced_accuracy',
  precision: 'precision',
  recall: 'recall',
  specificity: 'specificity',
  f1: 'f1',
  roc_auc: 'roc_auc',
  average_precision: 'average_precision',
  log_loss: 'log_loss',
  brier_score: 'brier',
  matthews_corrcoef: 'mcc',
  expected_calibration_error: 'ece_10',
  selection_rate: 'selection_rate',
}
const REGRESSION = ['mae', 'rmse', 'r2', 'mape', 'median_absolute_error']

const MINORS = ['1.0.0', '1.1.0', '1.2.0', '1.3.0']
const VERSIONS = [
  ...MINORS.map((version) => ['adult', version] as const),
  ...MINORS.map((version) => ['elec2', version] as const),
  ['compas', '1.0.0'] as const,
  ['compas', '1.1.0'] as const,
]

test.each(VERSIONS)('every metric of %s %s is that of scikit-learn', async (dataset, version) => {
  const expected = reference(dataset).versions[version].metrics
  const rows = await binaryPredictions(dataset, version)
  for (const [name, key] of Object.entries(BINARY)) {
    expectClose(measureMetric(rows, name, { confidence: 0.95 }).value, expected[key], 1e-9, name)
  }
})

test.each(VERSIONS)(
  'intervals of %s %s are those of DeLong and Wilson, and agree with the bootstrap',
  async (dataset, version) => {
    const expected = reference(dataset).versions[version].metrics
    const rows = await binaryPredictions(dataset, version)

    const auc = measureMetric(rows, 'roc_auc', { confidence: 0.95 })
    expect(auc.method).toBe('delong')
    expectClose(auc.se, expected.roc_auc_delong.se, 1e-9)
    expectClose(auc.interval?.[0], expected.roc_auc_delong.ci95[0], 1e-9)
    expectClose(auc.interval?.[1], expected.roc_auc_delong.ci95[1], 1e-9)

    const accuracy = measureMetric(rows, 'accuracy', { confidence: 0.95 })
    expect(accuracy.method).toBe('wilson')
    expectClose(accuracy.interval?.[0], expected.ci95_wilson_accuracy[0], 1e-9)
    expectClose(accuracy.interval?.[1], expected.ci95_wilson_accuracy[1], 1e-9)

    for (const name of ['accuracy', 'roc_auc', 'f1'])
      expectBootstrap(measureMetric(rows, name, { confidence: 0.95 }), expected, name)
    expect(accuracy.support).toEqual({
      rows: expected.n,
      positives: expected.tp + expected.fn,
      negatives: expected.tn + expected.fp,
      predicted_positives: expected.tp + expected.fp,
    })
  },
)

test.each(MINORS)('every metric of bike %s is that of scikit-learn', async (version) => {
  const expected = reference('bike').versions[version].metrics
  const rows = await bikePredictions(version)
  for (const name of REGRESSION) {
    const measured = measureMetric(rows, name, { confidence: 0.95 })
    expectClose(measured.value, expected[name], 1e-9, name)
    expect(measured.support).toEqual({ rows: expected.n })
    if (name in expected.ci95_bootstrap) expectBootstrap(measured, expected, name)
  }
})

// biome-ignore lint/suspicious/noExplicitAny: the reference files have no schema of their own
function expectBootstrap(measured: ReturnType<typeof measureMetric>, expected: any, name: string): void {
  const { low, high, tolerance } = expected.ci95_bootstrap[name]
  expect(Math.abs((measured.interval?.[0] ?? Number.NaN) - low), `${name} low`).toBeLessThan(tolerance)
  expect(Math.abs((measured.interval?.[1] ?? Number.NaN) - high), `${name} high`).toBeLessThan(tolerance)
}

test('calibration error has no interval; what a perfectly calibrated model would show stands beside it', async () => {
  const rows = await binaryPredictions('adult', '1.1.0')
  const measured = measureMetric(rows, 'expected_calibration_error', { confidence: 0.9 })
  expect(measured.interval).toBeNull()
  expect(measured.because).toContain('null_q95')
  expect(measured.null_q95).toBeGreaterThan(0.008)
  expect(measured.null_q95).toBeLessThan(0.016)

  const first500 = rows.score?.slice(0, 500) ?? new Float64Array()
  const q95 = calibrationNull(first500, new Float64Array(500).fill(1))?.q95
  expect(q95).toBeGreaterThan(0.04)
  expect(q95).toBeLessThan(0.07)
})

test('the same rows give the same bytes', async () => {
  const rows = await binaryPredictions('compas', '1.1.0')
  for (const name of [...Object.keys(BINARY)]) {
    const first = JSON.stringify(measureMetric(rows, name, { confidence: 0.9 }))
    expect(JSON.stringify(measureMetric(rows, name, { confidence: 0.9 }))).toBe(first)
  }
})
