import { expect, test } from 'vitest'
import { measureDifference } from '../../src/statistics/measure.ts'
import { newcombePaired } from '../../src/statistics/newcombe-paired.ts'
import { successesOf } from '../../src/statistics/successes.ts'
import { reference } from '../support/fixtures.ts'
import { expectClose } from './close.ts'
import { bikePredictions, binaryPredictions } from './predictions.ts'

// The references are a - b; a difference of ours is candidate - incumbent, so a is the candidate here.
const PAIRS = ['1.0.0|1.1.0', '1.0.0|1.2.0', '1.0.0|1.3.0', '1.1.0|1.2.0', '1.1.0|1.3.0', '1.2.0|1.3.0']
const BINARY = [
  ...PAIRS.map((pair) => ['adult', pair]),
  ...PAIRS.map((pair) => ['elec2', pair]),
  ['compas', '1.0.0|1.1.0'],
] as ['adult' | 'elec2' | 'compas', string][]

test.each(BINARY)('DeLong and McNemar of %s %s are those of pROC and SciPy', async (dataset, pair) => {
  const { delong, mcnemar, accuracy_two_proportion } = reference(dataset).tests[pair]
  const [a, b] = pair.split('|') as [string, string]
  const candidate = await binaryPredictions(dataset, a)
  const incumbent = await binaryPredictions(dataset, b)

  const auc = measureDifference({ candidate, incumbent }, 'roc_auc', { confidence: 0.95 })
  expectClose(auc.value, delong.diff, 1e-9)
  expectClose(auc.se, delong.se_diff, 1e-9)
  expectClose(auc.interval?.[0], delong.ci95_diff[0], 1e-9)
  expectClose(auc.interval?.[1], delong.ci95_diff[1], 1e-9)
  expectClose(auc.p_value, delong.p_two_sided, 1e-9)

  const accuracy = measureDifference({ candidate, incumbent }, 'accuracy', { confidence: 0.95 })
  expect(accuracy.method).toBe('newcombe-paired')
  expectClose(accuracy.value, accuracy_two_proportion.diff, 1e-9)
  expectClose(accuracy.p_value, mcnemar.p_exact, 1e-9)
  expect(successesOf(candidate, 'accuracy').successes).toBe(mcnemar.both_right + mcnemar.only_a_right)
})

test.each(PAIRS)('paired t of mae and bootstrap of rmse of bike %s are those of SciPy and NumPy', async (pair) => {
  const expected = reference('bike').tests[pair]
  const [a, b] = pair.split('|') as [string, string]
  const candidate = await bikePredictions(a)
  const incumbent = await bikePredictions(b)

  const mae = measureDifference({ candidate, incumbent }, 'mae', { confidence: 0.95 })
  expectClose(mae.value, expected.mean_abs_error_diff, 1e-9)
  expectClose(mae.p_value, expected.paired_t.p, 1e-9)
  expectClose((mae.value ?? 0) / (mae.se ?? 0), expected.paired_t.t, 1e-9)

  const { diff, ci95_percentile } = expected.rmse_diff_paired_bootstrap
  const rmse = measureDifference({ candidate, incumbent }, 'rmse', { confidence: 0.95 })
  const tolerance = 0.08 * (ci95_percentile[1] - ci95_percentile[0])
  expectClose(rmse.value, diff, 1e-9)
  expect(Math.abs((rmse.interval?.[0] ?? Number.NaN) - ci95_percentile[0])).toBeLessThan(tolerance)
  expect(Math.abs((rmse.interval?.[1] ?? Number.NaN) - ci95_percentile[1])).toBeLessThan(tolerance)
})

test.each([
  // both, only first, only second, neither; printed by Newcombe (1998), then by R's contingencytables 3.1.0
  [[36, 12, 2, 0], 0.0569, 0.3404],
  [[59, 6, 16, 80], -0.1186, -0.0046],
  [[1, 1, 7, 12], -0.507, -0.026],
] as const)('the paired difference of two shares %j has the interval in print, %d to %d', (counts, low, high) => {
  const [both, onlyFirst, onlySecond, neither] = counts
  const interval = newcombePaired({ both, onlyFirst, onlySecond, neither }, 0.95)
  const digits = both === 1 ? 3 : 4
  expect(interval[0]).toBeCloseTo(low, digits)
  expect(interval[1]).toBeCloseTo(high, digits)
})

test('a version that answers as the one before differs by nothing, for certain', async () => {
  const rows = await binaryPredictions('compas', '1.0.0')
  const { support } = measureDifference({ candidate: rows, incumbent: rows }, 'f1', { confidence: 0.9 })
  for (const [name, method] of [
    ['accuracy', 'newcombe-paired'],
    ['roc_auc', 'delong'],
    ['log_loss', 't'],
    ['average_precision', 'bootstrap'],
  ] as const) {
    const same = measureDifference({ candidate: rows, incumbent: { ...rows } }, name, { confidence: 0.9 })
    expect(same).toEqual({ value: 0, interval: [0, 0], confidence: 0.9, method, support, se: 0, p_value: 1 })
  }
})
