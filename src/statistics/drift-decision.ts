import { benjaminiHochberg } from './benjamini-hochberg.ts'
import type { DriftMeasured, DriftTest } from './drift-column.ts'
import type { ColumnStatistics } from './drift-statistics.ts'
import { smallestSignificantD } from './kolmogorov-smirnov.ts'
import { stabilityIndexByChance } from './population-stability-index.ts'

/** Share of false alarms among the alarms of one weighing. */
const FALSE_ALARMS = 0.05
/** A test that sees only larger shifts than this has too few rows to say "no drift". */
export const LARGEST_DETECTABLE = 0.2
const PSI_LEVEL = 0.01
const PSI_ROWS = 100
const FEW_ROWS = 1000

export type Decision = Pick<
  DriftMeasured,
  'score' | 'p_value' | 'p_adjusted' | 'threshold' | 'detectable' | 'is_drifted' | 'reason'
>

/** A column that takes part: its numbers, and the rows with a value in each window. */
export interface Contestant {
  readonly statistics: ColumnStatistics
  readonly reference: number
  readonly current: number
  /** What windows of time within the reference show anyhow: a score up to it is no drift. */
  readonly floor?: number
}

export const NO_DECISION: Omit<Decision, 'reason'> = {
  score: null,
  p_value: null,
  p_adjusted: null,
  threshold: null,
  detectable: null,
  is_drifted: null,
}

/**
 * The default test: significant among all columns together, and large enough to matter.
 *
 * Benjamini-Hochberg over the columns' p-values (Kolmogorov limit, pooled chi-squared), then the score
 * (D, total variation) against the smallest effect of interest.
 *
 * @param minEffect  score under which a significant shift is no drift, 0 to 1
 * @returns one decision a column, in order; undecided where the rows could not show a shift of 0.2
 */
export function decideByDefault(columns: readonly Contestant[], minEffect: number): Decision[] {
  const { adjusted, cut } = benjaminiHochberg(
    columns.map((column) => column.statistics.p_value),
    FALSE_ALARMS,
  )
  return columns.map((column, index) => {
    const { score, p_value, shown } = column.statistics
    const detectable = smallestSignificantD(column.reference, column.current, cut)
    const smallest = Math.max(minEffect, column.floor ?? 0)
    const threshold = 'ks' in shown ? Math.max(smallest, detectable) : smallest
    const p_adjusted = adjusted[index] ?? null
    const decided = { score, p_value, p_adjusted, threshold, detectable }
    if (detectable > LARGEST_DETECTABLE) return { ...decided, is_drifted: null, reason: 'too_few_rows' }
    if (score < smallest) return { ...decided, is_drifted: false }
    if (p_adjusted === null) return { ...decided, is_drifted: null, reason: 'too_few_rows' }
    return { ...decided, is_drifted: p_adjusted <= FALSE_ALARMS }
  })
}

/**
 * A test by name: the raw score against `max` and nothing else; only the PSI's limit is raised to what chance explains.
 *
 * @param max  drifted when the score is over it; without it nothing is decided
 */
export function decideByName(
  test: Exclude<DriftTest, 'default'>,
  column: Contestant,
  max: number | undefined,
): Decision {
  const found = column.statistics.shown[test]
  if (found === undefined) return { ...NO_DECISION, reason: 'test_of_another_type' }
  const [score, p_value] =
    typeof found === 'object' && found !== null ? [found.statistic, found.p_value] : [found, null]
  const decided = { ...NO_DECISION, score, p_value }
  if (score === null) return { ...decided, reason: 'ks' in column.statistics.shown ? 'overflow' : 'one_category' }
  if (max === undefined) return { ...decided, reason: 'no_max' }
  if (test !== 'psi') return { ...decided, threshold: max, is_drifted: score > max }
  if (Math.min(column.reference, column.current) < PSI_ROWS) return { ...decided, reason: 'too_few_rows' }
  const { bins } = column.statistics
  const threshold = Math.max(max, stabilityIndexByChance(bins, column.reference, column.current, PSI_LEVEL))
  return { ...decided, threshold, is_drifted: score > threshold }
}

/** What a named test's reader must know: its score moves by chance alone when rows are few. */
export function fewRowsNote(column: Contestant): { readonly code: string; readonly message: string } | undefined {
  const rows = Math.min(column.reference, column.current)
  if (rows >= FEW_ROWS) return undefined
  return {
    code: 'few-rows',
    message: `${rows} rows: this score exceeds a fixed limit by chance; test: default does not`,
  }
}
