import { expect, test } from 'vitest'
import { aucDifference, aucWithInterval } from '../../src/statistics/delong.ts'
import type { Interval } from '../../src/statistics/estimate.ts'
import { meanWithInterval } from '../../src/statistics/mean-interval.ts'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { multinomial } from '../../src/statistics/multinomial.ts'
import { newcombePaired } from '../../src/statistics/newcombe-paired.ts'
import { normalCdf, normalQuantile } from '../../src/statistics/normal.ts'
import { wilson } from '../../src/statistics/wilson.ts'
import { DEEP, type Draws, distanceFromUniform, drawsFor, shareOf } from './draws.ts'
import { classedRows } from './predictions.ts'

const REPEATS = DEEP ? 10_000 : 1000

function holds(interval: Interval | null | undefined, truth: number): boolean {
  return interval !== null && interval !== undefined && interval[0] <= truth && truth <= interval[1]
}

/** Scores of two versions with areas of exactly `auc` each, alike in most of what they see. */
function twoScores(draws: Draws, rows: number, auc: readonly [number, number]) {
  const shift = auc.map((area) => Math.SQRT2 * normalQuantile(area))
  const label = Uint8Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 1 : 0))
  const shared = Float64Array.from(label, () => draws.normal() * Math.sqrt(0.7))
  const scores = shift.map((by) => shared.map((x, row) => x + draws.normal() * Math.sqrt(0.3) + by * label[row]!))
  return { label, first: scores[0]!, second: scores[1]! }
}

function pairedCounts(draws: Draws, shares: readonly number[], rows: number) {
  const [both, onlyFirst, onlySecond, neither] = multinomial(draws, shares, new Float64Array(4), rows)
  return { both: both!, onlyFirst: onlyFirst!, onlySecond: onlySecond!, neither: neither! }
}

test('a version whose accuracy truly drops by more than allowed passes at most 6 times in 100', () => {
  const draws = drawsFor('accuracy at the margin')
  for (const rows of [200, 500, 2000]) {
    // the candidate is right on 85 %, the incumbent on 87 %: exactly at max_drop 0.02
    const passed = shareOf(2000, () => newcombePaired(pairedCounts(draws, [81, 4, 6, 9], rows), 0.9)[0] >= -0.02)
    expect(passed, `${rows} rows`).toBeLessThanOrEqual(0.06)
    expect(passed, `${rows} rows`).toBeGreaterThan(0.01)
  }
})

test('a version whose AUC truly drops by more than allowed passes at most 6 times in 100', () => {
  const draws = drawsFor('roc_auc at the margin')
  const passed = shareOf(2000, () => {
    const { label, first, second } = twoScores(draws, 500, [0.84, 0.85])
    return aucDifference(label, first, second, 0.9).interval[0] >= -0.01
  })
  expect(passed).toBeLessThanOrEqual(0.06)
  expect(passed).toBeGreaterThan(0.03)
})

test.each([
  [30, 98.7],
  [121, 95.4],
  [500, 94.9],
])('the paired interval of %i rows holds the true difference %d times in 100', (rows, expected) => {
  const draws = drawsFor(`newcombe-paired at ${rows}`)
  const covered = shareOf(DEEP ? 100_000 : 10_000, () =>
    holds(newcombePaired(pairedCounts(draws, [80, 6, 5, 9], rows), 0.95), 0.01),
  )
  expect(Math.abs(100 * covered - expected)).toBeLessThan(1.5)
})

test('intervals of 500 rows hold the truth 93 to 97 times in 100', () => {
  const draws = drawsFor('coverage at 500')
  const covered = {
    wilson: shareOf(REPEATS, () =>
      holds(wilson(multinomial(draws, [85, 15], new Float64Array(2), 500)[0]!, 500, 0.95), 0.85),
    ),
    t: shareOf(REPEATS, () =>
      holds(
        meanWithInterval(
          Float64Array.from({ length: 500 }, () => -Math.log1p(-draws.uniform())),
          0.95,
        )?.interval,
        1,
      ),
    ),
    delong: shareOf(REPEATS, () => {
      const { label, first } = twoScores(draws, 500, [0.85, 0.85])
      return holds(aucWithInterval(label, first, 0.95).interval, 0.85)
    }),
    difference: shareOf(REPEATS, () => {
      const { label, first, second } = twoScores(draws, 500, [0.84, 0.85])
      return holds(aucDifference(label, first, second, 0.95).interval, -0.01)
    }),
  }
  for (const [method, share] of Object.entries(covered)) {
    expect(share, method).toBeGreaterThanOrEqual(0.93)
    expect(share, method).toBeLessThanOrEqual(0.97)
  }
})

