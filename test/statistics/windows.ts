import type { DriftInput, DriftKind, WindowColumn } from '../../src/statistics/drift-column.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { columnsOf } from '../support/rows.ts'

type Cells = readonly (number | string | null)[]

export function numbers(cells: Cells): WindowColumn {
  return {
    type: 'number',
    values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))),
    nulls: Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0)),
  }
}

export function categories(cells: Cells): WindowColumn {
  const values = [...new Set(cells.filter((cell) => cell !== null).map(String))]
  const codeOf = new Map(values.map((value, code) => [value, code]))
  return {
    type: 'category',
    codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : codeOf.get(String(cell))!)),
    values,
  }
}

export function windows(column: string, kind: DriftKind, reference: Cells, current: Cells): DriftInput {
  const read = kind === 'number' ? numbers : categories
  return { column, kind, reference: read(reference), current: read(current) }
}

/** Columns of two fixture tables, read as the reference numbers read them. */
export async function windowsOfFiles(
  reference: string,
  current: string,
  kinds: Readonly<Record<string, DriftKind>>,
): Promise<DriftInput[]> {
  const names = Object.keys(kinds)
  const [before, after] = await Promise.all([columnsOf(reference, names), columnsOf(current, names)])
  return names.map((name) => windows(name, kinds[name]!, before[name]!, after[name]!))
}

/** Standard normal numbers by Box and Muller. */
export function normals(seed: number, stream: string, rows: number): number[] {
  const { uniform } = pcg32(seed, stream)
  return Array.from({ length: rows }, () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()))
}
