import type { Interval } from './estimate.ts'
import { incompleteBeta } from './incomplete-beta.ts'

/**
 * Interval of a quantile between two of the measured values: exact whatever the distribution, for independent values.
 *
 * The number of values below the true quantile is binomial; the ends are the outermost ranks that it passes with a
 * chance of at most (1 - confidence)/2 each.
 *
 * @param sorted      n values, ascending
 * @param share       the quantile, 0 to 1: 0.99 for the 99th percentile
 * @param confidence  two-sided level, 0 to 1
 * @returns null where a rank would lie outside: the 99th percentile needs 299 values at 0.9, 368 at 0.95
 * @see David, Nagaraja, Order Statistics (2003), 7.1
 * @example orderStatisticInterval(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 0.5, 0.95) // => [2, 9]
 */
export function orderStatisticInterval(sorted: Float64Array, share: number, confidence: number): Interval | null {
  const n = sorted.length
  const tail = (1 - confidence) / 2
  const below = firstRank(n, (rank) => atMost(rank - 1, n, share) > tail) - 1
  const above = firstRank(n, (rank) => atLeast(rank, n, share) <= tail)
  if (below < 1 || above > n) return null
  return [sorted[below - 1]!, sorted[above - 1]!]
}

/** The smallest rank, 1 to n + 1, from which on `isSo` holds. */
function firstRank(n: number, isSo: (rank: number) => boolean): number {
  let [low, high] = [1, n + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isSo(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Chance that at most k of n values lie below a quantile. */
function atMost(k: number, n: number, share: number): number {
  if (k < 0) return 0
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - share, share)
}

/** Chance that at least k of them do. */
function atLeast(k: number, n: number, share: number): number {
  if (k <= 0) return 1
  return k > n ? 0 : incompleteBeta(k, n - k + 1, share, 1 - share)
}
