import { describe, expect, test } from 'vitest'
import { metricsDocument } from '../../src/measuring/measured-metrics.ts'
import type { Estimate } from '../../src/statistics/estimate.ts'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { normalQuantile } from '../../src/statistics/normal.ts'
import type { BinaryRows } from '../../src/statistics/scored-rows.ts'
import { measureUnits } from '../../src/statistics/units.ts'
import { multiclassRows, regressionRows, scoredRows } from './predictions.ts'

const at = { confidence: 0.95 }
const LEVEL = 'times in 100'

/** The one warning of an estimate that speaks of few rows. */
function few({ warnings = [] }: Estimate): string | null {
  return warnings.find(({ code }) => code === 'few_rows')?.message ?? null
}

/** n rows, the first of them positive, whose scores overlap. */
function binary(positives: number, negatives: number, more: Partial<BinaryRows> = {}): BinaryRows {
  const scores = (rows: number, high: number) =>
    Array.from({ length: rows }, (_, row) => 1 / (1 + Math.exp(-(high + normalQuantile((row + 0.5) / rows)))))
  const label = [...Array<number>(positives).fill(1), ...Array<number>(negatives).fill(0)]
  return { ...scoredRows(label, [...scores(positives, 0.7), ...scores(negatives, -0.7)]), ...more }
}

/** n numbers, all missed by 1 but one, which is missed by much more. */
function numbers(rows: number, worst: number, more: object = {}) {
  const label = Array.from({ length: rows }, (_, row) => row)
  return {
    ...regressionRows(
      label,
      label.map((y, row) => y + (row === 0 ? worst : 1 + (row % 5) / 10)),
    ),
    ...more,
  }
}

