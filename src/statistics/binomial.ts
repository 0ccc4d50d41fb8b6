import { stirlingRest } from './gamma.ts'
import { incompleteBeta } from './incomplete-beta.ts'
import type { Pcg32 } from './pcg32.ts'

/**
 * One draw from the binomial distribution, exactly.
 *
 * Up to 10 expected by inversion, above by Hormann's transformed rejection (BTRS), so the time does not grow with n.
 *
 * @param generator  where chance comes from
 * @param n          trials, a whole number of 0 or more
 * @param p          0 to 1
 * @see Hormann, The generation of binomial random variates (1993)
 */
export function binomial(generator: Pcg32, n: number, p: number): number {
  if (n === 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - binomial(generator, n, 1 - p)
  return n * p < 10 ? byInversion(generator, n, p) : byRejection(generator, n, p)
}

function byInversion(generator: Pcg32, n: number, p: number): number {
  const odds = p / (1 - p)
  const none = Math.exp(n * Math.log1p(-p))
  for (;;) {
    let left = generator.uniform()
    let chance = none
    for (let k = 0; k <= n && chance > 0; k++) {
      if (left < chance) return k
      left -= chance
      chance *= (odds * (n - k)) / (k + 1)
    }
  }
}

function byRejection(generator: Pcg32, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const squeeze = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * deviation
  for (;;) {
    const u = generator.uniform() - 0.5
    const v = generator.uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + centre)
    if (us >= 0.07 && v <= squeeze) return k
    if (k < 0 || k > n || us === 0) continue
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= logRatioToMode(k, n, p)) return k
  }
}

/** ln of the chance of k over the chance of the most likely count. */
function logRatioToMode(k: number, n: number, p: number): number {
  const mode = Math.floor((n + 1) * p)
  const odds = p / (1 - p)
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
    (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
    (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
    stirlingRest(mode + 1) +
    stirlingRest(n - mode + 1) -
    stirlingRest(k + 1) -
    stirlingRest(n - k + 1)
  )
}

/**
 * The chance of a split of n fair coins at least as uneven as k against n - k.
 *
 * @param k  0 to n
 * @param n  0 or more; none gives 1
 * @returns 0 to 1
 * @example fairCoinTwoSidedP(2, 10) // => 0.109375
 */
export function fairCoinTwoSidedP(k: number, n: number): number {
  const fewer = Math.min(k, n - k)
  if (2 * fewer === n) return 1
  return Math.min(1, 2 * incompleteBeta(n - fewer, fewer + 1, 0.5, 0.5))
}
