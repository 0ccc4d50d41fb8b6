import type { Estimate, Interval } from '../statistics/estimate.ts'
import { passChanceOfEqual, rowsThatDecide, smallestPassableMargin } from '../statistics/margin.ts'
import { criticalZ } from '../statistics/normal.ts'
import type { Finding } from './finding.ts'
import { countText, exactText, roundedUp } from './number-text.ts'

/** What a number rests on: so many of these, with this standard error. */
export interface Enough {
  /** The rule's denominator; null when it is not known or may not be told. */
  readonly n: number | null
  /** rows, positives, units, ... */
  readonly of: string
  readonly se: number | null
}

/** The standard error of an estimate, or the one that its interval would have if it were normal. */
export function standardError(estimate: Estimate, interval: Interval | null): number | null {
  if (typeof estimate.se === 'number' && Number.isFinite(estimate.se)) return estimate.se
  return interval && (interval[1] - interval[0]) / (2 * criticalZ(estimate.confidence))
}

interface Undecided extends Enough {
  readonly value: number
  readonly confidence: number
  readonly limit: number
  readonly side: 'min' | 'max'
}

/**
 * How many more rows (or positives, units ...) would decide 4 times of 5, if the value is the truth.
 *
 * @see rowsThatDecide
 * @returns null when the standard error or the number of rows is not known
 */
export function rowsToDecide(measure: Undecided): NonNullable<Finding['decides']> | null {
  const { n, se, value, limit, side, confidence, of } = measure
  if (n === null || se === null || n <= 0) return null
  const inside = side === 'min' ? value - limit : limit - value
  if (inside < 0) return { rows: null, of, because: `more ${of} would rather fail it` }
  const needed = inside === 0 ? Number.POSITIVE_INFINITY : rowsThatDecide(n, se, inside, confidence)
  if (needed === null || needed > 20 * n) {
    return { rows: null, of, because: `the value sits on the limit; more ${of} will not decide` }
  }
  const more = Math.max(1, Math.ceil(needed - n))
  return { rows: more, of, because: `${countText(more, `more ${of}`)} would decide it 4 times of 5` }
}

interface Comparison extends Enough {
  readonly value: number
  readonly confidence: number
  readonly margin: number
  readonly key: 'max_drop' | 'max_rise'
}

/**
 * How often an equally good model would pass a rule against the incumbent, and what margin or how many rows would do.
 *
 * @returns "500 rows: an equally good model passes this rule 20 times in 100; max_drop 0.015 would make it 79; or
 *   4,600 rows.", without the second half when it passes 4 times of 5 as it is; null when the error is not known
 */
export function chanceOfEqualText({ n, of, se, confidence, margin, key }: Comparison): string | null {
  if (n === null || se === null || se <= 0) return null
  const chance = passChanceOfEqual(margin, se, confidence)
  const first = `${countText(n, of)}: an equally good model passes this rule ${timesInHundred(chance)} times in 100`
  if (chance >= 0.8) return `${first}.`
  const enough = Number(smallestPassableMargin(se, confidence).toPrecision(2))
  const then = timesInHundred(passChanceOfEqual(enough, se, confidence))
  const rows = margin > 0 ? rowsThatDecide(n, se, margin, confidence) : null
  const orRows = rows === null || rows > 1000 * n ? '' : `; or ${countText(roundedUp(rows, 2), of)}`
  return `${first}; ${key} ${exactText(enough)} would make it ${then}${orRows}.`
}

function timesInHundred(chance: number): number {
  return Math.floor(Math.max(0, chance) * 100)
}
