import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import { BadTable } from './bad-table.ts'
import { numberSql, type TableColumn } from './column-sql.ts'
import type { Engine } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'

/** A text column that was asked for as numbers must hold nothing else. */
export async function mustBeNumbers(
  engine: Engine,
  table: OpenedTable,
  columns: readonly TableColumn[],
): Promise<void> {
  for (const column of columns) {
    if (column.type !== 'category') continue
    const sql = `SELECT count(*) FROM ${table.from} WHERE ${quoteIdentifier(column.as)} IS NOT NULL AND ${numberSql(column)} IS NULL`
    const [found] = await engine.rows(sql, table.parameters)
    const count = Number(found?.[0])
    if (count > 0)
      throw new BadTable(
        'types',
        `${table.called}: column ${column.name} is text, ${count} of its values are no numbers`,
        'Read it as a category, or write numbers.',
      )
  }
}
