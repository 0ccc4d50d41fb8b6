import { sumOf } from './shares.ts'

/**
 * The Hellinger distance: the root of one less the overlap sum of sqrt(p q).
 *
 * @param reference, current  rows by bin or category, same order, each with 1 row or more
 * @returns 0 (same shares) to 1 (no bin in common)
 * @throws {RangeError} when lengths differ or a window is empty
 * @see Hellinger (1909)
 * @example hellinger([50, 30, 20, 0], [40, 30, 20, 10]) // => 0.229752920547
 */
export function hellinger(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  if (reference.length !== current.length) throw new RangeError('hellinger: the windows have other bins')
  const [n, m] = [sumOf(reference), sumOf(current)]
  if (!(n > 0 && m > 0)) throw new RangeError('hellinger: a window is empty')
  let apart = 0
  // Half the sum of (sqrt p - sqrt q)^2 is the same number, and exactly 0 for equal shares
  for (let k = 0; k < reference.length; k++) apart += (Math.sqrt(reference[k]! / n) - Math.sqrt(current[k]! / m)) ** 2
  return Math.min(1, Math.sqrt(apart / 2))
}
