import type { DriftNote } from './drift-column.ts'
import { grownNotes } from './drift-grown.ts'
import { outlierNotes } from './drift-outliers.ts'
import { variantNotes } from './drift-variants.ts'
import { valuesIn, type Windows } from './drift-windows.ts'
import { riseByChance } from './rise-by-chance.ts'
import { sumOf } from './shares.ts'

const MISSING_RISE = 0.05
const UNSEEN_SHARE = 0.01
const ID_LIKE_SHARE = 0.9
/** Fewer rows than this look like identifiers whatever they are. */
const ID_LIKE_ROWS = 20
/** An alarm that clean data would raise more often than this is no alarm. */
const LEVEL = 0.01
const SHOWN_VALUES = 20
const SHOWN_LENGTH = 200

/** Categories of the current window that the reference never had, most frequent first, and their share of its rows. */
export interface Unseen {
  readonly values: readonly string[]
  readonly share: number
}

/** What is new in a column; numbers are never unseen. */
export function unseenIn(windows: Windows): Unseen {
  if (windows.kind === 'number') return { values: [], share: 0 }
  const { categories, reference, current } = windows
  const fresh = categories
    .map((value, category) => ({ value, rows: reference[category] === 0 ? current[category]! : 0 }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows)
  return {
    values: fresh.slice(0, SHOWN_VALUES).map(({ value }) => shortened(value)),
    share: fresh.reduce((sum, { rows }) => sum + rows, 0) / Math.max(1, sumOf(current)),
  }
}

/** A category can be any text of a table; a report needs only its beginning. */
function shortened(value: string): string {
  return value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}...` : value
}

/** Rows of each window, and those of them without a value. */
export interface Missing {
  readonly reference: { readonly rows: number; readonly missing: number }
  readonly current: { readonly rows: number; readonly missing: number }
}

/** Findings about a column that no distance between distributions shows. */
export function notesOn(windows: Windows, missing: Missing, unseen: Unseen): DriftNote[] {
  const notes = [allMissingNote(missing), missingNote(missing), unseenNote(unseen), constantNote(windows)]
  const ofKind =
    windows.kind === 'number'
      ? outlierNotes(windows.reference, windows.current)
      : [...variantNotes(windows), ...grownNotes(windows)]
  const isId = isIdLike(windows) && { code: 'id-like', message: 'nearly every row has its own value: not compared' }
  return [...notes.filter((note) => note !== undefined), ...ofKind, ...(isId ? [isId] : [])]
}

/** Whether a column of the reference tells rows apart rather than describing them. */
export function isIdLike(windows: Windows): boolean {
  const values = valuesIn(windows, 'reference')
  if (windows.kind === 'number' && !areWhole(windows.reference)) return false
  return values >= ID_LIKE_ROWS && distinctIn(windows.kind, windows.reference) > ID_LIKE_SHARE * values
}

function areWhole(numbers: Float64Array): boolean {
  for (let i = 0; i < numbers.length; i++) if (!Number.isInteger(numbers[i])) return false
  return true
}

function allMissingNote({ reference, current }: Missing): DriftNote | undefined {
  const empty = [reference, current].map(({ rows, missing }) => rows > 0 && rows === missing)
  if (!empty.includes(true)) return undefined
  const where = empty[0] ? (empty[1] ? 'both windows' : 'the reference') : 'the current window'
  return { code: 'all-missing', message: `no row of ${where} has a value: not compared` }
}

function missingNote({ reference, current }: Missing): DriftNote | undefined {
  if (reference.rows === 0 || current.rows === 0) return undefined
  const [before, after] = [reference.missing / reference.rows, current.missing / current.rows]
  if (after - before <= MISSING_RISE || byChance({ reference, current }) >= LEVEL) return undefined
  return { code: 'missing-share', message: `${percent(after)} of the rows are missing, before ${percent(before)}` }
}

function byChance({ reference, current }: Missing): number {
  const counted = ({ rows, missing }: Missing['reference']) => ({ rows, of: missing })
  return riseByChance(counted(reference), counted(current))
}

function unseenNote({ share }: Unseen): DriftNote | undefined {
  if (share <= UNSEEN_SHARE) return undefined
  return { code: 'unseen', message: `${percent(share)} of the rows hold values that the reference never had` }
}

function constantNote(windows: Windows): DriftNote | undefined {
  const before = onlyValue(windows, 'reference')
  const after = onlyValue(windows, 'current')
  if (before === after || valuesIn(windows, 'reference') === 0 || valuesIn(windows, 'current') === 0) return undefined
  if (after === undefined) return { code: 'constant-changed', message: 'was one value in every row, now it varies' }
  if (before !== undefined)
    return { code: 'constant-changed', message: 'was one value in every row, now it is another' }
  if (constantByChance(windows, after) >= LEVEL) return undefined
  return { code: 'constant-changed', message: 'is one value in every row, before it varied' }
}

/** How often as many rows of the reference would all show this one value. */
function constantByChance(windows: Windows, value: string | number): number {
  const rows =
    windows.kind === 'number'
      ? windows.reference.filter((x) => x === value).length
      : windows.reference[windows.categories.indexOf(String(value))]!
  return (rows / valuesIn(windows, 'reference')) ** valuesIn(windows, 'current')
}

function onlyValue(windows: Windows, which: 'reference' | 'current'): string | number | undefined {
  if (windows.kind === 'number') {
    const sorted = windows[which]
    return sorted[0] === sorted[sorted.length - 1] ? sorted[0] : undefined
  }
  const counts = windows[which]
  return distinctIn('category', counts) === 1 ? windows.categories[counts.findIndex((rows) => rows > 0)] : undefined
}

function distinctIn(kind: Windows['kind'], window: ArrayLike<number>): number {
  let distinct = 0
  for (let i = 0; i < window.length; i++) {
    if (kind === 'number' ? i === 0 || window[i] !== window[i - 1] : window[i]! > 0) distinct++
  }
  return distinct
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}
