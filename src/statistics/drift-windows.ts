import type { ReadColumn, ReadInput, SortedColumn } from './drift-column.ts'
import { sumOf } from './shares.ts'
import { sortDoubles } from './sort-doubles.ts'

/** The rows of a column that hold a value, ready for every statistic: numbers sorted once, categories counted once. */
export type Windows =
  | { readonly kind: 'number'; readonly reference: Float64Array; readonly current: Float64Array }
  | {
      readonly kind: 'category'
      /** All categories of both windows; the counts stand in the same order. */
      readonly categories: readonly string[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
    }

type NumberColumn = Extract<ReadColumn, { readonly nulls: Uint8Array }>

/**
 * Both windows of a column without their missing values.
 *
 * @returns undefined when a column that is to be read as a number holds categories
 */
export function windowsOf({ kind, reference, current }: ReadInput): Windows | undefined {
  if (kind === 'category') return categoriesOf(countsOf(reference), countsOf(current))
  const [before, after] = [asNumbers(reference), asNumbers(current)]
  return before && after && { kind, reference: present(before), current: present(after) }
}

/** Texts that are all numbers are read as such: the type changed, the values can still be compared. */
function asNumbers(column: ReadColumn): NumberColumn | SortedColumn | undefined {
  if ('nulls' in column || column.type === 'sorted') return column
  const numbers = column.values.map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
  if (numbers.some((number, code) => Number.isNaN(number) && column.codes.includes(code))) return undefined
  const values = new Float64Array(column.codes.length)
  for (let row = 0; row < values.length; row++) values[row] = numbers[column.codes[row]!] ?? Number.NaN
  return { type: 'number', values, nulls: new Uint8Array(values.length) }
}

/** Rows of a column. */
export function rowsOf(column: ReadColumn): number {
  if ('codes' in column) return column.codes.length
  return column.type === 'sorted' ? column.rows : column.values.length
}

/** Rows of a column without a value. */
export function missingIn(column: ReadColumn): number {
  if (column.type === 'sorted') return column.rows - column.values.length
  if ('nulls' in column) return column.values.length - presentIn(column)
  let missing = 0
  for (const code of column.codes) if (code < 0) missing++
  return missing
}

function presentIn({ values, nulls }: NumberColumn): number {
  let present = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (nulls[row] === 0 && value - value === 0) present++
  }
  return present
}

/** A number that is not finite is no value to compare: it counts as missing. */
function isPresent(column: NumberColumn, row: number): boolean {
  return column.nulls[row] === 0 && Number.isFinite(column.values[row])
}

function present(column: NumberColumn | SortedColumn): Float64Array {
  if (column.type === 'sorted') return column.values
  return sortDoubles(compacted(column, new Float64Array(column.values.length)))
}

/** Only a finite number less itself is 0. */
function compacted({ values, nulls }: NumberColumn, into: Float64Array): Float64Array {
  let count = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    if (nulls[row] === 0 && value - value === 0) into[count++] = value
  }
  return into.subarray(0, count)
}

/**
 * A column of numbers in the order in which windows are compared, in its own memory: the column is spent.
 *
 * @param spare  room for as many numbers, used while sorting
 * @returns categories and sorted columns as they are
 */
export function sortedInPlace(column: ReadColumn, spare?: Float64Array): ReadColumn {
  if (!('nulls' in column)) return column
  const rows = column.values.length
  return { type: 'sorted', values: sortDoubles(compacted(column, column.values), spare), rows }
}

function countsOf(column: ReadColumn): Map<string, number> {
  if ('codes' in column) return countCodes(column.codes, column.values)
  return column.type === 'sorted' ? countSorted(column.values) : countNumbers(column)
}

function countCodes(codes: Int32Array, values: readonly string[]): Map<string, number> {
  const byCode = new Float64Array(values.length)
  for (const code of codes) if (code >= 0) byCode[code]! += 1
  const counts = new Map<string, number>()
  for (const [code, rows] of byCode.entries()) {
    if (rows > 0) counts.set(values[code]!, (counts.get(values[code]!) ?? 0) + rows)
  }
  return counts
}

function countSorted(values: Float64Array): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  return counts
}

function countNumbers(column: NumberColumn): Map<string, number> {
  const byNumber = new Map<number, number>()
  for (const [row, value] of column.values.entries()) {
    if (isPresent(column, row)) byNumber.set(value, (byNumber.get(value) ?? 0) + 1)
  }
  return new Map([...byNumber].map(([value, rows]) => [String(value), rows]))
}

function categoriesOf(reference: Map<string, number>, current: Map<string, number>): Windows {
  const categories = [...new Set([...reference.keys(), ...current.keys()])].sort()
  return {
    kind: 'category',
    categories,
    reference: categories.map((category) => reference.get(category) ?? 0),
    current: categories.map((category) => current.get(category) ?? 0),
  }
}

/** Rows with a value. */
export function valuesIn(windows: Windows, which: 'reference' | 'current'): number {
  return windows.kind === 'number' ? windows[which].length : sumOf(windows[which])
}
