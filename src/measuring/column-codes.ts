import type { Column } from '../ports.ts'

/** Columns by name, all of one length. */
export type Columns = ReadonlyMap<string, Column>

/** How many rows columns have. */
export function columnRows(columns: Columns): number {
  const [first] = columns.values()
  return first === undefined ? 0 : 'codes' in first ? first.codes.length : first.values.length
}

/**
 * A column's values as codes from 0 on: equal codes, equal values; a missing value is a value.
 *
 * @returns one code a row, in the order in which values are first seen
 */
export function codesOf(column: Column): Int32Array {
  if ('codes' in column) return column.codes.map((code) => code + 1)
  const codes = new Map<number, number>()
  return Int32Array.from(column.values, (value, row) => {
    const own = column.nulls[row] === 1 ? Number.NaN : value
    const code = codes.get(own) ?? codes.size
    codes.set(own, code)
    return code
  })
}

/** The rows of a column, in the order given; a row may stand several times. */
export function pickedColumn(column: Column, rows: Int32Array): Column {
  if ('codes' in column) {
    const codes = new Int32Array(rows.length)
    for (let at = 0; at < rows.length; at++) codes[at] = column.codes[rows[at]!]!
    return { ...column, codes }
  }
  const values = new Float64Array(rows.length)
  const nulls = new Uint8Array(rows.length)
  for (let at = 0; at < rows.length; at++) {
    values[at] = column.values[rows[at]!]!
    nulls[at] = column.nulls[rows[at]!]!
  }
  return { ...column, values, nulls }
}

/**
 * Columns of several tables one below the other.
 *
 * @throws {RangeError} when a column holds numbers in one table and texts in another
 */
export function stackedColumns(tables: readonly Columns[], names: readonly string[]): Columns {
  return new Map(
    names.map((name) => [
      name,
      stacked(
        tables.map((table) => table.get(name)!),
        name,
      ),
    ]),
  )
}

function stacked(parts: readonly Column[], name: string): Column {
  const first = parts[0]!
  if (parts.length === 1) return first
  const coded = parts.filter((part) => 'codes' in part)
  if (coded.length === parts.length) return stackedCodes(coded)
  const numbers = parts.filter((part) => 'nulls' in part)
  if (numbers.length !== parts.length)
    throw new RangeError(`column ${name} holds numbers in one table and texts in another`)
  const rows = numbers.reduce((sum, { values }) => sum + values.length, 0)
  const whole = { values: new Float64Array(rows), nulls: new Uint8Array(rows) }
  let at = 0
  for (const { values, nulls } of numbers) {
    whole.values.set(values, at)
    whole.nulls.set(nulls, at)
    at += values.length
  }
  return { type: numbers[0]!.type, ...whole }
}

type Coded = Extract<Column, { readonly codes: Int32Array }>

function stackedCodes(parts: readonly Coded[]): Coded {
  const places = new Map<string, number>()
  const place = (text: string): number => {
    const known = places.get(text) ?? places.size
    places.set(text, known)
    return known
  }
  const whole = new Int32Array(parts.reduce((sum, { codes }) => sum + codes.length, 0))
  let at = 0
  for (const { codes, values } of parts) {
    const own = values.map(place)
    for (const code of codes) whole[at++] = code < 0 ? -1 : own[code]!
  }
  const isBoolean = parts.every(({ type }) => type === 'boolean')
  return { type: isBoolean ? 'boolean' : 'category', codes: whole, values: [...places.keys()] }
}

/** What stands in a row, as JSON says it: a number, a text, or null; an infinite number is the text of it. */
export function valueAt(column: Column, row: number): number | string | null {
  if ('codes' in column) return column.values[column.codes[row]!] ?? null
  const value = column.values[row]!
  if (column.nulls[row] === 1 || Number.isNaN(value)) return null
  return Number.isFinite(value) ? value : String(value)
}
