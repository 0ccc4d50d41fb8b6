import type { DriftKind, DriftNote } from '../statistics/drift-column.ts'
import type { Examined } from '../statistics/drift-examination.ts'
import { type Missing, notesOn, type Unseen, unseenIn } from '../statistics/drift-notes.ts'
import { noStatistics } from '../statistics/drift-statistics.ts'
import type { Windows } from '../statistics/drift-windows.ts'
import type { CategoryProfile, ColumnProfile, NumberProfile } from './column-profile.ts'
import { categoryWindows, driftOfCategories } from './drift-of-categories.ts'
import { driftOfNumbers, type StatisticErrors } from './drift-of-numbers.ts'
import { distinctIn } from './hyperloglog.ts'
import { rowsOfSketch } from './sketch-quantile.ts'
import { aligned, type Spread } from './weighted-walk.ts'

/** One column of two profiles, looked at by itself: what rows would give, and how far off that can be. */
export interface ExaminedProfiles extends Examined {
  /** Keys of `statistics`; of a statistic with a p-value its own error. 0: as from rows. null: nothing bounds it. */
  readonly errors: StatisticErrors
}

const NOTHING_UNSEEN: Unseen = { values: [], share: 0 }
const NO_WINDOWS: Windows = { kind: 'number', reference: new Float64Array(0), current: new Float64Array(0) }
/** As drift from rows has them. */
const ID_LIKE_SHARE = 0.9
const ID_LIKE_ROWS = 20

/**
 * A column of two profiles as drift looks at a column of two tables: the same statistics, notes and reasons, so that
 * the same code decides.
 *
 * Numbers that are not finite count as missing, as they do from rows.
 *
 * @param reference, current  the same column of both
 */
export function examineProfiles(reference: ColumnProfile, current: ColumnProfile): ExaminedProfiles {
  const missing = { reference: missingOf(reference), current: missingOf(current) }
  const kind: DriftKind = [reference, current].some((one) => one.kind === 'number') ? 'number' : 'category'
  const silent = { column: reference.column, kind, missing, statistics: noStatistics(kind), unseen: NOTHING_UNSEEN }
  const plain = { ...silent, notes: notesOn(NO_WINDOWS, missing, NOTHING_UNSEEN), errors: noErrors(kind) }
  if (reference.rows === 0 || current.rows === 0) return { ...plain, reason: 'no_rows' }
  if (isEmpty(missing.reference) || isEmpty(missing.current)) return { ...plain, reason: 'all_missing' }
  if (reference.kind === 'withheld' || current.kind === 'withheld') return { ...plain, reason: 'withheld' }
  const notes = typeNotes(reference, current)
  if (reference.kind === 'number' && current.kind === 'number')
    return { ...silent, ...numbersOf(reference as Spread, current as Spread, missing, notes) }
  if (reference.kind === 'category' && current.kind === 'category')
    return { ...silent, ...categoriesOf(reference, current, missing, notes) }
  return { ...plain, notes: [...notes, ...plain.notes], reason: 'type_changed' }
}

type Found = Pick<ExaminedProfiles, 'statistics' | 'notes' | 'errors' | 'contestant' | 'reason' | 'unseen'>

function numbersOf(reference: Spread, current: Spread, missing: Missing, notes: readonly DriftNote[]): Found {
  const found = driftOfNumbers(reference, current)
  const isIdLike = isNumberIdLike(reference)
  const seen = notesOn(asCategories(reference, current), missing, NOTHING_UNSEEN).filter(isOfNumbers)
  return foundOf(found, { missing, unseen: NOTHING_UNSEEN, notes: [...notes, ...seen, ...idNotes(isIdLike)], isIdLike })
}

function categoriesOf(
  reference: CategoryProfile,
  current: CategoryProfile,
  missing: Missing,
  notes: readonly DriftNote[],
): Found {
  const windows = categoryWindows(reference.counts, current.counts)
  const isIdLike = isCategoryIdLike(reference)
  // What was left out of the reference's count could be any value.
  const unseen = reference.counts.registers === null && current.counts.others === 0 ? unseenIn(windows) : NOTHING_UNSEEN
  const seen = notesOn(windows, missing, unseen).filter(({ code }) => code !== 'id-like')
  const found = driftOfCategories(reference.counts, current.counts)
  return foundOf(found, { missing, unseen, notes: [...notes, ...seen, ...idNotes(isIdLike)], isIdLike })
}

interface Around {
  readonly missing: Missing
  readonly unseen: Unseen
  readonly notes: readonly DriftNote[]
  readonly isIdLike: boolean
}

function foundOf({ statistics, errors }: ReturnType<typeof driftOfNumbers>, around: Around): Found {
  const { missing, unseen, notes, isIdLike } = around
  const found = { statistics: statistics.shown, errors, unseen, notes }
  if (isIdLike) return { ...found, reason: 'id_like' }
  const values = ({ rows, missing: without }: Missing['reference']) => rows - without
  const contestant = { statistics, reference: values(missing.reference), current: values(missing.current) }
  return { ...found, contestant }
}

/** Buckets as categories: enough to see a column that became constant. */
function asCategories(reference: Spread, current: Spread): Windows {
  const { keys, ...counts } = aligned(reference.sketch, current.sketch)
  const categories = Array.from(keys, (key) => (Object.is(key, -0) ? '-0' : String(key)))
  return { kind: 'category', categories, reference: [...counts.reference], current: [...counts.current] }
}

function isOfNumbers({ code }: DriftNote): boolean {
  return !['id-like', 'unseen', 'string-variants'].includes(code)
}

function isNumberIdLike({ whole, sketch, registers }: NumberProfile): boolean {
  const rows = rowsOfSketch(sketch)
  const distinct = registers === null ? sketch.keys.length : distinctIn(registers)
  return whole && rows >= ID_LIKE_ROWS && distinct > ID_LIKE_SHARE * rows
}

function isCategoryIdLike({ rows, missing, counts }: CategoryProfile): boolean {
  const distinct = counts.registers === null ? counts.values.size : distinctIn(counts.registers)
  return rows - missing >= ID_LIKE_ROWS && distinct > ID_LIKE_SHARE * (rows - missing)
}

function idNotes(isIdLike: boolean): readonly DriftNote[] {
  return isIdLike ? [{ code: 'id-like', message: 'nearly every row has its own value: not compared' }] : []
}

function missingOf(column: ColumnProfile): Missing['reference'] {
  const infinite = column.kind === 'number' ? column.infinite.negative + column.infinite.positive : 0
  return { rows: column.rows, missing: column.missing + infinite }
}

function isEmpty({ rows, missing }: Missing['reference']): boolean {
  return rows === missing
}

function typeNotes(reference: ColumnProfile, current: ColumnProfile): readonly DriftNote[] {
  if (reference.type === current.type) return []
  const compared = reference.kind === current.kind ? '' : ': not compared'
  return [{ code: 'type-changed', message: `${reference.type} in the reference, ${current.type} now${compared}` }]
}

function noErrors(kind: DriftKind): StatisticErrors {
  return Object.fromEntries(Object.keys(noStatistics(kind)).map((name) => [name, null]))
}
