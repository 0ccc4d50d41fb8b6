import type { ColumnStatistics } from '../statistics/drift-statistics.ts'
import { jensenShannon } from '../statistics/jensen-shannon.ts'
import { distanceByChance } from '../statistics/kolmogorov-smirnov.ts'
import { kullbackLeibler } from '../statistics/kullback-leibler.ts'
import { stabilityIndexOfCounts } from '../statistics/population-stability-index.ts'
import { type DecileCounts, decileCounts } from './decile-counts.ts'
import { moments } from './moments.ts'
import { type Bounds, divergenceBounds } from './share-bounds.ts'
import { rowsOfSketch } from './sketch-quantile.ts'
import { aligned, area, largestGap, type Spread } from './weighted-walk.ts'

/** As `unitOfSpread` has it. */
const SMALLEST_UNIT = 0.001

/** How far each statistic can be from what rows give; null where nothing bounds it. */
export type StatisticErrors = Readonly<Record<string, number | null>>

/** The statistics of a column of numbers, and their errors. */
export interface ProfiledStatistics {
  readonly statistics: ColumnStatistics
  readonly errors: StatisticErrors
}

/**
 * The statistics that drift takes from rows, from two profiles.
 *
 * D and W1 by one walk through both sketches, the divergences on the reference's tenths. Where both sketches are exact
 * they are those of the rows.
 */
export function driftOfNumbers(reference: Spread, current: Spread): ProfiledStatistics {
  const counts = decileCounts(reference, current)
  const [before, after] = [counts.reference.counts, counts.current.counts]
  const gap = largestGap(aligned(reference.sketch, current.sketch))
  const moved = area(reference, current)
  const unit = unitOf(reference)
  const [n, m] = [rowsOfSketch(reference.sketch), rowsOfSketch(current.sketch)]
  const p_value = distanceByChance(gap.value, n, m)
  const shown = {
    psi: stabilityIndexOfCounts(before, after),
    ks: { statistic: gap.value, p_value },
    jensen_shannon: jensenShannon(before, after),
    kl: kullbackLeibler(before, after),
    wasserstein: moved.value / unit,
  }
  const bins = before.filter((rows, bin) => rows + after[bin]! > 0).length
  return {
    statistics: { shown, score: gap.value, p_value, bins },
    errors: { ks: gap.error, wasserstein: moved.error / unit, ...divergenceErrors(shown, counts) },
  }
}

function unitOf({ sums, sketch }: Spread): number {
  return Math.max(moments(sums, rowsOfSketch(sketch)).sd ?? 0, SMALLEST_UNIT)
}

function divergenceErrors(
  shown: Readonly<Record<'psi' | 'kl' | 'jensen_shannon', number>>,
  counts: DecileCounts,
): StatisticErrors {
  const names = ['psi', 'kl', 'jensen_shannon'] as const
  if (!counts.isBounded) return Object.fromEntries(names.map((name) => [name, null]))
  if (areKnown(counts)) return Object.fromEntries(names.map((name) => [name, 0]))
  const bounds = divergenceBounds(counts)
  return Object.fromEntries(names.map((name) => [name, reach(shown[name], bounds[name])]))
}

function areKnown({ reference, current }: DecileCounts): boolean {
  return [reference, current].every(({ fewest, most }) => fewest.every((rows, bin) => rows === most[bin]))
}

function reach(value: number, [least, most]: Bounds): number {
  return Math.max(0, most - value, value - least)
}
