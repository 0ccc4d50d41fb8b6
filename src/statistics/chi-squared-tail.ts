import { logGamma, upperGamma } from './gamma.ts'
import { normalQuantile } from './normal.ts'
import { risingRoot } from './rising-root.ts'

/**
 * The chance that a chi-squared number is at least x: the survival function.
 *
 * @param x   0 or more (less counts as 0)
 * @param df  degrees of freedom, over 0
 * @returns 0 to 1, relative error about 1e-12 far into the tail
 * @throws {RangeError} when x is NaN or df is not over 0
 * @example chiSquaredTail(3.841458820694124, 1) // => 0.05
 */
export function chiSquaredTail(x: number, df: number): number {
  if (Number.isNaN(x)) throw new RangeError('chiSquaredTail: x is not a number')
  requireDegrees(df)
  return upperGamma(df / 2, x / 2)
}

/**
 * The point below which a share p of the chi-squared distribution lies.
 *
 * @param p   0 <= p < 1
 * @param df  degrees of freedom, over 0
 * @throws {RangeError} when p or df is out of range
 * @example chiSquaredQuantile(0.95, 1) // => 3.841458820694124
 */
export function chiSquaredQuantile(p: number, df: number): number {
  requireDegrees(df)
  if (!(p >= 0 && p < 1)) throw new RangeError(`chiSquaredQuantile: p is ${p}, it must be at least 0 and under 1`)
  if (p === 0) return 0
  const missing = (x: number) => 1 - p - chiSquaredTail(x, df)
  let high = df + 1
  while (missing(high) < 0) high *= 2
  const ninths = 2 / (9 * df)
  const start = df * (1 - ninths + normalQuantile(p) * Math.sqrt(ninths)) ** 3
  return risingRoot(missing, (x) => density(x, df), [0, high], start)
}

function density(x: number, df: number): number {
  return Math.exp((df / 2 - 1) * Math.log(x / 2) - x / 2 - logGamma(df / 2)) / 2
}

function requireDegrees(df: number): void {
  if (!(df > 0 && df < Infinity)) throw new RangeError(`degrees of freedom are ${df}, they must be over 0 and finite`)
}
