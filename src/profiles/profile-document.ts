import { type ColumnDocument, columnDocument } from './column-document.ts'
import type { Profile, ProfileWarning, WithheldReason } from './column-profile.ts'

/** `profile --json`, and the file that it writes. */
export interface ProfileDocument {
  readonly schema: typeof PROFILE_SCHEMA
  readonly engine: string
  readonly rows: number
  readonly columns: readonly ColumnDocument[]
  readonly warnings: readonly ProfileWarning[]
}

export const PROFILE_SCHEMA = 'weighbridge.profile/v1'

const WITHHELD: Readonly<Record<WithheldReason, string>> = {
  personal: 'is personal: only its rows are counted',
  undeclared: 'model.yml names no values of it: only its rows are counted',
  nested: 'is nested: only its rows are counted',
}

/**
 * A profile as its file holds it. One profile has one document, whichever parts it was merged from.
 *
 * @param engine  name of this program, for people
 * @example profileDocument({ rows: 0, columns: [], warnings: [] }, 'engine').warnings // => []
 */
export function profileDocument(profile: Profile, engine: string): ProfileDocument {
  return {
    schema: PROFILE_SCHEMA,
    engine,
    rows: profile.rows,
    columns: profile.columns.map(columnDocument),
    warnings: [...warningsOn(profile), ...inOneOrder(profile.warnings)],
  }
}

/** Codes of the warnings that follow from the columns, and are told again wherever they are. */
const DERIVED = ['withheld-personal', 'withheld-undeclared', 'withheld-nested', 'all-missing', 'infinite']

/**
 * Warnings of a document that its columns do not imply.
 *
 * @example ownWarnings([{ code: 'infinite', message: '' }]) // => []
 */
export function ownWarnings(warnings: readonly ProfileWarning[]): readonly ProfileWarning[] {
  return warnings.filter(({ code }) => !DERIVED.includes(code))
}

/**
 * Warnings each once, in an order of their own.
 *
 * @example inOneOrder([{ code: 'b', message: '' }, { code: 'a', message: '' }, { code: 'b', message: '' }]).length // => 2
 */
export function inOneOrder(warnings: readonly ProfileWarning[]): readonly ProfileWarning[] {
  const all = new Map(warnings.map((one) => [JSON.stringify([one.code, one.column ?? null, one.message]), one]))
  return [...all].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one)
}

/** From what the columns say alone, so that merging loses none and repeats none. */
function warningsOn({ columns }: Profile): ProfileWarning[] {
  return columns.flatMap((one): ProfileWarning[] => {
    const { column } = one
    if (one.kind === 'withheld')
      return [{ code: `withheld-${one.because}`, column, message: `${column} ${WITHHELD[one.because]}` }]
    if (one.rows === one.missing) return [{ code: 'all-missing', column, message: `${column} has no value in any row` }]
    const infinite = one.kind === 'number' ? one.infinite.negative + one.infinite.positive : 0
    if (infinite === 0) return []
    const message = `${column} holds ${infinite} infinite numbers; they are counted apart and in no other number`
    return [{ code: 'infinite', column, message }]
  })
}
