import { walkSamples } from './sample-walk.ts'

/**
 * The largest distance between two samples' distribution functions, and how surprising it is.
 *
 * Walks both samples once; ties are stepped over together. The p-value is the limit for many rows,
 * which is cautious for few rows and for ties.
 *
 * @param reference  n >= 1 finite numbers, ascending
 * @param current    m >= 1 finite numbers, ascending
 * @returns statistic D, 0 to 1, and the two-sided p-value
 * @throws {RangeError} when a sample is empty
 * @see Smirnov (1939); R ks.test(exact = FALSE)
 * @example kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]) // => { statistic: 0.5, p_value: 0.6993742 }
 */
export function kolmogorovSmirnov(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): { readonly statistic: number; readonly p_value: number } {
  const { distance } = walkSamples(reference, current)
  return { statistic: distance, p_value: distanceByChance(distance, reference.length, current.length) }
}

/**
 * How often two samples of one law are at least this far apart, in the limit for many rows.
 *
 * @param distance  D, 0 to 1
 * @param n, m      rows of each sample, 1 or more
 * @example distanceByChance(0.5, 4, 4) // => 0.6993742
 */
export function distanceByChance(distance: number, n: number, m: number): number {
  return kolmogorovTail(Math.sqrt((n * m) / (n + m)) * distance)
}

/**
 * The chance that Kolmogorov's limit distribution exceeds x.
 *
 * The alternating series for large x, its theta-function twin for small x; each needs few terms where it is used.
 *
 * @param x  0 or more
 * @returns 0 to 1
 * @throws {RangeError} when x is NaN
 * @example kolmogorovTail(1.3580986) // => 0.05000001068
 */
export function kolmogorovTail(x: number): number {
  if (Number.isNaN(x)) throw new RangeError('kolmogorovTail: x is not a number')
  if (x < 0.04) return 1
  if (x < 1.18) {
    const unit = Math.exp(-(Math.PI ** 2) / (8 * x * x))
    return 1 - (Math.sqrt(2 * Math.PI) / x) * (unit + unit ** 9 + unit ** 25 + unit ** 49)
  }
  const unit = Math.exp(-2 * x * x)
  return 2 * (unit - unit ** 4 + unit ** 9 - unit ** 16)
}

/**
 * The smallest D that two samples of these sizes could show at a level: what a test of these rows can see at all.
 *
 * Inverts the first term of the tail, D = sqrt(-ln(alpha / 2) / 2) sqrt(1/n + 1/m).
 *
 * @param n, m   rows of each sample, 1 or more
 * @param alpha  level of the test, 0 to 1
 * @returns over 1 when no D would do
 * @example smallestSignificantD(5000, 500, 0.05) // => 0.06370
 */
export function smallestSignificantD(n: number, m: number, alpha: number): number {
  return Math.sqrt(-Math.log(alpha / 2) / 2) * Math.sqrt(1 / n + 1 / m)
}
