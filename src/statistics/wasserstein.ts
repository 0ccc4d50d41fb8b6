import { sumOf } from './shares.ts'

/**
 * How far the rows of one sample must move, on average, to become the other: the earth mover's distance W1.
 *
 * The exact area between both distribution functions.
 *
 * @param reference  n >= 1 finite numbers, ascending
 * @param current    m >= 1 finite numbers, ascending, same unit
 * @returns the numbers' own unit, 0 or more
 * @throws {RangeError} when a sample is empty
 * @see scipy.stats.wasserstein_distance
 * @example wasserstein([0, 1, 3], [5, 6, 8]) // => 5
 */
export function wasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const n = reference.length
  const m = current.length
  if (n === 0 || m === 0) throw new RangeError('wasserstein: a sample is empty')
  let area = 0
  let from = Math.min(reference[0]!, current[0]!)
  for (let i = 0, j = 0; i < n || j < m; ) {
    const at = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity)
    area += Math.abs(i / n - j / m) * (at - from)
    from = at
    while (i < n && reference[i]! <= at) i++
    while (j < m && current[j]! <= at) j++
  }
  return area
}

/**
 * W1 in standard deviations of the reference (ddof 0), or in thousandths where the reference hardly varies.
 *
 * @returns 0 or more, without a unit
 * @throws {RangeError} when a sample is empty
 * @example normedWasserstein([0, 2], [1, 3]) // => 1
 */
export function normedWasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  return wasserstein(reference, current) / Math.max(spread(reference), 0.001)
}

function spread(numbers: ArrayLike<number>): number {
  const mean = sumOf(numbers) / numbers.length
  let squares = 0
  for (let i = 0; i < numbers.length; i++) squares += (numbers[i]! - mean) ** 2
  return Math.sqrt(squares / numbers.length)
}
