import { chiSquaredTail } from './chi-squared-tail.ts'
import { sumOf } from './shares.ts'

/** The limit law of the statistic is trusted where every expected count is at least this. */
const SMALLEST_EXPECTED = 5

/** null: fewer than two categories hold rows, so there is nothing to compare. */
export interface ChiSquared {
  readonly statistic: number | null
  readonly p_value: number | null
}

/**
 * Pearson's chi-squared of the 2 x K table of both windows, without correction.
 *
 * @param reference, current  rows by category, same order, each with 1 row or more
 * @returns null for both where fewer than 2 categories hold rows
 * @throws {RangeError} when lengths differ or a window is empty
 * @see scipy.stats.chi2_contingency(correction=False)
 * @example chiSquaredHomogeneity([50, 30, 20, 0], [40, 30, 20, 10]) // => { statistic: 11.11111, p_value: 0.01113998 }
 */
export function chiSquaredHomogeneity(reference: readonly number[], current: readonly number[]): ChiSquared {
  const cells = cellsOf(reference, current)
  if (cells.length < 2) return { statistic: null, p_value: null }
  const n = sumOf(reference)
  const m = sumOf(current)
  let statistic = 0
  for (const cell of cells) {
    // The two terms of a category together: (a m - b n)^2 / ((a + b) n m)
    const gap = cell.reference * m - cell.current * n
    statistic += (gap / (cell.reference + cell.current)) * (gap / (n * m))
  }
  return { statistic, p_value: chiSquaredTail(statistic, cells.length - 1) }
}

/**
 * The same with Yates' correction where two categories are left, which is what SciPy does unless told otherwise.
 *
 * @throws {RangeError} when lengths differ or a window is empty
 * @see scipy.stats.chi2_contingency(correction=True)
 * @example yatesChiSquared([60, 40], [45, 55]).p_value // => 0.047436892825
 */
export function yatesChiSquared(reference: readonly number[], current: readonly number[]): ChiSquared {
  const cells = cellsOf(reference, current)
  if (cells.length !== 2) return chiSquaredHomogeneity(reference, current)
  const [n, m] = [sumOf(reference), sumOf(current)]
  const [first, second] = cells.map((cell) => cell.reference + cell.current) as [number, number]
  const gap = Math.abs(cells[0]!.reference * m - cells[0]!.current * n) / (n + m)
  const corrected = Math.max(0, gap - 0.5)
  const statistic = (corrected * corrected * (n + m) ** 3) / (n * m * first * second)
  return { statistic, p_value: chiSquaredTail(statistic, 1) }
}

/**
 * The same test after rare categories are joined, so that its p-value holds.
 *
 * Every category with an expected count under 5 in either window goes into one cell; where that cell is itself
 * under 5, the rarest of the others join it until it is not.
 *
 * @returns null for both where fewer than 2 cells are left
 * @throws {RangeError} when lengths differ or a window is empty
 * @see Cochran (1954)
 * @example pooledChiSquared([500, 300, 2], [40, 30, 1]) // => { statistic: 0.9972309, p_value: 0.3179815 }
 */
export function pooledChiSquared(reference: readonly number[], current: readonly number[]): ChiSquared {
  const cells = cellsOf(reference, current)
  const n = sumOf(reference)
  const m = sumOf(current)
  const isRare = (rows: number) => (rows * Math.min(n, m)) / (n + m) < SMALLEST_EXPECTED
  const byRows = cells.sort((a, b) => a.reference + a.current - (b.reference + b.current))
  const pool = { reference: 0, current: 0 }
  let joined = 0
  for (const cell of byRows) {
    const pooled = pool.reference + pool.current
    if (!isRare(cell.reference + cell.current) && (pooled === 0 || !isRare(pooled))) break
    pool.reference += cell.reference
    pool.current += cell.current
    joined++
  }
  const left = joined === 0 ? byRows : [pool, ...byRows.slice(joined)]
  return chiSquaredHomogeneity(
    left.map((cell) => cell.reference),
    left.map((cell) => cell.current),
  )
}

function cellsOf(reference: readonly number[], current: readonly number[]) {
  if (reference.length !== current.length) throw new RangeError('chi-squared: the windows have other categories')
  if (!(sumOf(reference) > 0 && sumOf(current) > 0)) throw new RangeError('chi-squared: a window is empty')
  return reference
    .map((rows, category) => ({ reference: rows, current: current[category]! }))
    .filter((cell) => cell.reference + cell.current > 0)
}
