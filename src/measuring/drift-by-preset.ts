import type { DriftMeasured } from '../statistics/drift-column.ts'
import type { DatasetDrift } from '../statistics/drift-dataset.ts'
import type { Examined } from '../statistics/drift-examination.ts'
import type { PresetAnswer, PresetName } from '../statistics/drift-preset.ts'
import { type Correction, correctedDecisions } from '../statistics/drift-preset-alibi.ts'
import { PRESET_SHARES } from '../statistics/drift-presets.ts'

/**
 * Our columns with the test, the number, the threshold and the decision of another tool; our findings stay.
 *
 * @param examined    the same columns in the same order, each with the tool's answer where it has one
 * @param correction  how alibi-detect allows for many tests
 */
export function presetColumns(
  preset: PresetName,
  columns: readonly DriftMeasured[],
  examined: readonly Examined[],
  correction: Correction,
): readonly DriftMeasured[] {
  const answers = examined.map((column) => column.preset)
  const decided = preset === 'alibi' ? corrected(answers, correction) : answers
  return columns.map((column, index) => answered(column, decided[index]))
}

function answered(column: DriftMeasured, answer: PresetAnswer | undefined): DriftMeasured {
  const none = { p_adjusted: null, detectable: null }
  if (answer === undefined) return { ...column, ...none, score: null, p_value: null, threshold: null, is_drifted: null }
  const { test, score, p_value, threshold, is_drifted } = answer
  const { reason: _, ...rest } = column
  const unscored = column.type === 'number' ? 'overflow' : 'too_few_rows'
  const reason = is_drifted === null ? { reason: score === null ? unscored : 'no_chunks' } : {}
  return { ...rest, ...none, test, score, p_value, threshold, is_drifted, ...reason }
}

function corrected(
  answers: readonly (PresetAnswer | undefined)[],
  correction: Correction,
): readonly (PresetAnswer | undefined)[] {
  const known = answers.filter((answer) => answer !== undefined)
  const { threshold, drifted } = correctedDecisions(
    known.map(({ p_value }) => p_value ?? 1),
    correction,
  )
  return answers.map((answer) => answer && { ...answer, threshold, is_drifted: drifted[known.indexOf(answer)]! })
}

/** What the tool says of the whole: drifted from a share of the columns on, by any of them, or nothing. */
export function presetDataset(
  preset: PresetName,
  columns: readonly DriftMeasured[],
): DatasetDrift & { readonly limit: number | null } {
  const decided = columns.filter(({ is_drifted }) => is_drifted !== null)
  const drifted = decided.filter(({ is_drifted }) => is_drifted).length
  const share = decided.length === 0 ? null : drifted / decided.length
  const rule = PRESET_SHARES[preset]
  const counts = { columns: decided.length, drifted, share, undecided: columns.length - decided.length }
  const limit = typeof rule === 'number' ? rule : null
  if (share === null) return { ...counts, limit, is_drifted: null, because: 'no column can be decided' }
  if (rule === 'none')
    return { ...counts, limit, is_drifted: null, because: `${preset} says nothing of all columns together` }
  const is_drifted = rule === 'any' ? drifted > 0 : share >= rule
  const from = rule === 'any' ? 'one column is enough' : `${100 * rule} % is the limit`
  return {
    ...counts,
    limit,
    is_drifted,
    because: `${drifted} of ${decided.length} columns drifted by ${preset}, ${from}`,
  }
}
