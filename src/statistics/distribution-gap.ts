import { binomial } from './binomial.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { pcg32 } from './pcg32.ts'
import { quantile } from './quantile.ts'
import { wasserstein } from './wasserstein.ts'

/** The furthest pair of groups, larger mean first or in the order given. */
export interface FurthestPair {
  readonly value: number
  readonly between: readonly [number, number]
}

const BINS = 64
const REDRAWS = 200
/** Pairs grow with the square of the groups, and each walks its rows. */
export const MOST_COMPARED = 40

/**
 * How far apart the distributions of two groups lie at most: Kolmogorov-Smirnov's D and Wasserstein's W1.
 *
 * Every pair is compared. The p-value of D is that of the furthest pair times the number of pairs (Bonferroni), which
 * holds whichever pair it is.
 *
 * @param groups  2 to 40 groups of 1 or more numbers, ascending
 * @throws {RangeError} with fewer or more groups
 * @example distributionGap([[0, 1], [5, 6]]).wasserstein.value // => 5
 */
export function distributionGap(groups: readonly ArrayLike<number>[]): {
  readonly ks: FurthestPair & { readonly p_value: number }
  readonly wasserstein: FurthestPair
} {
  if (groups.length < 2 || groups.length > MOST_COMPARED)
    throw new RangeError(`distributionGap: ${groups.length} groups`)
  let ks = { value: -1, between: [0, 1] as readonly [number, number], p_value: 1 }
  let moved: FurthestPair = { value: -1, between: [0, 1] }
  let pairs = 0
  for (let i = 0; i < groups.length; i++)
    for (let j = i + 1; j < groups.length; j++) {
      pairs += 1
      const { statistic, p_value } = kolmogorovSmirnov(groups[i]!, groups[j]!)
      if (statistic > ks.value) ks = { value: statistic, between: [i, j], p_value: Math.min(ks.p_value, p_value) }
      else ks = { ...ks, p_value: Math.min(ks.p_value, p_value) }
      const distance = wasserstein(groups[i]!, groups[j]!)
      if (distance > moved.value) moved = { value: distance, between: [i, j] }
    }
  return { ks: { ...ks, p_value: Math.min(1, pairs * ks.p_value) }, wasserstein: moved }
}

/**
 * What the furthest of groups with one distribution would show as W1: never 0 on few rows, and more with more groups.
 *
 * 95th percentile over 200 redraws of every group from all rows together, cut at their 64 quantiles; seed 0.
 *
 * @param groups  2 to 40 groups of 1 or more numbers, ascending
 * @returns in the numbers' own unit, 0 or more
 */
export function distributionNullQ95(groups: readonly ArrayLike<number>[]): number {
  const all = thinned(groups)
  const edges = Float64Array.from({ length: BINS + 1 }, (_, bin) => quantile(all, bin / BINS))
  const generator = pcg32(0, 'wasserstein between groups')
  const rows = groups.map((group) => group.length)
  const seen = new Float64Array(REDRAWS)
  for (let redraw = 0; redraw < REDRAWS; redraw++) {
    const drawn = rows.map((n) => cumulative(generator, n))
    seen[redraw] = furthest(drawn, edges)
  }
  return quantile(seen.sort(), 0.95)
}

const MOST_KEPT = 16_384

/** Every so many ranks of each group, so that long groups keep their share of all rows. */
function thinned(groups: readonly ArrayLike<number>[]): Float64Array {
  const rows = groups.reduce((sum, group) => sum + group.length, 0)
  const step = Math.max(1, Math.ceil(rows / MOST_KEPT))
  const kept: number[] = []
  let at = Math.floor(step / 2)
  for (const group of groups) {
    for (; at < group.length; at += step) kept.push(group[at]!)
    at -= group.length
  }
  return Float64Array.from(kept).sort()
}

/** Distribution function at the inner edges when n rows fall into equally likely bins. */
function cumulative(generator: ReturnType<typeof pcg32>, n: number): Float64Array {
  const shares = new Float64Array(BINS)
  let left = n
  for (let bin = 0; bin < BINS - 1; bin++) {
    left -= left === 0 ? 0 : binomial(generator, left, 1 / (BINS - bin))
    shares[bin] = 1 - left / n
  }
  shares[BINS - 1] = 1
  return shares
}

function furthest(drawn: readonly Float64Array[], edges: Float64Array): number {
  let most = 0
  for (let i = 0; i < drawn.length; i++)
    for (let j = i + 1; j < drawn.length; j++) {
      let area = 0
      for (let bin = 0; bin < BINS; bin++)
        area += Math.abs(drawn[i]![bin]! - drawn[j]![bin]!) * (edges[bin + 1]! - edges[bin]!)
      most = Math.max(most, area)
    }
  return most
}
