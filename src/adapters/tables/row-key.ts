import { randomUUID } from 'node:crypto'
import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { TableColumn } from './column-sql.ts'
import type { Parameter } from './engine.ts'

/** Row hashes are keyed with this, new in every process, so nobody can prepare rows that collide, or guess them back. */
const KEY = randomUUID()

/** SQL of one hash over columns, as they are or as `sqlOf` writes them. */
export function rowKey(
  columns: readonly TableColumn[],
  sqlOf: (column: TableColumn) => string = ({ as }) => quoteIdentifier(as),
): { readonly sql: string; readonly parameters: readonly Parameter[] } {
  return { sql: `hash(${['?', ...columns.map(sqlOf)].join(', ')})`, parameters: [KEY] }
}
