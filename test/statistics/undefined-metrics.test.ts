import { expect, test } from 'vitest'
import type { Estimate } from '../../src/statistics/estimate.ts'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { findMetric, METRICS } from '../../src/statistics/metrics.ts'
import { classedRows, multiclassRows, regressionRows, scoredRows } from './predictions.ts'

const at = { confidence: 0.9 }
const half = Array.from({ length: 100 }, (_, row) => row % 2)
const good = scoredRows(
  half,
  half.map((y, row) => 0.3 + 0.4 * y + 0.002 * row),
)

function expectNothing(estimate: Estimate, because: string | RegExp): void {
  expect(estimate).toMatchObject({ value: null, interval: null })
  expect(estimate.because).toMatch(because)
  expect(estimate.support.rows).toBeGreaterThanOrEqual(0)
}

test('rows of one class have no AUC, and the finding can say which class is missing', () => {
  const positive = scoredRows([1, 1, 1], [0.2, 0.6, 0.9])
  const negative = scoredRows([0, 0, 0], [0.2, 0.6, 0.9])
  expectNothing(measureMetric(positive, 'roc_auc', at), 'no negative rows')
  expectNothing(measureMetric(positive, 'specificity', at), 'no negative rows')
  expectNothing(measureMetric(positive, 'balanced_accuracy', at), 'no negative rows')
  expectNothing(measureMetric(negative, 'recall', at), 'no positive rows')
  expectNothing(measureMetric(negative, 'average_precision', at), 'no positive rows')
  expectNothing(measureMetric(negative, 'roc_auc', at), 'no positive rows')
  expectNothing(measureMetric(negative, 'matthews_corrcoef', at), 'only one class')
  expect(measureMetric(positive, 'recall', at).value).toBeCloseTo(2 / 3, 12)
  expect(measureMetric(positive, 'roc_auc', at).support).toEqual({
    rows: 3,
    positives: 3,
    negatives: 0,
    predicted_positives: 2,
  })
})

test('a model that never says yes has no precision', () => {
  const silent = scoredRows([0, 1, 0, 1], [0.1, 0.2, 0.3, 0.4])
  expectNothing(measureMetric(silent, 'precision', at), 'no row is predicted positive')
  expectNothing(measureMetric(silent, 'matthews_corrcoef', at), 'only one class')
  expectNothing(measureMetric(scoredRows([0, 0], [0.1, 0.2]), 'f1', at), 'no row is positive')
  expect(measureMetric(silent, 'f1', at).value).toBe(0)
  expectNothing(
    measureDifference(
      { candidate: silent, incumbent: scoredRows([0, 1, 0, 1], [0.1, 0.9, 0.3, 0.4]) },
      'precision',
      at,
    ),
    /^candidate: no row/,
  )
})

test('no rows, no number', () => {
  for (const { name, tasks } of METRICS) {
    const empty =
      tasks[0] === 'binary'
        ? scoredRows([], [])
        : tasks[0] === 'multiclass'
          ? multiclassRows(3, [], [])
          : regressionRows([], [])
    expectNothing(measureMetric(empty, name, at), 'there are no rows')
    expectNothing(measureDifference({ candidate: empty, incumbent: empty }, name, at), 'there are no rows')
  }
})

test('scores that are no probabilities still rank, but have no log loss', () => {
  const raw = scoredRows([0, 1, 0, 1], [-3, 4, -1, 2])
  for (const name of ['log_loss', 'brier_score', 'expected_calibration_error']) {
    expectNothing(measureMetric(raw, name, at), 'scores must be probabilities')
  }
  expect(measureMetric(raw, 'roc_auc', at).value).toBe(1)
  expect(measureMetric(raw, 'average_precision', at).value).toBe(1)
})

test('a score that is no number spoils every metric of scores, and no other', () => {
  for (const spoiled of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const rows = scoredRows([0, 1, 0, 1], [0.1, 0.9, spoiled, 0.7])
    for (const { name, needs, tasks } of METRICS.filter((metric) => metric.tasks.includes('binary'))) {
      const measured = measureMetric(rows, name, at)
      expect(tasks).toContain('binary')
      if (needs === 'score') expectNothing(measured, 'not a finite number')
      else expect(measured.value).not.toBeNull()
    }
  }
})

test('without scores there is no AUC, with a warning', () => {
  const classes = classedRows([0, 1, 0, 1], [0, 1, 1, 1])
  const measured = measureMetric(classes, 'roc_auc', at)
  expectNothing(measured, 'needs scores')
  expect(measured.warnings?.[0]?.code).toBe('needs_score')
  expect(measureMetric(classes, 'accuracy', at).value).toBe(0.75)
})

