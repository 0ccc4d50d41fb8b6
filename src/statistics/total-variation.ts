import { sumOf } from './shares.ts'

/**
 * The share of rows that would have to change category to turn one distribution into the other.
 *
 * Half the sum of |p - q|.
 *
 * @param reference, current  rows by category, same order, each with 1 row or more
 * @returns 0 (same shares) to 1 (no category in common)
 * @throws {RangeError} when lengths differ or a sample is empty
 * @example totalVariation([50, 30, 20, 0], [40, 30, 20, 10]) // => 0.1
 */
export function totalVariation(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const [n, m] = [sumOf(reference), sumOf(current)]
  if (reference.length !== current.length) throw new RangeError('totalVariation: the windows have other categories')
  if (!(n > 0 && m > 0)) throw new RangeError('totalVariation: a window is empty')
  let moved = 0
  for (let k = 0; k < reference.length; k++) moved += Math.abs(reference[k]! / n - current[k]! / m)
  return Math.min(1, moved / 2)
}
