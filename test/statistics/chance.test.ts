import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomial } from '../../src/statistics/binomial.ts'
import { chiSquaredTail } from '../../src/statistics/chi-squared-tail.ts'
import { multinomial } from '../../src/statistics/multinomial.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'

test('the generator gives the numbers its inventor published for seed 42, stream 54', () => {
  const generator = pcg32(42, 54)
  const first = Array.from({ length: 6 }, () => generator.next().toString(16))
  expect(first).toEqual(['a15c02b7', '7b47f409', 'ba1d3330', '83d2f293', 'bfa4784b', 'cbed606e'])
})

test('the same seed and stream repeat, another stream differs', () => {
  const draws = (stream: string | number) => {
    const generator = pcg32(0, stream)
    return Array.from({ length: 20 }, generator.uniform)
  }
  expect(draws('f1')).toEqual(draws('f1'))
  expect(draws('f1')).not.toEqual(draws('rmse'))
  expect(draws(2 ** 40)).not.toEqual(draws(0))
})

test('seeds that are no whole number are refused', () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 60]) expect(() => pcg32(seed, 0)).toThrow(RangeError)
  expect(() => pcg32(0, -1)).toThrow(RangeError)
})

test('whole numbers are spread evenly over their range', () => {
  const generator = pcg32(1, 'spread')
  const counts = new Float64Array(37)
  for (let i = 0; i < 37_000; i++) counts[generator.integer(37)]! += 1
  const statistic = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  expect(chiSquaredTail(statistic, 36)).toBeGreaterThan(0.001)
})

test.each([
  [12, 0.3],
  [200, 0.02],
  [60, 0.5],
  [60, 0.9],
  [1_000_000, 0.00004],
])('binomial draws of %d trials at %d follow the binomial distribution', (n, p) => {
  const generator = pcg32(7, `binomial ${n} ${p}`)
  const seen = new Map<number, number>()
  for (let i = 0; i < 20_000; i++) {
    const k = binomial(generator, n, p)
    seen.set(k, (seen.get(k) ?? 0) + 1)
  }
  const { statistic, cells } = againstBinomial(seen, n, p, 20_000)
  expect(cells).toBeGreaterThan(5)
  expect(chiSquaredTail(statistic, cells - 1)).toBeGreaterThan(0.001)
})

/** Chi-squared over the counts expected at least 10 times; the rest is one cell. */
function againstBinomial(seen: Map<number, number>, n: number, p: number, draws: number) {
  let statistic = 0
  let cells = 1
  let restSeen = draws
  let restExpected = draws
  let chance = Math.exp(n * Math.log1p(-p))
  for (let k = 0; k <= Math.min(n, 400); k++) {
    const expected = draws * chance
    if (expected >= 10) {
      const count = seen.get(k) ?? 0
      statistic += (count - expected) ** 2 / expected
      restSeen -= count
      restExpected -= expected
      cells += 1
    }
    chance *= ((p / (1 - p)) * (n - k)) / (k + 1)
  }
  return { statistic: statistic + (restSeen - restExpected) ** 2 / Math.max(restExpected, 1), cells }
}

test('a draw of a million trials has the right mean and spread', () => {
  const generator = pcg32(3, 'large')
  const draws = Array.from({ length: 4000 }, () => binomial(generator, 1_000_000, 0.37))
  const mean = draws.reduce((a, b) => a + b) / draws.length
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws.length - 1)
  const expected = 1_000_000 * 0.37 * 0.63
  expect(Math.abs(mean - 370_000)).toBeLessThan(4 * Math.sqrt(expected / 4000))
  expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000))
})

test('a resample keeps the number of rows and never fills an empty cell', () => {
  const table = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(table, fc.integer({ min: 0, max: 1000 }), (counts, seed) => {
      const drawn = multinomial(pcg32(seed, 'resample'), counts)
      expect(drawn.reduce((a, b) => a + b, 0)).toBe(counts.reduce((a, b) => a + b, 0))
      for (const [cell, count] of counts.entries()) {
        expect(Number.isInteger(drawn[cell]) && drawn[cell]! >= 0).toBe(true)
        if (count === 0) expect(drawn[cell]).toBe(0)
      }
    }),
  )
})

test('cells of a resample vary as the multinomial distribution says', () => {
  const counts = [5, 0, 20, 300, 75]
  const generator = pcg32(5, 'cells')
  const resamples = Array.from({ length: 5000 }, () => Array.from(multinomial(generator, counts)))
  for (const [cell, count] of counts.entries()) {
    const values = resamples.map((resample) => resample[cell]!)
    const mean = values.reduce((a, b) => a + b) / values.length
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
    const expected = count * (1 - count / 400)
    expect(Math.abs(mean - count)).toBeLessThanOrEqual(4 * Math.sqrt(expected / 5000))
    expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.1 * expected)
  }
})
