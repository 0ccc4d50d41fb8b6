import type { Column } from '../ports.ts'
import { columnTexts } from './column-texts.ts'
import { sameLabel } from './exam.ts'

/** Numbers of a column at these rows; NaN at row -1, where nothing stands, and for what is no number. */
export function numbersAt(column: Column, rows: Int32Array): Float64Array {
  if ('nulls' in column)
    return Float64Array.from(rows, (row) => (row < 0 || column.nulls[row] === 1 ? Number.NaN : column.values[row]!))
  return Float64Array.from(rows, (row) => numberIn(column.values[column.codes[row] ?? -1]))
}

/** As the reader spells numbers: `0x10` and `1_000` are none. */
const NUMBER = /^ *[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)? *$/

function numberIn(text: string | undefined): number {
  return text !== undefined && NUMBER.test(text) ? Number(text) : Number.NaN
}

/** 1 where the class at these rows is the positive one, 0 where it is another, NaN where there is none. */
export function classesAt(column: Column, rows: Int32Array, positive: string | number | boolean): Float64Array {
  const texts = columnTexts(column)
  return Float64Array.from(rows, (row) => {
    const text = texts[row] ?? null
    return text === null || text === 'NaN' ? Number.NaN : sameLabel(text, positive) ? 1 : 0
  })
}
