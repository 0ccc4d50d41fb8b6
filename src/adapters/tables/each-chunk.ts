import { BadTable } from './bad-table.ts'
import type { Engine, Parameter } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'
import type { TextVector } from './text-codes.ts'

export interface ColumnsWanted {
  readonly sql: readonly string[]
  /** Values bound in that SQL. */
  readonly parameters: readonly Parameter[]
}

/**
 * Streams columns of a table in row order and hands over some two thousand rows at a time, a vector for each column.
 * @throws {BadTable} when the table holds more or fewer rows than it says
 */
export async function eachChunk(
  engine: Engine,
  table: OpenedTable,
  wanted: ColumnsWanted,
  onChunk: (vectorOf: (index: number) => TextVector, rows: number, start: number) => void,
): Promise<void> {
  const sql = `SELECT ${wanted.sql.join(', ')} FROM ${table.from}`
  const result = await engine.stream(sql, [...wanted.parameters, ...table.parameters])
  let start = 0
  let next = result.fetchChunk()
  for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
    const { rowCount: rows } = chunk
    // the engine makes the next chunk while this one is looked at
    next = result.fetchChunk()
    next.catch(() => undefined)
    if (start + rows > table.rows) throw miscounted(table, 'more')
    onChunk((index) => chunk.getColumnVector(index), rows, start)
    start += rows
  }
  if (start !== table.rows) throw miscounted(table, 'fewer')
}

function miscounted(table: OpenedTable, which: 'more' | 'fewer'): BadTable {
  return new BadTable('format', `${table.called} holds ${which} rows than it says`, 'Write it again.')
}