test('intervals of 50 rows hold the truth 90 to 99 times in 100', () => {
  const draws = drawsFor('coverage at 50')
  const covered = {
    wilson: shareOf(REPEATS, () =>
      holds(wilson(multinomial(draws, [85, 15], new Float64Array(2), 50)[0]!, 50, 0.95), 0.85),
    ),
    t: shareOf(REPEATS, () =>
      holds(
        meanWithInterval(
          Float64Array.from({ length: 50 }, () => -Math.log1p(-draws.uniform())),
          0.95,
        )?.interval,
        1,
      ),
    ),
    delong: shareOf(REPEATS, () => {
      const { label, first } = twoScores(draws, 50, [0.85, 0.85])
      return holds(aucWithInterval(label, first, 0.95).interval, 0.85)
    }),
  }
  for (const [method, share] of Object.entries(covered)) {
    expect(share, method).toBeGreaterThanOrEqual(0.9)
    expect(share, method).toBeLessThanOrEqual(0.99)
  }
})

test('the bootstrap of f1 on 500 rows holds the truth 93 to 97 times in 100, alone and in pairs', () => {
  const draws = drawsFor('f1 at 500')
  // positive rows are found by both, first, second or neither version; negative rows are taken for positive likewise
  const shares = [18, 3, 2, 7, 4, 2, 3, 61]
  const truth = [(2 * 21) / (2 * 21 + 6 + 9), (2 * 20) / (2 * 20 + 7 + 10)] as const
  const repeats = DEEP ? 2000 : 400
  let alone = 0
  let paired = 0
  for (let repeat = 0; repeat < repeats; repeat++) {
    const { candidate, incumbent } = classedPair(multinomial(draws, shares, new Float64Array(8), 500))
    if (holds(measureMetric(candidate, 'f1', { confidence: 0.95 }).interval, truth[0])) alone += 1
    if (holds(measureDifference({ candidate, incumbent }, 'f1', { confidence: 0.95 }).interval, truth[0] - truth[1]))
      paired += 1
  }
  for (const covered of [alone, paired]) {
    expect(covered / repeats).toBeGreaterThanOrEqual(0.93)
    expect(covered / repeats).toBeLessThanOrEqual(0.97)
  }
})

function classedPair(counts: Float64Array) {
  const rows = [...counts].flatMap((count, cell) => Array<number>(count).fill(cell))
  const label = rows.map((cell) => (cell < 4 ? 1 : 0))
  const saysYes = (cells: readonly number[]) => rows.map((cell) => (cells.includes(cell % 4) ? 1 : 0))
  return { candidate: classedRows(label, saysYes([0, 1])), incumbent: classedRows(label, saysYes([0, 2])) }
}

test('two versions that are equally good are called different 3 to 7 times in 100, by p-values spread evenly', () => {
  const draws = drawsFor('equal versions')
  const p = { delong: [] as number[], t: [] as number[] }
  for (let repeat = 0; repeat < 2000; repeat++) {
    const { label, first, second } = twoScores(draws, 300, [0.8, 0.8])
    p.delong.push(aucDifference(label, first, second, 0.95).p_value ?? Number.NaN)
    p.t.push(
      meanWithInterval(
        first.map((x, row) => Math.abs(x) - Math.abs(second[row]!)),
        0.95,
      )?.p_value ?? Number.NaN,
    )
  }
  for (const [method, values] of Object.entries(p)) {
    const rejected = values.filter((value) => value < 0.05).length / values.length
    expect(rejected, method).toBeGreaterThanOrEqual(0.03)
    expect(rejected, method).toBeLessThanOrEqual(0.07)
    expect(distanceFromUniform(values), method).toBeLessThan(1.63)
  }
})

test.each([100, 500])('McNemar exact on %i rows calls equal versions different at most 7 times in 100', (rows) => {
  const draws = drawsFor(`mcnemar at ${rows}`)
  const rejected = shareOf(REPEATS, () => {
    const { both, onlyFirst, onlySecond, neither } = pairedCounts(draws, [80, 5, 5, 10], rows)
    const label = Array<number>(rows).fill(1)
    const yes = (...parts: [number, 0 | 1][]) => parts.flatMap(([count, said]) => Array<number>(count).fill(said))
    const candidate = classedRows(label, yes([both, 1], [onlyFirst, 1], [onlySecond, 0], [neither, 0]))
    const incumbent = classedRows(label, yes([both, 1], [onlyFirst, 0], [onlySecond, 1], [neither, 0]))
    return (measureDifference({ candidate, incumbent }, 'accuracy', { confidence: 0.95 }).p_value ?? 0) < 0.05
  })
  expect(rejected).toBeLessThanOrEqual(0.07)
  expect(rejected).toBeGreaterThan(0.005)
})

test('an AUC of exactly 1 on few rows keeps the truth inside its interval', () => {
  const draws = drawsFor('perfect by luck')
  const shift = Math.SQRT2 * normalQuantile(0.97)
  const covered = shareOf(REPEATS, () => {
    const label = Uint8Array.from({ length: 40 }, (_, row) => row % 2)
    const score = Float64Array.from(label, (y) => draws.normal() + shift * y)
    const { method, interval } = aucWithInterval(label, score, 0.9)
    return method !== 'auc-bound' || holds(interval, normalCdf(shift / Math.SQRT2))
  })
  expect(covered).toBeGreaterThanOrEqual(0.99)
})
