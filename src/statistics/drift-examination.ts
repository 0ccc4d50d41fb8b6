import type { DriftInput, DriftNote, DriftStatistics } from './drift-column.ts'
import type { Contestant } from './drift-decision.ts'
import { isIdLike, type Missing, notesOn, type Unseen, unseenIn } from './drift-notes.ts'
import { noStatistics, statisticsOf } from './drift-statistics.ts'
import { missingIn, rowsOf, valuesIn, windowsOf } from './drift-windows.ts'

/** One column, looked at by itself: all but the decision, which takes all columns together. */
export interface Examined {
  readonly input: DriftInput
  readonly missing: Missing
  readonly statistics: DriftStatistics
  readonly unseen: Unseen
  readonly notes: readonly DriftNote[]
  /** Present when the column takes part in the test; else `reason` says why not. */
  readonly contestant?: Contestant
  readonly reason?: string
}

/** Sorts or counts both windows of a column once, and takes all its numbers from that. */
export function examine(input: DriftInput): Examined {
  const missing = {
    reference: { rows: rowsOf(input.reference), missing: missingIn(input.reference) },
    current: { rows: rowsOf(input.current), missing: missingIn(input.current) },
  }
  const windows = windowsOf(input)
  const typeNotes = typeNotesOn(input, windows === undefined)
  const silent = { input, missing, statistics: noStatistics(input.kind) }
  if (windows === undefined) {
    return { ...silent, unseen: { values: [], share: 0 }, notes: typeNotes, reason: 'type_changed' }
  }
  const [reference, current] = [valuesIn(windows, 'reference'), valuesIn(windows, 'current')]
  const unseen = unseenIn(windows)
  const notes = [...typeNotes, ...notesOn(windows, missing, unseen)]
  if (missing.reference.rows === 0 || missing.current.rows === 0) return { ...silent, unseen, notes, reason: 'no_rows' }
  if (reference === 0 || current === 0) return { ...silent, unseen, notes, reason: 'all_missing' }
  const statistics = statisticsOf(windows)
  const seen = { input, missing, statistics: statistics.shown, unseen, notes }
  if (isIdLike(windows)) return { ...seen, reason: 'id_like' }
  return { ...seen, contestant: { statistics, reference, current } }
}

function typeNotesOn(input: DriftInput, isUnreadable: boolean): DriftNote[] {
  if (input.typeChanged !== undefined) return [{ code: 'type-changed', message: input.typeChanged }]
  if (!isUnreadable) return []
  return [{ code: 'type-changed', message: 'is to be read as a number and holds text: not compared' }]
}
