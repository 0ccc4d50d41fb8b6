import { yatesChiSquared } from './chi-squared-homogeneity.ts'
import type { PresetAnswer, PresetInput } from './drift-preset.ts'
import { finiteKolmogorovTail } from './finite-kolmogorov.ts'
import { walkSamples } from './sample-walk.ts'

const LEVEL = 0.05

/** How many tests at once are allowed for: each level over their number, or a share of false alarms. */
export type Correction = 'bonferroni' | 'fdr'

/**
 * What alibi-detect's TabularDrift says of a column: the p-value of Kolmogorov-Smirnov or of chi-squared.
 *
 * SciPy's "asymptotic" p-value of D; the 2 x K table of all categories of both windows, Yates' correction at 2 x 2. It
 * decides over all columns together: `correctedDecisions`.
 *
 * @see alibi-detect, cd/tabular.py
 * @example alibiAnswer({ windows: { kind: 'category', categories: ['0', '1'], reference: [60, 40], current: [45, 55] }, blocks: [] }).p_value // => 0.047436892825
 */
export function alibiAnswer({ windows }: PresetInput): PresetAnswer {
  if (windows.kind === 'number') {
    const [n, m] = [windows.reference.length, windows.current.length]
    const { distance } = walkSamples(windows.reference, windows.current)
    const p = finiteKolmogorovTail(Math.round((n * m) / (n + m)), distance)
    return undecided('ks', p, { ks: distance })
  }
  const { statistic, p_value } = yatesChiSquared(windows.reference, windows.current)
  return undecided('chi_squared', p_value ?? 1, { chi_squared: statistic ?? 0 })
}

function undecided(test: string, p: number, numbers: PresetAnswer['numbers']): PresetAnswer {
  return { test, score: p, p_value: p, threshold: null, is_drifted: null, numbers }
}

/**
 * Which columns alibi-detect calls drifted, given the p-values of all.
 *
 * Bonferroni: under 0.05 / columns. FDR: under the largest p(i) < 0.05 i / n, strictly.
 *
 * @returns the level in force and a decision a column
 * @see alibi-detect, utils/statstest.py
 * @example correctedDecisions([0.001, 0.03, 0.5], 'bonferroni') // => { threshold: 0.01666667, drifted: [true, false, false] }
 */
export function correctedDecisions(
  pValues: readonly number[],
  correction: Correction,
): { readonly threshold: number; readonly drifted: readonly boolean[] } {
  const n = Math.max(1, pValues.length)
  if (correction === 'bonferroni') {
    const threshold = LEVEL / n
    return { threshold, drifted: pValues.map((p) => p < threshold) }
  }
  const sorted = [...pValues].sort((a, b) => a - b)
  const last = sorted.findLastIndex((p, place) => p < (LEVEL * (place + 1)) / n)
  const threshold = (LEVEL * (last + 1)) / n || LEVEL / n
  return { threshold, drifted: pValues.map((p) => last >= 0 && p < threshold) }
}