describe('an interval that is known not to hold its level on so few rows says so', () => {
  test('a mean of skewed losses, and how many rows would do: 25 times the square of the skewness (Cochran)', () => {
    const said = few(measureMetric(numbers(50, 30), 'mae', at))

    // one of 50 stands out: a skewness of (n - 2) / sqrt(n - 1), nearly
    expect(said).toMatch(
      /^mae: the losses are skewed \(skewness 6\.8\) over 50 rows, .* 85 to 92 times in 100; about 1\d{3} rows would do$/,
    )
    expect(few(measureMetric(numbers(50, 1.2), 'mae', at))).toBeNull()
  })

  test('the losses of units are theirs, so rows of few skewed units do not hide behind their number', () => {
    const unit = Int32Array.from({ length: 120 }, (_, row) => Math.floor(row / 4))

    const said = few(measureMetric(numbers(120, 100, { unit }), 'mae', at))

    expect(said).toContain('over 30 units')
  })

  test('a paired difference of losses by its own skewness, and a version against itself never', () => {
    const [candidate, incumbent] = [numbers(50, 30), numbers(50, 1.2)]

    expect(few(measureDifference({ candidate, incumbent }, 'mae', at))).toContain('skewness')
    expect(few(measureDifference({ candidate, incumbent: candidate }, 'mae', at))).toBeNull()
  })

  test('a mean of units that is carried by one of them', () => {
    const values = Float64Array.from({ length: 40 }, (_, unit) => (unit === 0 ? 100 : (unit % 7) / 7))

    expect(few(measureUnits(values, at))).toMatch(/skewed .* over 40 units/)
    expect(
      few(
        measureUnits(
          values.map((value) => Math.min(value, 1)),
          at,
        ),
      ),
    ).toBeNull()
  })

  test('average precision with nine positives, and not with ten', () => {
    expect(few(measureMetric(binary(9, 200), 'average_precision', at))).toBe(
      `average_precision: the rarest class has 9 rows, and 95 % intervals of such rows held the truth 82 to 92 ${LEVEL}; 10 rows of each class would do`,
    )
    expect(few(measureMetric(binary(10, 200), 'average_precision', at))).toBeNull()
  })

  test('an area by DeLong with three positives: with four to nine, Student holds it, and it says that it is by t', () => {
    expect(few(measureMetric(binary(3, 60), 'roc_auc', at))).toContain('the rarest class has 3 rows')
    expect(few(measureMetric(binary(4, 60), 'roc_auc', at))).toBeNull()
    expect(measureMetric(binary(60, 9, {}), 'roc_auc', at).method).toMatch(/delong-(t|logit)/)
    expect(measureMetric(binary(60, 60), 'roc_auc', at).method).toBe('delong')
  })

  test('areas of three classes of which one has nine rows', () => {
    const rows = (third: number) => {
      const label = [...Array<number>(40).fill(0), ...Array<number>(40).fill(1), ...Array<number>(third).fill(2)]
      const noise = (row: number) => ((row * 7919) % 101) / 150
      const said = label.map((y, row) =>
        [0, 1, 2].map((index) => 0.2 + noise(row + 31 * index) + (index === y ? 0.3 : 0)),
      )
      return multiclassRows(
        3,
        label,
        said.map((line) => line.map((p) => p / line.reduce((sum, one) => sum + one, 0))),
      )
    }

    expect(few(measureMetric(rows(9), 'roc_auc_ovr_macro', at))).toContain('the rarest class has 9 rows')
    expect(few(measureMetric(rows(10), 'roc_auc_ovr_macro', at))).toBeNull()
  })

  test('r2 under 200 rows, or under 200 that count alike', () => {
    const weight = Float64Array.from({ length: 250 }, (_, row) => (row % 5 === 0 ? 10 : 0.1))

    expect(few(measureMetric(numbers(199, 3), 'r2', at))).toContain('it rests on 199 rows')
    expect(few(measureMetric(numbers(200, 3), 'r2', at))).toBeNull()
    expect(few(measureMetric(numbers(250, 3, { weight }), 'r2', at))).toContain('it rests on 54 effective rows')
  })

  test('a difference of calibration errors of which one is within chance, on however many rows', () => {
    // both are calibrated, so what is measured is noise alone
    const label = Array.from({ length: 600 }, (_, row) =>
      ((row * 7919) % 601) / 601 < ((row * 31) % 100) / 100 ? 1 : 0,
    )
    const said = (by: number) =>
      scoredRows(
        label,
        label.map((_, row) => Math.min(1, ((row * 31) % 100) / 100 + by)),
      )

    const calibrated = measureDifference(
      { candidate: said(0), incumbent: said(0.001) },
      'expected_calibration_error',
      at,
    )
    const off = scoredRows(
      label,
      label.map((y) => (y === 1 ? 0.6 : 0.2)),
    )
    const far = scoredRows(
      label,
      label.map((y) => (y === 1 ? 0.65 : 0.3)),
    )

    expect(few(calibrated)).toContain('no more than that of a perfectly calibrated model by chance')
    expect(few(measureDifference({ candidate: off, incumbent: far }, 'expected_calibration_error', at))).toBeNull()
  })
})

test('shares by Wilson and counts smoothed for few rows hold their level, and do not warn', () => {
  const rows = binary(12, 40)

  for (const name of ['accuracy', 'recall', 'precision', 'f1', 'matthews_corrcoef', 'balanced_accuracy'])
    expect(few(measureMetric(rows, name, at)), name).toBeNull()
})

test('metrics lists the warning with the name of its metric, beside an interval that stands', () => {
  const told = { engine: 'test', confidence: 0.95, threshold: 0.5, positive: 1, weights: null, unit: null, where: null }
  const dropped = { label_null: 0, score_null: 0, where_out: 0 }
  const columns = { columns: new Map(), id: null }

  const { metrics, warnings } = metricsDocument({
    ...{ rows: binary(5, 45), spoiled: null, columns, warnings: [] },
    told: { ...told, dropped },
  })

  const named = warnings.filter(({ code }) => code === 'few_rows').map(({ metric }) => metric)
  expect(named).toContain('average_precision')
  expect(metrics.average_precision?.interval).not.toBeNull()
})
