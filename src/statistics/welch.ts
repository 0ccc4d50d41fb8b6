import type { Interval } from './estimate.ts'
import { studentQuantile } from './student.ts'

/** Mean and variance (divided by rows - 1) of at least two numbers. */
export interface Moments {
  readonly rows: number
  readonly mean: number
  readonly variance: number
}

/**
 * The interval of the difference of two independent means, a - b, with unequal variances.
 *
 * Student's t with Welch's degrees of freedom.
 *
 * @param a, b        2 rows or more each
 * @param confidence  two-sided level, 0 to 1
 * @returns both ends the difference itself when nothing varies
 * @throws {RangeError} when a sample has fewer than two rows, or the level is out of range
 * @see Welch (1947); scipy.stats.ttest_ind(equal_var=False)
 * @example welch({ rows: 10, mean: 5, variance: 4 }, { rows: 20, mean: 3, variance: 9 }, 0.95) // => [0.1027, 3.8973]
 */
export function welch(a: Moments, b: Moments, confidence: number): Interval {
  if (!(a.rows > 1 && b.rows > 1)) throw new RangeError('welch: a sample has fewer than two rows')
  const [squaredA, squaredB] = [a.variance / a.rows, b.variance / b.rows]
  const squared = squaredA + squaredB
  const difference = a.mean - b.mean
  if (squared === 0) return [difference, difference]
  const freedom = squared ** 2 / (squaredA ** 2 / (a.rows - 1) + squaredB ** 2 / (b.rows - 1))
  const reach = studentQuantile((1 + confidence) / 2, freedom) * Math.sqrt(squared)
  return [difference - reach, difference + reach]
}
