import { chiSquaredHomogeneity, yatesChiSquared } from './chi-squared-homogeneity.ts'
import { sumOf } from './shares.ts'

/**
 * How strongly the window and the category belong together: Cramer's V of the 2 x K table.
 *
 * @param reference, current  rows by category, same order, each with 1 row or more
 * @returns 0 to 1; null where fewer than two categories hold rows
 * @throws {RangeError} when lengths differ or a window is empty
 * @see Cramer, Mathematical Methods of Statistics (1946)
 * @example cramersV([50, 30, 20, 0], [40, 30, 20, 10]) // => 0.2357023
 */
export function cramersV(reference: readonly number[], current: readonly number[]): number | null {
  const { statistic } = chiSquaredHomogeneity(reference, current)
  return statistic === null ? null : Math.sqrt(statistic / (sumOf(reference) + sumOf(current)))
}

/**
 * The same with its bias taken off, the larger window first scaled down to the smaller one (rounded to rows).
 *
 * @returns 0 to 1; 0 where fewer than two categories hold rows; null where so few rows are left that it is 0/0
 * @throws {RangeError} when lengths differ or a window is empty
 * @see Bergsma (2013); deepchecks, cramers_v
 * @example unbiasedCramersV([50, 30, 20, 0], [40, 30, 20, 10]) // => 0.201704298462
 */
export function unbiasedCramersV(reference: readonly number[], current: readonly number[]): number | null {
  const rows = Math.min(sumOf(reference), sumOf(current))
  const [before, after] = [scaledTo(reference, rows), scaledTo(current, rows)]
  if (sumOf(before) === 0 || sumOf(after) === 0) return null
  const { statistic } = yatesChiSquared(before, after)
  if (statistic === null) return 0
  const n = sumOf(before) + sumOf(after)
  const k = before.filter((count, category) => count + after[category]! > 0).length
  const phi = Math.max(0, statistic / n - (k - 1) / (n - 1))
  const categories = k - (k - 1) ** 2 / (n - 1)
  const windows = 2 - 1 / (n - 1)
  const most = Math.min(categories - 1, windows - 1)
  return most > 0 ? Math.sqrt(phi / most) : null
}

function scaledTo(counts: readonly number[], rows: number): readonly number[] {
  const all = sumOf(counts)
  return all === rows ? counts : counts.map((count) => toEven((count * rows) / all))
}

/** A half goes to the even neighbour, as numpy rounds. */
function toEven(value: number): number {
  const below = Math.floor(value)
  if (value - below !== 0.5) return Math.round(value)
  return below % 2 === 0 ? below : below + 1
}
