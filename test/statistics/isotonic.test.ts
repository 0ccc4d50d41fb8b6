import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isotonicMap, mapRising } from '../../src/statistics/isotonic.ts'
import { multivariateReference } from '../support/multivariate-reference.ts'

const { isotonic } = multivariateReference()

function example(weighted: boolean) {
  const rows = Array.from({ length: 200 }, (_, i) => ({
    score: ((i * 37) % 101) / 101,
    label: (i * i) % 7 < 3 + Math.floor(((i * 37) % 101) / 40) ? 1 : 0,
    weight: weighted ? i % 3 : 1,
  })).sort((a, b) => a.score - b.score)
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of)
  return isotonicMap(
    column((row) => row.score),
    column((row) => row.label),
    column((row) => row.weight),
  )
}

test.each(['plain', 'weighted'] as const)('isotonic calibration is that of scikit-learn, %s', (kind) => {
  const mapped = mapRising(example(kind === 'weighted'), Float64Array.from(isotonic.at))
  for (const [at, value] of mapped.entries()) expect(value).toBeCloseTo(isotonic[kind][at]!, 10)
})

const rows = fc.array(
  fc.record({
    score: fc.integer({ min: 0, max: 20 }),
    label: fc.constantFrom(0, 1),
    weight: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 1, maxLength: 40 },
)

test('a calibrated score never falls, stays between 0 and 1, and keeps the mean of what happened', () => {
  fc.assert(
    fc.property(rows, (some) => {
      const sorted = [...some].sort((a, b) => a.score - b.score)
      const [score, label, weight] = (['score', 'label', 'weight'] as const).map((key) =>
        Float64Array.from(sorted, (row) => row[key]),
      ) as [Float64Array, Float64Array, Float64Array]
      fc.pre(weight.some((one) => one > 0))
      const mapped = mapRising(isotonicMap(score, label, weight), score)
      const mean = (values: Float64Array) => values.reduce((sum, value, row) => sum + value * weight[row]!, 0)
      expect(mapped.every((value, row) => value >= (mapped[row - 1] ?? 0) - 1e-12 && value <= 1)).toBe(true)
      expect(mean(mapped)).toBeCloseTo(mean(label), 9)
    }),
  )
})

test('a row of weight 0 leaves no trace, wherever it stands among equal scores', () => {
  const labels = Float64Array.of(1, 0, 0, 1, 1)
  const scores = Float64Array.of(1, 2, 2, 2, 3)
  const kept = isotonicMap(Float64Array.of(1, 2, 3), Float64Array.of(1, 0, 1))
  expect(isotonicMap(scores, labels, Float64Array.of(1, 1, 0, 0, 1))).toEqual(kept)
})

test('scores that fall are refused: the map would be of other rows', () => {
  expect(() => isotonicMap(Float64Array.of(2, 1), Float64Array.of(0, 1))).toThrow('the scores fall')
  expect(() => isotonicMap(new Float64Array(0), new Float64Array(0))).toThrow('no row counts')
})
