import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calibrationBins, rocCurve } from '../../src/statistics/curves.ts'
import { measureMetric } from '../../src/statistics/measure.ts'
import { binaryPredictions, classedRows, scoredRows } from './predictions.ts'

function areaUnder(curve: readonly (readonly [number, number])[]): number {
  return curve.slice(1).reduce((area, [x, y], place) => area + ((x - curve[place]![0]) * (y + curve[place]![1])) / 2, 0)
}

test('a small ROC curve has a point for every score', () => {
  expect(rocCurve(scoredRows([0, 1, 0, 1], [0.1, 0.9, 0.6, 0.6]))).toEqual([
    [0, 0],
    [0, 0.5],
    [0.5, 1],
    [1, 1],
  ])
})

test('a large ROC curve is thinned to 101 points that enclose nearly the same area', async () => {
  for (const dataset of ['adult', 'compas', 'elec2']) {
    const rows = await binaryPredictions(dataset, '1.1.0')
    const curve = rocCurve(rows) ?? []
    expect(curve.length).toBeGreaterThan(50)
    expect(curve.length).toBeLessThanOrEqual(101)
    expect(curve[0]).toEqual([0, 0])
    expect(curve.at(-1)).toEqual([1, 1])
    expect(Math.abs(areaUnder(curve) - (measureMetric(rows, 'roc_auc', { confidence: 0.9 }).value ?? 0))).toBeLessThan(
      0.002,
    )
  }
})

test('a ROC curve never falls and never has more than 101 points', () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 500 }), (rows) => {
      const curve = rocCurve(
        scoredRows(
          rows.map(([y]) => y),
          rows.map(([, p]) => p),
        ),
      )
      expect(curve === null).toBe(new Set(rows.map(([y]) => y)).size === 1)
      if (curve === null) return
      expect(curve.length).toBeLessThanOrEqual(101)
      expect(curve.at(-1)).toEqual([1, 1])
      for (const [place, [x, y]] of curve.slice(1).entries())
        expect(x >= curve[place]![0] && y >= curve[place]![1]).toBe(true)
    }),
  )
})

test('without scores or with one class there is no curve', () => {
  expect(rocCurve(classedRows([0, 1], [0, 1]))).toBeNull()
  expect(rocCurve(scoredRows([1, 1], [0.2, 0.4]))).toBeNull()
  expect(rocCurve(scoredRows([], []))).toBeNull()
  expect(calibrationBins(classedRows([0, 1], [0, 1]), 10)).toEqual([])
})

test('a score on an edge belongs to the bin below it, and 0 to the first', () => {
  const bins = calibrationBins(scoredRows([0, 1, 1, 0, 1], [0, 0.5, 0.5, 0.75, 1]), 2)
  expect(bins).toEqual([
    { mean_score: 1 / 3, mean_label: 2 / 3, rows: 3 },
    { mean_score: 0.875, mean_label: 0.5, rows: 2 },
  ])
})

test('the bins of a diagram add up to the expected calibration error', async () => {
  const rows = await binaryPredictions('adult', '1.0.0')
  const error = calibrationBins(rows, 10).reduce(
    (sum, bin) => sum + (bin.rows / 8000) * Math.abs(bin.mean_label - bin.mean_score),
    0,
  )
  expect(error).toBeCloseTo(measureMetric(rows, 'expected_calibration_error', { confidence: 0.9 }).value ?? -1, 12)
})
