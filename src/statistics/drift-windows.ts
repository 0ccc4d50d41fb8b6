import type { DriftInput, WindowColumn } from './drift-column.ts'
import { sumOf } from './shares.ts'

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

type NumberColumn = Extract<WindowColumn, { readonly nulls: Uint8Array }>

/**
 * Both windows of a column without their missing values.
 *
 * @returns undefined when a column that is to be read as a number holds categories
 */
export function windowsOf({ kind, reference, current }: DriftInput): Windows | undefined {
  if (kind === 'category') return categoriesOf(countsOf(reference), countsOf(current))
  if (!('nulls' in reference && 'nulls' in current)) return undefined
  return { kind, reference: present(reference), current: present(current) }
}

/** Rows of a column. */
export function rowsOf(column: WindowColumn): number {
  return 'nulls' in column ? column.values.length : column.codes.length
}

/** Rows of a column without a value. */
export function missingIn(column: WindowColumn): number {
  let missing = 0
  const rows = rowsOf(column)
  for (let row = 0; row < rows; row++) {
    if ('nulls' in column ? !isPresent(column, row) : column.codes[row]! < 0) missing++
  }
  return missing
}

/** A number that is not finite is no value to compare: it counts as missing. */
function isPresent(column: NumberColumn, row: number): boolean {
  return column.nulls[row] === 0 && Number.isFinite(column.values[row])
}

function present(column: NumberColumn): Float64Array {
  return column.values.filter((_, row) => isPresent(column, row)).sort()
}

function countsOf(column: WindowColumn): Map<string, number> {
  return 'nulls' in column ? countNumbers(column) : countCodes(column.codes, column.values)
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
