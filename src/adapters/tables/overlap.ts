import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { QualityAnswer } from '../../ports.ts'
import { isWhole, numberSql, type TableColumn, textSql } from './column-sql.ts'
import type { Engine } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'
import { rowKey } from './row-key.ts'

/**
 * How much of the exam stood in what the model was trained on.
 *
 * By id when both tables have it, else by a keyed hash of the columns that they share. Coarse rows meet by nature, so
 * `chance` goes with it: the share of reference rows that another reference row equals (leave one out).
 *
 * @returns shares of rows, 0 to 1; null when the tables share no column
 */
export async function overlapOf(
  engine: Engine,
  exam: OpenedTable,
  reference: OpenedTable,
  id: string | null,
): Promise<QualityAnswer['overlap']> {
  const common = pairsOf(exam, reference)
  const byId = common.find(([{ name }]) => name === id)
  const pairs = byId === undefined ? common : [byId]
  if (pairs.length === 0) return null
  const [left, right] = [keys(exam, pairs, 0), keys(reference, pairs, 1)]
  const [seen] = await engine.rows(
    `SELECT count(*) FROM (${left.sql}) AS e WHERE k IN (SELECT k FROM (${right.sql}) AS r WHERE k IS NOT NULL)`,
    [...left.parameters, ...right.parameters],
  )
  const [again] = await engine.rows(
    `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM (${right.sql}) AS r WHERE k IS NOT NULL GROUP BY k HAVING count(*) > 1)`,
    right.parameters,
  )
  return {
    share: Number(seen?.[0]) / exam.rows,
    chance: Number(again?.[0]) / reference.rows,
    by: byId === undefined ? 'row' : 'id',
  }
}

type Pair = readonly [TableColumn, TableColumn]

function pairsOf(exam: OpenedTable, reference: OpenedTable): readonly Pair[] {
  const others = new Map(reference.columns.map((column) => [column.name, column]))
  return exam.columns.flatMap((column): readonly Pair[] => {
    const other = others.get(column.name)
    return other === undefined || column.type === 'nested' || other.type === 'nested' ? [] : [[column, other]]
  })
}

function keys(table: OpenedTable, pairs: readonly Pair[], side: 0 | 1) {
  const columns = pairs.map((pair) => pair[side])
  const sqlOf = (column: TableColumn) =>
    comparable(column, pairs.find((pair) => pair[side] === column) ?? [column, column])
  const [only] = columns
  if (pairs.length === 1 && only !== undefined)
    return { sql: `SELECT ${sqlOf(only)} AS k FROM ${table.from}`, parameters: table.parameters }
  const key = rowKey(columns, sqlOf)
  return { sql: `SELECT ${key.sql} AS k FROM ${table.from}`, parameters: [...key.parameters, ...table.parameters] }
}

/** The same value must hash alike from CSV and from Parquet, and whole numbers stay exact. */
function comparable(column: TableColumn, pair: Pair): string {
  if (pair.every(isWhole)) return `CAST(${quoteIdentifier(column.as)} AS HUGEINT)`
  const isNumber = ({ type }: TableColumn) => type === 'number' || type === 'boolean'
  if (pair.every(isNumber) || pair.every(({ type }) => type === 'time')) return numberSql(column)
  return textSql(column)
}
