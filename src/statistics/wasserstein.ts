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
  return areaInSpreads(wasserstein(reference, current), reference, current) ?? Number.POSITIVE_INFINITY
}

/**
 * An area between two distribution functions in the reference's standard deviations; windows whose squares overflow are
 * brought closer first, which moves both alike.
 *
 * @param area  what `walkSamples` says of the same windows
 * @returns null where a reference that hardly varies makes of it more than a double holds
 * @example areaInSpreads(1, [0, 2], [1, 3]) // => 1
 */
export function areaInSpreads(area: number, reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const unit = unitOfSpread(reference)
  if (Number.isFinite(area) && Number.isFinite(unit)) return Number.isFinite(area / unit) ? area / unit : null
  const [before, after] = [reference, current].map((numbers) => Float64Array.from(numbers, (value) => value * CLOSER))
  const closer = wasserstein(before!, after!) / Math.max(spread(before!), 0.001 * CLOSER)
  return Number.isFinite(closer) ? closer : null
}

/** A power of two, so that nothing is rounded but what is tiny beside the rest. */
const CLOSER = 2 ** -600

/**
 * Two windows whose numbers lie within each other's reach: brought closer by one factor where the width overflows.
 *
 * @param reference, current  finite numbers, ascending
 * @example inReach(Float64Array.of(1), Float64Array.of(2))[1][0] // => 2
 */
export function inReach(reference: Float64Array, current: Float64Array): readonly [Float64Array, Float64Array] {
  const width = Math.max(reference.at(-1) ?? 0, current.at(-1) ?? 0) - Math.min(reference[0] ?? 0, current[0] ?? 0)
  if (Number.isFinite(width)) return [reference, current]
  return [reference.map((value) => value * CLOSER), current.map((value) => value * CLOSER)]
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
