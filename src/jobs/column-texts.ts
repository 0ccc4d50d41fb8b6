import type { Column } from '../ports.ts'

/** Values of a column as texts in row order, null where there is none; ids and labels are compared so. */
export function columnTexts(column: Column | undefined): readonly (string | null)[] {
  if (column === undefined) return []
  if (!('nulls' in column)) return Array.from(column.codes, (code) => column.values[code] ?? null)
  return Array.from(column.values, (value, row) => (column.nulls[row] === 1 ? null : String(value)))
}
