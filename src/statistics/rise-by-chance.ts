import { chiSquaredTail } from './chi-squared-tail.ts'

/** Rows of a window, and those of them of which something holds. */
export interface RowsOf {
  readonly rows: number
  readonly of: number
}

/**
 * How often chance alone moves a share as far as this between two windows.
 *
 * Two-sided, two proportions with Yates' correction: without it, two of thirty rows would alarm.
 *
 * @param before, after  1 row or more each
 * @returns 0 to 1; 1 when nothing or everything holds in both
 * @example riseByChance({ rows: 5000, of: 250 }, { rows: 1000, of: 200 }) < 0.01 // => true
 */
export function riseByChance(before: RowsOf, after: RowsOf): number {
  const each = 1 / before.rows + 1 / after.rows
  const pooled = (before.of + after.of) / (before.rows + after.rows)
  const spread = pooled * (1 - pooled) * each
  if (!(spread > 0)) return 1
  const apart = Math.abs(after.of / after.rows - before.of / before.rows)
  return chiSquaredTail(Math.max(0, apart - each / 2) ** 2 / spread, 1)
}
