import type { PresetAnswer, PresetInput, PresetName } from './drift-preset.ts'
import { alibiAnswer } from './drift-preset-alibi.ts'
import { deepchecksAnswer } from './drift-preset-deepchecks.ts'
import { evidentlyAnswer } from './drift-preset-evidently.ts'
import { nannymlAnswer } from './drift-preset-nannyml.ts'

/** Each tool's answer on one column. */
export const PRESET_ANSWERS: Readonly<Record<PresetName, (input: PresetInput) => PresetAnswer>> = {
  evidently: evidentlyAnswer,
  nannyml: nannymlAnswer,
  deepchecks: deepchecksAnswer,
  alibi: alibiAnswer,
}

/** The share of drifted columns from which each tool calls the whole drifted: any at all, or it never says. */
export const PRESET_SHARES: Readonly<Record<PresetName, number | 'any' | 'none'>> = {
  evidently: 0.5,
  nannyml: 'none',
  deepchecks: 'any',
  alibi: 'any',
}
