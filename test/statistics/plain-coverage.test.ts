import { expect, test } from 'vitest'
import type { Interval } from '../../src/statistics/estimate.ts'
import { answerInquiry } from '../../src/statistics/inquiry.ts'
import { permutationImportance } from '../../src/statistics/permutation-importance.ts'
import { percentileOfCalls, ratioOfCalls } from '../../src/statistics/timed-rounds.ts'
import { measureUnitDifference, measureUnits } from '../../src/statistics/units.ts'
import { welch } from '../../src/statistics/welch.ts'
import { codesOfPool, modelOver } from './composed-models.ts'
import { bands, Coverage } from './coverage.ts'
import { DEEP, type Draws, drawsFor } from './draws.ts'

const at = { confidence: 0.95 }
const skewed = (draws: Draws, mean: number, rows: number) =>
  Float64Array.from({ length: rows }, () => -mean * Math.log1p(-draws.uniform()))

/** What is measured on so many units: name, interval, truth. */
type Shown = readonly (readonly [name: string, interval: Interval | null | undefined, truth: number])[]

/** Scores of queries: their mean, and how it differs from that of a version that sees much of the same. */
function units(draws: Draws, rows: number): Shown {
  const both = skewed(draws, 1, rows)
  const other = both.map((value) => value + draws.normal() - 0.2)
  const { interval } = measureUnitDifference(both, other, at)
  return [
    ['mean of units', measureUnits(both, at).interval, 1],
    ['difference of units', interval, 0.2],
  ]
}

function moments(values: Float64Array) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  return {
    rows: values.length,
    mean,
    variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1),
  }
}

/** The mean loss of a slice, a fifth of the rows, against that of the rest. */
function slices(draws: Draws, rows: number): Shown {
  const [slice, rest] = [skewed(draws, 1.5, rows / 5), skewed(draws, 1, (rows * 4) / 5)]
  return [['slice against the rest', welch(moments(slice), moments(rest), 0.95), 0.5]]
}

/** Calls in rounds of ten: their median, and two models of which one takes 1.2 times as long. */
function calls(draws: Draws, count: number): Shown {
  const rounds = (slower: number, disturbed: readonly number[]) =>
    disturbed.map((by) => skewed(draws, 0.3, 10).map((ms) => slower * by * (1 + ms)))
  const quiet = Array<number>(count / 10).fill(1)
  const busy = Array.from({ length: count }, () => (draws.chance(0.1) === 1 ? 2 : 1))
  const [candidate, incumbent] = [rounds(1.2, busy), rounds(1, busy)]
  return [
    ['median of calls', percentileOfCalls(rounds(1, quiet), 0.5, 0.95).interval, 1 + 0.3 * Math.LN2],
    ['ratio of medians', ratioOfCalls({ candidate, incumbent }, 0.5, 0.95).interval, 1.2],
  ]
}

/** Importance over 20 repeats of so many rows: how sure the mean over all permutations is, which can be worked out. */
function importance(draws: Draws, rows: number): Shown {
  const pool = Array.from({ length: rows }, () => [draws.normal()])
  const label = pool.map(([x]) => x! + draws.normal() / 2)
  const squared = (scores: Float64Array) => scores.reduce((sum, x, row) => sum + (x - label[row]!) ** 2, 0) / rows
  const { score } = modelOver(pool, ([x]) => x!)
  const seed = Math.floor(draws.uniform() * 1e6)
  const ask = { columns: ['x'], codes: codesOfPool(pool), metric: squared, better: 'lower' as const, repeats: 20, seed }
  const { columns, baseline } = answerInquiry(permutationImportance(ask), score)
  // over all permutations each row is given each value equally often
  const given = pool.reduce((sum, [x]) => sum + squared(new Float64Array(rows).fill(x!)), 0) / rows
  return [['importance', columns[0]!.interval, given - baseline!]]
}

/** Steps of ranks and tails that are never exceeded: an interval of a quantile is exact or wider. */
const known = (name: string) => (name === 'median of calls' ? ([0.93, 0.99] as const) : undefined)

test.each([
  ['scores of units', units, { short: 200, long: 1000, isCheap: true }],
  ['slices', slices, { short: 200, long: 1000, isCheap: true }],
  ['importance', importance, { short: 40, long: 1000 }],
  ['calls', calls, { short: 15, long: 1000 }],
] as const)(
  'intervals of %s hold the truth 90 to 99 times in 100 on 50 of them, 93 to 97 on 500',
  (what, measure, repeats) => {
    for (const band of bands(repeats)) {
      const draws = drawsFor(`coverage of ${what} ${band.units}`)
      const found = new Coverage()
      for (let repeat = 0; repeat < band.repeats; repeat++)
        for (const [name, interval, truth] of measure(draws, band.units)) found.add(name, { interval }, truth)
      if (DEEP) console.info(`${what} at ${band.units}: ${found}`)
      expect.soft(found.outside(band, known), `at ${band.units}`).toEqual([])
    }
  },
  3_600_000,
)
