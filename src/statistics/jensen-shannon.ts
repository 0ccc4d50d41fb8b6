import { sumOf } from './shares.ts'

/**
 * The Jensen-Shannon distance: the square root of the divergence in bits.
 *
 * Half the sum of both windows' divergences from their mean; needs no floor.
 *
 * @param reference, current  rows by bin or category, same order, each with 1 row or more
 * @returns 0 (same shares) to 1 (no bin in common)
 * @throws {RangeError} when lengths differ or a window is empty
 * @see Endres, Schindelin (2003); scipy.spatial.distance.jensenshannon(base=2)
 * @example jensenShannon([50, 30, 20, 0], [40, 30, 20, 10]) // => 0.232412936544
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  if (reference.length !== current.length) throw new RangeError('jensenShannon: the windows have other bins')
  const [n, m] = [sumOf(reference), sumOf(current)]
  if (!(n > 0 && m > 0)) throw new RangeError('jensenShannon: a window is empty')
  let nats = 0
  for (let k = 0; k < reference.length; k++) {
    const p = reference[k]! / n
    const q = current[k]! / m
    nats += entropyTerm(p, (p + q) / 2) + entropyTerm(q, (p + q) / 2)
  }
  return Math.sqrt(Math.min(1, Math.max(0, nats / (2 * Math.LN2))))
}

function entropyTerm(share: number, mean: number): number {
  return share === 0 ? 0 : share * Math.log(share / mean)
}
