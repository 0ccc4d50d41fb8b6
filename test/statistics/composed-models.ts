import type { ComposedRows } from '../../src/statistics/inquiry.ts'

/** A model over a pool of rows of numbers, as an inquiry asks it; counts what it was asked. */
export function modelOver(pool: readonly (readonly number[])[], f: (row: readonly number[]) => number) {
  const asked = { rows: 0, calls: 0 }
  const score = ({ base, swapped }: ComposedRows): Float64Array => {
    asked.rows += base.length
    asked.calls++
    return Float64Array.from(base, (row, at) =>
      f(pool[row]!.map((own, column) => pool[swapped.get(column)?.[at] ?? row]![column] ?? own)),
    )
  }
  return { score, asked }
}

/** Equal numbers, equal codes, column by column. */
export function codesOfPool(pool: readonly (readonly number[])[]): readonly Int32Array[] {
  return (pool[0] ?? []).map((_, column) => {
    const values = [...new Set(pool.map((row) => row[column]!))]
    return Int32Array.from(pool, (row) => values.indexOf(row[column]!))
  })
}

export const rowsFrom = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, at) => from + at)
