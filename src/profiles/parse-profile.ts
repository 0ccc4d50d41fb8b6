import type { z } from 'zod'
import { BadProfile } from './bad-profile.ts'
import { columnDocument } from './column-document.ts'
import { parseColumn } from './column-from-document.ts'
import type { ColumnProfile, Profile } from './column-profile.ts'
import { categoryColumn, numberColumn, profileShape, withheldColumn } from './column-schema.ts'
import { ownWarnings, PROFILE_SCHEMA } from './profile-document.ts'

const MAKE_IT_AGAIN = 'Make it again with: weighbridge profile --data FILE --out FILE.'

/**
 * Reads a profile's file, and believes nothing of it: what can be computed from the rest is computed again.
 *
 * @param text    the file
 * @param called  its name in messages
 * @throws {BadProfile} that names the place
 */
export function parseProfile(text: string, called: string): Profile {
  const document = parsed(profileShape, jsonOf(text, called), `${called}: `)
  if (document.schema !== PROFILE_SCHEMA)
    throw new BadProfile(
      `${called}: schema is ${JSON.stringify(document.schema.slice(0, 100))}, not ${PROFILE_SCHEMA}`,
      MAKE_IT_AGAIN,
    )
  const columns = document.columns.map((column, index) =>
    columnOf(column, document.rows, `${called}: columns[${index}]`),
  )
  const names = columns.map(({ column }) => column)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new BadProfile(`${called}: column ${twice} is there twice`, MAKE_IT_AGAIN)
  const warnings = document.warnings.map(({ column, ...one }) => (column === undefined ? one : { ...one, column }))
  return { rows: document.rows, columns, warnings: ownWarnings(warnings) }
}

function jsonOf(text: string, called: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadProfile(`${called} is not JSON`, 'Name the file that weighbridge profile --out wrote.')
  }
}

function parsed<T extends z.ZodType>(schema: T, value: unknown, place: string): z.infer<T> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = (issue?.path ?? []).map(String).join('.')
  throw new BadProfile(`${place}${path === '' ? '' : `${path}: `}${issue?.message}`, MAKE_IT_AGAIN)
}

function columnOf(document: unknown, rows: number, called: string): ColumnProfile {
  const column = parseColumn(parsed(schemaOf(document), document, `${called} `), rows)
  if (typeof column === 'string') throw new BadProfile(`${called} ${nameOf(document)}: ${column}`, MAKE_IT_AGAIN)
  const said = document as Readonly<Record<string, unknown>>
  const wrong = Object.entries(columnDocument(column)).find(([key, value]) => !isSame(said[key], value))
  if (wrong === undefined) return column
  const [key, value] = wrong
  throw new BadProfile(
    `${called} ${column.column}.${key}: the rest of the column gives ${shown(value)}, the file says ${shown(said[key])}`,
    MAKE_IT_AGAIN,
  )
}

function schemaOf(document: unknown) {
  if (typeof document !== 'object' || document === null) return numberColumn
  if ('withheld' in document) return withheldColumn
  return 'values' in document ? categoryColumn : numberColumn
}

function nameOf(document: unknown): string {
  return String((document as { readonly column?: unknown }).column)
}

/** Key order is free inside; a number is the same number whichever way it was written. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [left, right] = [Object.entries(a), b as Readonly<Record<string, unknown>>]
  return (
    left.length === Object.keys(right).length &&
    left.every(([key, value]) => Object.hasOwn(right, key) && isSame(value, right[key]))
  )
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}
