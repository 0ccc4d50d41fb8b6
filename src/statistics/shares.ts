/** Shares under this count as this, so that a logarithm of an empty bin stays finite. */
export const SHARE_FLOOR = 1e-4

/**
 * Rows by bin as shares of all rows, none under 1e-4; not renormalised.
 *
 * @param counts  rows by bin, at least 1 row in all
 * @throws {RangeError} when there are no rows
 * @example flooredShares([3, 1, 0]) // => [0.75, 0.25, 0.0001]
 */
export function flooredShares(counts: ArrayLike<number>): number[] {
  const rows = sumOf(counts)
  if (!(rows > 0)) throw new RangeError('flooredShares: there are no rows')
  return Array.from(counts, (count) => Math.max(count / rows, SHARE_FLOOR))
}

/** The sum of numbers in order. */
export function sumOf(numbers: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < numbers.length; i++) sum += numbers[i]!
  return sum
}
