import type { Interval } from './estimate.ts'
import { wilson } from './wilson.ts'

/** Rows by whether each of two versions had a success on them. */
export interface PairedCounts {
  readonly both: number
  readonly onlyFirst: number
  readonly onlySecond: number
  readonly neither: number
}

/**
 * The interval of the difference of two shares of the same rows, first - second.
 *
 * Joins the two Wilson intervals by square-and-add, less what the correlation of the pairs explains.
 *
 * @param counts      1 or more rows
 * @param confidence  two-sided level, 0 to 1
 * @returns within -1 to 1, around the difference
 * @throws {RangeError} when counts or level are out of range
 * @see Newcombe, Statistics in Medicine 17 (1998) 2635-2650, method 10
 * @example newcombePaired({both: 36, onlyFirst: 12, onlySecond: 2, neither: 0}, 0.95) // => [0.0569, 0.3404]
 */
export function newcombePaired(counts: PairedCounts, confidence: number): Interval {
  const { both, onlyFirst, onlySecond, neither } = counts
  const n = both + onlyFirst + onlySecond + neither
  const first = (both + onlyFirst) / n
  const second = (both + onlySecond) / n
  const [low1, high1] = wilson(both + onlyFirst, n, confidence)
  const [low2, high2] = wilson(both + onlySecond, n, confidence)
  const difference = (onlyFirst - onlySecond) / n
  const phi = correlation(counts, n)
  const down = joined(first - low1, high2 - second, phi)
  const up = joined(high1 - first, second - low2, phi)
  return [Math.max(-1, difference - down), Math.min(1, difference + up)]
}

function joined(a: number, b: number, phi: number): number {
  return Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
}

/** Phi of the fourfold table, drawn towards 0 by half a row where it is positive. */
function correlation({ both, onlyFirst, onlySecond, neither }: PairedCounts, n: number): number {
  const margins =
    Math.sqrt(both + onlyFirst) *
    Math.sqrt(onlySecond + neither) *
    Math.sqrt(both + onlySecond) *
    Math.sqrt(onlyFirst + neither)
  if (margins === 0) return 0
  const product = both * neither - onlyFirst * onlySecond
  return (product > 0 ? Math.max(product - n / 2, 0) : product) / margins
}
