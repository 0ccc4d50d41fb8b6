import { normalCdf } from './normal.ts'
import type { SampleWalk } from './sample-walk.ts'

/**
 * Whether values of one sample tend to be larger than those of the other: the Mann-Whitney U test.
 *
 * Normal approximation with tie and continuity correction.
 *
 * @param walk  of both samples
 * @param n, m  rows of the reference and of the current window, 1 or more
 * @returns statistic U of the reference and the two-sided p-value; null when all values are equal
 * @see scipy.stats.mannwhitneyu(method="asymptotic")
 * @example mannWhitney({ distance: 0, area: 0, pairsAbove: 2, ties: 12 }, 4, 4) // => { statistic: 2, p_value: 0.1080634 }
 */
export function mannWhitney(
  { pairsAbove, ties }: SampleWalk,
  n: number,
  m: number,
): { readonly statistic: number; readonly p_value: number | null } {
  const all = n + m
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)))
  if (!(variance > 0)) return { statistic: pairsAbove, p_value: null }
  const larger = Math.max(pairsAbove, n * m - pairsAbove)
  const z = (larger - (n * m) / 2 - 0.5) / Math.sqrt(variance)
  return { statistic: pairsAbove, p_value: Math.min(1, 2 * normalCdf(-z)) }
}
