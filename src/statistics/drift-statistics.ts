import { chiSquaredHomogeneity, pooledChiSquared } from './chi-squared-homogeneity.ts'
import { cramersV } from './cramers-v.ts'
import type { DriftKind, DriftStatistics } from './drift-column.ts'
import type { Windows } from './drift-windows.ts'
import { hellinger } from './hellinger.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { distanceByChance } from './kolmogorov-smirnov.ts'
import { kullbackLeibler } from './kullback-leibler.ts'
import { largestShareChange } from './largest-share-change.ts'
import { mannWhitney } from './mann-whitney.ts'
import { stabilityIndexOfCounts } from './population-stability-index.ts'
import { countByBin, quantileEdges } from './quantile-bins.ts'
import { walkSamples } from './sample-walk.ts'
import { totalVariation } from './total-variation.ts'
import { areaInSpreads } from './wasserstein.ts'

const DECILES = 10

/** All numbers of one column whose two windows both hold values. */
export interface ColumnStatistics {
  readonly shown: DriftStatistics
  /** What the default test decides by: KS of numbers, total variation and pooled chi-squared of categories. */
  readonly score: number
  readonly p_value: number | null
  /** Deciles or categories that hold rows in either window: the degrees of freedom of the PSI, plus one. */
  readonly bins: number
}

/** The statistics of the JSON contract for a column, from one sort or one count of each window. */
export function statisticsOf(windows: Windows, wanted: WantedStatistics = 'default'): ColumnStatistics {
  const all = wanted !== 'default'
  return windows.kind === 'number'
    ? ofNumbers(windows.reference, windows.current, all)
    : ofCategories(windows.reference, windows.current, all)
}

/** The names asked for, of those that the column has; the default test's own are computed anyhow. */
export function pickStatistics(statistics: DriftStatistics, wanted: WantedStatistics): DriftStatistics {
  if (wanted === 'default' || wanted === 'all') return statistics
  return Object.fromEntries(Object.entries(statistics).filter(([name]) => wanted.includes(name)))
}

/** Names of all statistics that can be asked for: those of every column first, then those of `all` alone. */
export const STATISTICS: readonly string[] = [
  'psi',
  'ks',
  'jensen_shannon',
  'kl',
  'wasserstein',
  'chi_squared',
  'total_variation',
  'hellinger',
  'l_infinity',
  'mann_whitney',
  'cramers_v',
]

/** default: those of the JSON contract; all: every one that the column's type has. */
export type WantedStatistics = 'default' | 'all' | readonly string[]

/** The same names without values, for a column of which nothing can be said. */
export function noStatistics(kind: DriftKind): DriftStatistics {
  const none = { statistic: null, p_value: null }
  return kind === 'number'
    ? { psi: null, ks: none, jensen_shannon: null, kl: null, wasserstein: null }
    : { psi: null, jensen_shannon: null, kl: null, chi_squared: none, total_variation: null }
}

function ofNumbers(reference: Float64Array, current: Float64Array, all: boolean): ColumnStatistics {
  const edges = quantileEdges(reference, DECILES)
  const counts = [countByBin(reference, edges), countByBin(current, edges)] as const
  const walk = walkSamples(reference, current)
  const ks = { statistic: walk.distance, p_value: distanceByChance(walk.distance, reference.length, current.length) }
  return {
    shown: {
      psi: stabilityIndexOfCounts(...counts),
      ks,
      jensen_shannon: jensenShannon(...counts),
      kl: kullbackLeibler(...counts),
      wasserstein: areaInSpreads(walk.area, reference, current),
      ...(all && {
        hellinger: hellinger(...counts),
        l_infinity: largestShareChange(...counts),
        mann_whitney: mannWhitney(walk, reference.length, current.length),
      }),
    },
    score: ks.statistic,
    p_value: ks.p_value,
    bins: occupied(...counts),
  }
}

function ofCategories(reference: readonly number[], current: readonly number[], all: boolean): ColumnStatistics {
  const total_variation = totalVariation(reference, current)
  return {
    shown: {
      psi: stabilityIndexOfCounts(reference, current),
      jensen_shannon: jensenShannon(reference, current),
      kl: kullbackLeibler(reference, current),
      chi_squared: chiSquaredHomogeneity(reference, current),
      total_variation,
      ...(all && {
        hellinger: hellinger(reference, current),
        l_infinity: largestShareChange(reference, current),
        cramers_v: cramersV(reference, current),
      }),
    },
    score: total_variation,
    p_value: pooledChiSquared(reference, current).p_value,
    bins: occupied(reference, current),
  }
}

function occupied(reference: readonly number[], current: readonly number[]): number {
  return reference.filter((rows, bin) => rows + current[bin]! > 0).length
}
