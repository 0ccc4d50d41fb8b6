import { categoryColumn } from '../../src/profiles/category-builder.ts'
import type { ColumnProfile, Profile } from '../../src/profiles/column-profile.ts'
import { numberBuilder } from '../../src/profiles/number-builder.ts'
import { profileDocument } from '../../src/profiles/profile-document.ts'

/** Numbers of a column; null is no value. */
export type Cells = readonly (number | null)[]

export function profileOfNumbers(cells: Cells, edges: readonly number[] | null = null, chunk = 2048): ColumnProfile {
  const builder = numberBuilder('x', 'number', edges)
  for (let start = 0; start < cells.length; start += chunk) {
    const part = cells.slice(start, start + chunk)
    builder.add(
      Float64Array.from(part, (cell) => cell ?? Number.NaN),
      Uint8Array.from(part, (cell) => Number(cell === null)),
    )
  }
  return builder.profile()
}

export function profileOfTexts(cells: readonly (string | null)[], column = 't'): ColumnProfile {
  const builder = categoryColumn(column, 'category')
  const values = [...new Set(cells.filter((cell) => cell !== null))]
  const codes = new Map(values.map((value, code) => [value, code]))
  builder.add(
    Int32Array.from(cells, (cell) => (cell === null ? -1 : codes.get(cell)!)),
    values,
  )
  return builder.profile()
}

export function profileOf(...columns: readonly ColumnProfile[]): Profile {
  return { rows: columns[0]?.rows ?? 0, columns, warnings: [] }
}

/** What would be written: two profiles are the same when their texts are. */
export function textOf(profile: Profile): string {
  return JSON.stringify(profileDocument(profile, 'engine'))
}
