import { logGamma, stirlingRest } from './gamma.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import { normalQuantile } from './normal.ts'
import { risingRoot } from './rising-root.ts'

/**
 * The chance that Student's t lies at least as far from 0 as t does.
 *
 * @param t   any number; infinite gives 0
 * @param df  degrees of freedom, over 0
 * @returns 0 to 1, relative error about 1e-12
 * @throws {RangeError} when t is NaN or df is not over 0
 * @example studentTwoSidedP(2, 10) // => 0.07338803477074037
 */
export function studentTwoSidedP(t: number, df: number): number {
  requireDegrees(df)
  if (Number.isNaN(t)) throw new RangeError('studentTwoSidedP: t is not a number')
  const squared = t * t
  if (squared === Infinity) return 0
  return incompleteBeta(df / 2, 0.5, df / (df + squared), squared / (df + squared))
}

/**
 * The point below which a share p of Student's t distribution lies.
 *
 * @param p   0 < p < 1
 * @param df  degrees of freedom, over 0
 * @throws {RangeError} when p or df is out of range
 * @example studentQuantile(0.975, 10) // => 2.2281388519862744
 */
export function studentQuantile(p: number, df: number): number {
  requireDegrees(df)
  if (!(p > 0 && p < 1)) throw new RangeError(`studentQuantile: p is ${p}, it must lie between 0 and 1`)
  if (p === 0.5) return 0
  if (p < 0.5) return -upperQuantile(p, df)
  return upperQuantile(1 - p, df)
}

/** The t over 0 with a share `tail` above it. */
function upperQuantile(tail: number, df: number): number {
  const excess = (t: number) => 2 * tail - studentTwoSidedP(t, df)
  let high = 2
  while (excess(high) < 0) high *= 2
  const z = -normalQuantile(tail)
  const start = z + (z ** 3 + z) / (4 * df)
  return risingRoot(excess, (t) => 2 * density(t, df), [0, high], start)
}

function density(t: number, df: number): number {
  const gammas =
    df < 20
      ? logGamma((df + 1) / 2) - logGamma(df / 2)
      : (df / 2) * Math.log1p(1 / df) + Math.log(df / 2) / 2 - 0.5 + stirlingRest((df + 1) / 2) - stirlingRest(df / 2)
  return Math.exp(gammas - ((df + 1) / 2) * Math.log1p((t * t) / df)) / Math.sqrt(df * Math.PI)
}

function requireDegrees(df: number): void {
  if (!(df > 0 && df < Infinity)) throw new RangeError(`degrees of freedom are ${df}, they must be over 0 and finite`)
}
