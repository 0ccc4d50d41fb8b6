import type { Windows } from './drift-windows.ts'

/** Other tools whose numbers and decisions can be had from us. */
export const PRESETS = ['evidently', 'nannyml', 'deepchecks', 'alibi'] as const
export type PresetName = (typeof PRESETS)[number]

/** What another tool would say of one column. */
export interface PresetAnswer {
  readonly test: string
  /** The number that the tool shows: a p-value for its tests, a distance else. */
  readonly score: number | null
  readonly p_value: number | null
  readonly threshold: number | null
  /** null where the tool decides only over all columns together, or not at all. */
  readonly is_drifted: boolean | null
  /** The tool's own numbers of this column, whichever it decides by. */
  readonly numbers: Readonly<Record<string, number | null>>
}

/** A column as a preset sees it. */
export interface PresetInput {
  readonly windows: Windows
  /** Rows of the chunks of the reference; empty when it has none. */
  readonly blocks: readonly (Float64Array | readonly number[])[]
}

/** Decides by a distance: drifted at the threshold or above. */
export function byDistance(
  test: string,
  score: number | null,
  threshold: number,
  numbers: PresetAnswer['numbers'],
): PresetAnswer {
  return { test, score, p_value: null, threshold, is_drifted: score === null ? null : score >= threshold, numbers }
}

/** Decides by a p-value: drifted under the level. */
export function byChance(test: string, p: number, threshold: number, numbers: PresetAnswer['numbers']): PresetAnswer {
  return { test, score: p, p_value: p, threshold, is_drifted: p < threshold, numbers }
}