test('a label of 0 has no percentage error, a constant label no r2, a prediction without a number nothing', () => {
  expectNothing(measureMetric(regressionRows([0, 1, 2], [0, 1, 3]), 'mape', at), 'label is 0')
  expectNothing(measureMetric(regressionRows([5, 5, 5], [4, 5, 6]), 'r2', at), 'label is constant')
  for (const name of ['mae', 'rmse', 'r2', 'mape', 'median_absolute_error']) {
    expectNothing(measureMetric(regressionRows([1, 2, 3], [1, Number.NaN, 3]), name, at), 'a prediction is not')
    expectNothing(measureMetric(regressionRows([1, Number.NaN, 3], [1, 2, 3]), name, at), 'a label is not')
  }
})

test('log loss stays finite where a model was certain and wrong, by the clip of scikit-learn', () => {
  const measured = measureMetric(scoredRows([1, 0], [0, 1]), 'log_loss', at)
  expect(measured.value).toBeCloseTo(-Math.log(2.220446049250313e-16), 9)
})

test('an interval is absent when too many resamples have no value', () => {
  const rare = scoredRows(
    [1, ...Array<number>(99).fill(0)],
    Array.from({ length: 100 }, (_, row) => (row % 10) / 10),
  )
  const measured = measureMetric(rare, 'average_precision', at)
  expect(measured.value).not.toBeNull()
  expect(measured.interval).toBeNull()
  expect(measured.because).toMatch(/does not exist in \d+ of 2000 resamples/)
})

test('a metric of another task is no number of these rows', () => {
  expectNothing(measureMetric(good, 'rmse', at), 'regression models')
  expectNothing(measureMetric(regressionRows([1, 2], [1, 2]), 'f1', at), 'binary models')
})

test('an unknown metric is refused with the known ones', () => {
  expect(() => measureMetric(good, 'auc', at)).toThrow(/no metric auc.*roc_auc/)
  expect(() => measureMetric(good, '__proto__', at)).toThrow(RangeError)
  expect(() => measureMetric(good, 'constructor', at)).toThrow(RangeError)
  expect(findMetric('toString')).toBeUndefined()
})

test('rows that do not fit together are refused', () => {
  const other = scoredRows(half.toReversed(), [...(good.score ?? [])])
  expect(() => measureDifference({ candidate: good, incumbent: other }, 'accuracy', at)).toThrow('same rows')
  expect(() => measureMetric({ ...good, score: new Float64Array(3) }, 'roc_auc', at)).toThrow('differ in length')
  expect(() => measureMetric({ ...good, weight: new Float64Array(100).fill(-1) }, 'roc_auc', at)).toThrow('weight')
  expect(() => measureMetric({ ...good, weight: new Float64Array(100).fill(Number.NaN) }, 'f1', at)).toThrow('weight')
  expect(() => measureMetric(classedRows([0, 2], [0, 1]), 'f1', at)).toThrow('neither 0 nor 1')
  expect(() => measureMetric(good, 'f1', { confidence: 1 })).toThrow('confidence')
  expect(() => measureMetric(good, 'f1', { confidence: Number.NaN })).toThrow('confidence')
})

test('a perfect model is not taken for an infallible one', () => {
  const perfect = scoredRows(
    half,
    half.map((y) => 0.2 + 0.6 * y),
  )
  for (const name of ['accuracy', 'recall', 'precision', 'f1', 'balanced_accuracy', 'matthews_corrcoef', 'roc_auc']) {
    const { value, interval } = measureMetric(perfect, name, at)
    expect(value).toBe(1)
    expect(interval?.[0], name).toBeLessThan(1)
    expect(interval?.[0], name).toBeGreaterThan(0.85)
    expect(interval?.[1]).toBe(1)
  }
  expect(measureMetric(perfect, 'roc_auc', at).method).toBe('auc-bound')
  expect(measureMetric(perfect, 'average_precision', at)).toMatchObject({
    value: 1,
    interval: null,
    because: expect.stringMatching('spread cannot be seen'),
  })
})

test('where the spread of a difference cannot be seen, the interval reaches from end to end of the single ones', () => {
  const perfect = scoredRows(
    half,
    half.map((y) => 0.2 + 0.6 * y),
  )
  const constant = scoredRows(
    half,
    half.map(() => 0.4),
  )
  const { value, interval, p_value } = measureDifference({ candidate: perfect, incumbent: constant }, 'roc_auc', at)
  expect(value).toBe(0.5)
  expect(interval?.[0]).toBeLessThan(0.4)
  expect(interval?.[1]).toBeGreaterThan(0.55)
  expect(p_value).toBeNull()
})
