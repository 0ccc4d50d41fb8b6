import { sumOf } from './shares.ts'

/**
 * The largest change of any one share: L-infinity.
 *
 * @param reference, current  rows by bin or category, same order, each with 1 row or more
 * @returns 0 to 1
 * @throws {RangeError} when lengths differ or a window is empty
 * @example largestShareChange([50, 30, 20], [40, 30, 30]) // => 0.1
 */
export function largestShareChange(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  if (reference.length !== current.length) throw new RangeError('largestShareChange: the windows have other bins')
  const [n, m] = [sumOf(reference), sumOf(current)]
  if (!(n > 0 && m > 0)) throw new RangeError('largestShareChange: a window is empty')
  let largest = 0
  for (let k = 0; k < reference.length; k++) largest = Math.max(largest, Math.abs(reference[k]! / n - current[k]! / m))
  return largest
}
