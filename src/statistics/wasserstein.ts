import { walkSamples } from './sample-walk.ts'
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
  return walkSamples(reference, current).area
}

/**
 * W1 in standard deviations of the reference (ddof 0), or in thousandths where the reference hardly varies.
 *
 * @returns 0 or more, without a unit
 * @throws {RangeError} when a sample is empty
 * @example normedWasserstein([0, 2], [1, 3]) // => 1
 */
export function normedWasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  return wasserstein(reference, current) / unitOfSpread(reference)
}

/**
 * The unit of the normed distance: the numbers' standard deviation (ddof 0), at least a thousandth.
 *
 * @param numbers  1 or more finite numbers
 * @example unitOfSpread([0, 2]) // => 1
 */
export function unitOfSpread(numbers: ArrayLike<number>): number {
  return Math.max(spread(numbers), 0.001)
}

function spread(numbers: ArrayLike<number>): number {
  const mean = sumOf(numbers) / numbers.length
  let squares = 0
  for (let i = 0; i < numbers.length; i++) {
    const off = numbers[i]! - mean
    squares += off * off
  }
  return Math.sqrt(squares / numbers.length)
}
