import { unbiasedCramersV } from './cramers-v.ts'
import { byDistance, type PresetAnswer, type PresetInput } from './drift-preset.ts'
import { quantile } from './quantile.ts'
import { walkSamples } from './sample-walk.ts'
import { sumOf } from './shares.ts'
import { inReach, wasserstein } from './wasserstein.ts'

const LIMIT = 0.2
const SMALLEST_SHARE = 0.01
const TRIMMED = 0.025

/**
 * What deepchecks' feature drift says of a column: Kolmogorov-Smirnov's D, or Cramer's V without its bias.
 *
 * Beside them its earth mover's distance (2.5 % of each tail trimmed, both windows on one scale from 0 to 1) and its
 * stability index (shares under 1 % count as 1 %). Categories under 1 % of the reference are joined.
 *
 * @see deepchecks, utils/distribution/drift.py
 * @example deepchecksAnswer({ windows: { kind: 'category', categories: ['a', 'b', 'c', 'd'], reference: [50, 30, 20, 0], current: [40, 30, 20, 10] }, blocks: [] }).numbers // => { cramers_v: 0.201704298462, psi: 0.229547013501 }
 */
export function deepchecksAnswer({ windows }: PresetInput): PresetAnswer {
  if (windows.kind === 'number') {
    const { distance } = walkSamples(windows.reference, windows.current)
    return byDistance('ks', distance, LIMIT, { ks: distance, emd: moverDistance(windows.reference, windows.current) })
  }
  const [before, after] = withoutRare(windows.reference, windows.current)
  const cramers_v = before.length < 2 ? 0 : unbiasedCramersV(before, after)
  return byDistance('cramers_v', cramers_v, LIMIT, { cramers_v, psi: coarseIndex(before, after) })
}

/**
 * The earth mover's distance on a scale from 0 to 1 over both windows.
 *
 * @param trimmed  share of each tail of each window that is left out first
 * @example moverDistance([0, 1, 2], [1, 2, 3], 0) // => 0.33333333
 */
export function moverDistance(reference: ArrayLike<number>, current: ArrayLike<number>, trimmed = TRIMMED): number {
  const [before, after] = inReach(within(reference, trimmed), within(current, trimmed))
  if (before.length === 0 || after.length === 0) return 0
  const low = Math.min(before[0]!, after[0]!)
  const high = Math.max(before.at(-1)!, after.at(-1)!)
  return low === high ? 0 : wasserstein(before, after) / (high - low)
}

/** Values between the two quantiles (linear), themselves included. */
function within(sorted: ArrayLike<number>, trimmed: number): Float64Array {
  const [low, high] = [quantile(sorted, trimmed), quantile(sorted, 1 - trimmed)]
  return Float64Array.from(sorted).filter((value) => value >= low && value <= high)
}

function withoutRare(reference: readonly number[], current: readonly number[]): [number[], number[]] {
  const [n, m] = [sumOf(reference), sumOf(current)]
  const kept = reference.flatMap((rows, category) => (rows > 0 && rows >= n * SMALLEST_SHARE ? [category] : []))
  const before = kept.map((category) => reference[category]!)
  const after = kept.map((category) => current[category]!)
  const others = [n - sumOf(before), m - sumOf(after)] as const
  if (others[0] <= n * SMALLEST_SHARE && others[1] <= m * SMALLEST_SHARE) return [before, after]
  return [
    [...before, others[0]],
    [...after, others[1]],
  ]
}

/** Rare rows that are left out stay in the whole: shares are of all kept rows. */
function coarseIndex(reference: readonly number[], current: readonly number[]): number {
  const [n, m] = [sumOf(reference), sumOf(current)]
  return reference.reduce((sum, rows, category) => {
    const p = Math.max(rows / n, SMALLEST_SHARE)
    const q = Math.max(current[category]! / m, SMALLEST_SHARE)
    return sum + (p - q) * Math.log(p / q)
  }, 0)
}
