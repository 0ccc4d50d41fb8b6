import { chiSquaredHomogeneity, pooledChiSquared } from './chi-squared-homogeneity.ts'
import type { DriftKind, DriftStatistics } from './drift-column.ts'
import type { Windows } from './drift-windows.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { kullbackLeibler } from './kullback-leibler.ts'
import { stabilityIndexOfCounts } from './population-stability-index.ts'
import { countByBin, quantileEdges } from './quantile-bins.ts'
import { totalVariation } from './total-variation.ts'
import { normedWasserstein } from './wasserstein.ts'

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
export function statisticsOf(windows: Windows): ColumnStatistics {
  return windows.kind === 'number'
    ? ofNumbers(windows.reference, windows.current)
    : ofCategories(windows.reference, windows.current)
}

/** The same names without values, for a column of which nothing can be said. */
export function noStatistics(kind: DriftKind): DriftStatistics {
  const none = { statistic: null, p_value: null }
  return kind === 'number'
    ? { psi: null, ks: none, jensen_shannon: null, kl: null, wasserstein: null }
    : { psi: null, jensen_shannon: null, kl: null, chi_squared: none, total_variation: null }
}

function ofNumbers(reference: Float64Array, current: Float64Array): ColumnStatistics {
  const edges = quantileEdges(reference, DECILES)
  const counts = [countByBin(reference, edges), countByBin(current, edges)] as const
  const ks = kolmogorovSmirnov(reference, current)
  return {
    shown: {
      psi: stabilityIndexOfCounts(...counts),
      ks,
      jensen_shannon: jensenShannon(...counts),
      kl: kullbackLeibler(...counts),
      wasserstein: normedWasserstein(reference, current),
    },
    score: ks.statistic,
    p_value: ks.p_value,
    bins: occupied(...counts),
  }
}

function ofCategories(reference: readonly number[], current: readonly number[]): ColumnStatistics {
  const total_variation = totalVariation(reference, current)
  return {
    shown: {
      psi: stabilityIndexOfCounts(reference, current),
      jensen_shannon: jensenShannon(reference, current),
      kl: kullbackLeibler(reference, current),
      chi_squared: chiSquaredHomogeneity(reference, current),
      total_variation,
    },
    score: total_variation,
    p_value: pooledChiSquared(reference, current).p_value,
    bins: occupied(reference, current),
  }
}

function occupied(reference: readonly number[], current: readonly number[]): number {
  return reference.filter((rows, bin) => rows + current[bin]! > 0).length
}
