import { flooredShares } from './shares.ts'

/**
 * How badly the current shares explain the reference: the sum of p ln(p / q), p the reference's share of a bin.
 *
 * @param reference, current  rows by bin or category, same order, each with 1 row or more
 * @returns nats; a share under 1e-4 counts as 1e-4, which can take it a little under 0
 * @throws {RangeError} when lengths differ or a window is empty
 * @see Kullback, Leibler (1951)
 * @example kullbackLeibler([50, 50], [60, 40]) // => 0.020411
 */
export function kullbackLeibler(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  if (reference.length !== current.length) throw new RangeError('kullbackLeibler: the windows have other bins')
  const after = flooredShares(current)
  return flooredShares(reference).reduce((sum, p, bin) => sum + p * Math.log(p / after[bin]!), 0)
}
