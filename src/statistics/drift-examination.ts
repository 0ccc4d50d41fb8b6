import { blockSpread, blocksOf } from './drift-blocks.ts'
import type {
  BlockSpread,
  DriftKind,
  DriftNote,
  DriftShares,
  DriftSide,
  DriftStatistics,
  ReadInput,
} from './drift-column.ts'
import type { Contestant } from './drift-decision.ts'
import { isIdLike, type Missing, notesOn, type Unseen, unseenIn } from './drift-notes.ts'
import type { PresetAnswer, PresetName } from './drift-preset.ts'
import { PRESET_ANSWERS } from './drift-presets.ts'
import { sharesOf } from './drift-shares.ts'
import { noStatistics, pickStatistics, statisticsOf, type WantedStatistics } from './drift-statistics.ts'
import { missingIn, rowsOf, valuesIn, type Windows, windowsOf } from './drift-windows.ts'

/** One column, looked at by itself: all but the decision, which takes all columns together. Holds no rows. */
export interface Examined {
  readonly column: string
  readonly kind: DriftKind
  readonly missing: Missing
  readonly statistics: DriftStatistics
  readonly unseen: Unseen
  readonly notes: readonly DriftNote[]
  /** Present when the column takes part in the test; else `reason` says why not. */
  readonly contestant?: Contestant
  readonly reason?: string
  /** How windows of time within the reference differ, where the input names them. */
  readonly windows?: BlockSpread
  readonly shares?: DriftShares
  readonly preset?: PresetAnswer
}

/** What else is to be taken from a column while it is in memory. */
export interface Examination {
  readonly statistics?: WantedStatistics
  /** Shares for a picture. */
  readonly shares?: boolean
  /** What another tool would say; `chunks` are the blocks it goes by, not ours. */
  readonly preset?: PresetName
  /** Whether the blocks of the input raise the threshold. */
  readonly calibrated?: boolean
}

/**
 * Sorts or counts both windows of a column once, and takes all its numbers from that.
 *
 * @returns numbers alone: the rows of the column can be let go
 */
export function examine(input: ReadInput, asked: Examination = {}): Examined {
  const missing = {
    reference: { rows: rowsOf(input.reference), missing: missingIn(input.reference) },
    current: { rows: rowsOf(input.current), missing: missingIn(input.current) },
  }
  const windows = windowsOf(input)
  const typeNotes = typeNotesOn(input, windows === undefined)
  const statistics = pickStatistics(noStatistics(input.kind), asked.statistics ?? 'default')
  const silent = { column: input.column, kind: input.kind, missing, statistics, unseen: { values: [], share: 0 } }
  if (input.absent !== undefined)
    return { ...silent, notes: [absentNote(input.absent)], reason: `not_in_${input.absent}` }
  if (windows === undefined) return { ...silent, notes: typeNotes, reason: 'type_changed' }
  const unseen = unseenIn(windows)
  const notes = [...typeNotes, ...notesOn(windows, missing, unseen)]
  const seen = { ...silent, unseen, notes }
  if (missing.reference.rows === 0 || missing.current.rows === 0) return { ...seen, reason: 'no_rows' }
  if (valuesIn(windows, 'reference') === 0 || valuesIn(windows, 'current') === 0) {
    return { ...seen, reason: 'all_missing' }
  }
  return { ...seen, ...numbersOf(input, windows, asked) }
}

function numbersOf(input: ReadInput, windows: Windows, asked: Examination): Partial<Examined> {
  const statistics = statisticsOf(windows, asked.statistics)
  const blocks = blocksOf(input, windows)
  const spread = asked.calibrated === true ? blockSpread(windows, blocks) : undefined
  const shares = asked.shares === true ? sharesOf(windows) : undefined
  const found = {
    statistics: pickStatistics(statistics.shown, asked.statistics ?? 'default'),
    ...(spread && { windows: spread }),
    ...(shares && { shares }),
    ...(asked.preset && { preset: PRESET_ANSWERS[asked.preset]({ windows, blocks }) }),
  }
  if (isIdLike(windows)) return { ...found, reason: 'id_like' }
  const [reference, current] = [valuesIn(windows, 'reference'), valuesIn(windows, 'current')]
  const contestant = { statistics, reference, current, ...(spread && { floor: spread.threshold }) }
  return { ...found, contestant }
}

/** What is said of a column that one window alone has. */
export function absentNote(side: DriftSide): DriftNote {
  return side === 'current'
    ? { code: 'column-missing', message: 'stands in the reference, and the current window has no such column' }
    : { code: 'new-column', message: 'stands in the current window alone: nothing to compare it with' }
}

function typeNotesOn(input: ReadInput, isUnreadable: boolean): DriftNote[] {
  if (input.typeChanged !== undefined) return [{ code: 'type-changed', message: input.typeChanged }]
  if (!isUnreadable) return []
  return [{ code: 'type-changed', message: 'is to be read as a number and holds text: not compared' }]
}
