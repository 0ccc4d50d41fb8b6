import type { Interval } from './estimate.ts'
import { wilson } from './wilson.ts'

/**
 * The interval of the difference of two independent shares, x1/n1 - x2/n2.
 *
 * Joins the two Wilson intervals by the square-and-add rule.
 *
 * @param x1, x2      successes, 0 to n1 and n2
 * @param n1, n2      1 or more
 * @param confidence  two-sided level, 0 to 1
 * @returns within -1 to 1, around the difference
 * @throws {RangeError} when counts or level are out of range
 * @see Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10
 * @example newcombe(56, 70, 48, 80, 0.95) // => [0.0524, 0.3339]
 */
export function newcombe(x1: number, n1: number, x2: number, n2: number, confidence: number): Interval {
  const [low1, high1] = wilson(x1, n1, confidence)
  const [low2, high2] = wilson(x2, n2, confidence)
  const p1 = x1 / n1
  const p2 = x2 / n2
  return [p1 - p2 - Math.hypot(p1 - low1, high2 - p2), p1 - p2 + Math.hypot(high1 - p1, p2 - low2)]
}
