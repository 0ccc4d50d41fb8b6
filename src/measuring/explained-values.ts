import type { Column } from '../ports.ts'
import type { Alternative } from '../statistics/counterfactual.ts'

/** Points of a curve of a column of numbers, and most categories. */
const GRID = 20
/** Values of a column that a counterfactual tries. */
const MOST_VALUES = 400

/**
 * Rows that hold a column's values worth drawing: of numbers up to 20 values at even shares of the rows, of categories
 * the 20 most frequent. Every value was seen; missing ones are left out.
 *
 * @param rows  rows to look at
 * @returns rows of the column, numbers rising, categories by frequency, then by name
 */
export function gridDonors(column: Column, rows: Int32Array): Int32Array {
  if ('codes' in column) return Int32Array.from(frequentDonors(column, rows).slice(0, GRID))
  const sorted = knownRows(column, rows)
  const picked = Array.from({ length: GRID }, (_, at) => sorted[Math.round((at * (sorted.length - 1)) / (GRID - 1))])
  return Int32Array.from(
    distinctBy(
      picked.filter((row) => row !== undefined),
      (row) => column.values[row]!,
    ),
  )
}

/**
 * Other values that a row's column could take, with how far away they are: between numbers the share of the background
 * between them, between categories 1.
 *
 * @param row         row of the column that is to change
 * @param background  rows of the column whose values may be taken; at most 400 values, at even shares
 * @returns nearest first; empty where nothing else was seen
 */
export function alternativesOf(column: Column, row: number, background: Int32Array): readonly Alternative[] {
  if ('codes' in column)
    return frequentDonors(column, background)
      .filter((donor) => column.codes[donor] !== column.codes[row])
      .slice(0, MOST_VALUES)
      .map((donor) => ({ donor, distance: 1 }))
  const sorted = knownRows(column, background)
  const ranks = Float64Array.from(sorted, (donor) => column.values[donor]!)
  const own = column.nulls[row] === 1 ? null : midRank(ranks, column.values[row]!)
  const distinct = distinctBy([...sorted], (donor) => column.values[donor]!)
  return evenly(distinct, MOST_VALUES)
    .filter((donor) => own === null || column.values[donor] !== column.values[row])
    .map((donor) => ({ donor, distance: distanceBetween(own, midRank(ranks, column.values[donor]!), ranks.length) }))
    .toSorted((a, b) => a.distance - b.distance)
}

/** At least a little, so that no change is free; from a missing value every other is as far as a category. */
function distanceBetween(own: number | null, other: number, rows: number): number {
  return own === null ? 1 : Math.max(Math.abs(other - own), 0.5) / rows
}

function knownRows(column: Extract<Column, { readonly nulls: Uint8Array }>, rows: Int32Array): Int32Array {
  return rows
    .filter((row) => column.nulls[row] === 0 && Number.isFinite(column.values[row]!))
    .sort((a, b) => column.values[a]! - column.values[b]! || a - b)
}

/** One row for each category, the most frequent first, then by name. */
function frequentDonors(column: Extract<Column, { readonly codes: Int32Array }>, rows: Int32Array): readonly number[] {
  const counts = new Map<number, { donor: number; count: number }>()
  for (const row of rows) {
    const code = column.codes[row]!
    const known = counts.get(code)
    if (known !== undefined) known.count++
    else if (code >= 0) counts.set(code, { donor: row, count: 1 })
  }
  const nameOf = (code: number): string => column.values[code]!
  return [...counts]
    .toSorted(([a, x], [b, y]) => y.count - x.count || (nameOf(a) < nameOf(b) ? -1 : 1))
    .map(([, { donor }]) => donor)
}

function distinctBy(rows: readonly number[], numberOf: (row: number) => number): readonly number[] {
  return rows.filter((row, at) => at === 0 || numberOf(row) !== numberOf(rows[at - 1]!))
}

function evenly(rows: readonly number[], most: number): readonly number[] {
  if (rows.length <= most) return rows
  return Array.from({ length: most }, (_, at) => rows[Math.round((at * (rows.length - 1)) / (most - 1))]!)
}

/** Rows below a value and half of those that equal it. */
function midRank(sorted: Float64Array, value: number): number {
  return (boundary(sorted, (one) => one < value) + boundary(sorted, (one) => one <= value)) / 2
}

function boundary(sorted: Float64Array, isBefore: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
