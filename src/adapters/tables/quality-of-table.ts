import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { QualityAnswer, QualityAsk } from '../../ports.ts'
import { closerLook } from './closer-look.ts'
import { type TableColumn, textSql } from './column-sql.ts'
import type { Engine } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'
import { overlapOf } from './overlap.ts'
import { pickColumns } from './pick-columns.ts'
import { columnCounts } from './quality-columns.ts'
import { rowKey } from './row-key.ts'

/**
 * Counts that the data-quality gate judges, all of them over every row.
 *
 * Missing is null or NaN. Duplicates are surplus rows, by id or by a keyed hash of all columns. Conflicting labels are
 * the rows whose features occur with two or more labels.
 */
export async function qualityOfTable(
  engine: Engine,
  table: OpenedTable,
  reference: OpenedTable | null,
  ask: QualityAsk,
): Promise<QualityAnswer> {
  const declared = [ask.id, ask.label].filter((name) => name !== null)
  pickColumns(table, [...new Set([...declared, ...ask.features, ...ask.ranges.map(({ column }) => column)])])
  const columns = await columnCounts(engine, table, ask.ranges)
  return {
    rows: table.rows,
    columns,
    duplicates: await duplicates(engine, table, ask.id),
    label_null: await labelNulls(engine, table, ask.label),
    conflicting_labels: await conflictingLabels(engine, table, ask),
    overlap: reference === null ? null : await overlapOf(engine, table, reference, ask.id),
    ...(ask.closer !== undefined && {
      closer: await closerLook({ engine, table, reference, ask, counts: columns }, ask.closer),
    }),
  }
}

async function duplicates(engine: Engine, table: OpenedTable, id: string | null): Promise<QualityAnswer['duplicates']> {
  const column = table.columns.find(({ name }) => name === id)
  const key = column === undefined ? rowKey(table.columns) : { sql: quoteIdentifier(column.as), parameters: [] }
  const sql = `SELECT count(k) - count(DISTINCT k) FROM (SELECT ${key.sql} AS k FROM ${table.from})`
  const [found] = await engine.rows(sql, [...key.parameters, ...table.parameters])
  return { rows: Number(found?.[0]), by: column === undefined ? 'row' : 'id' }
}

async function labelNulls(engine: Engine, table: OpenedTable, label: string | null): Promise<number> {
  const column = table.columns.find(({ name }) => name === label)
  if (column === undefined) return 0
  const [found] = await engine.rows(
    `SELECT count(*) FROM ${table.from} WHERE ${quoteIdentifier(column.as)} IS NULL`,
    table.parameters,
  )
  return Number(found?.[0])
}

async function conflictingLabels(engine: Engine, table: OpenedTable, ask: QualityAsk): Promise<number> {
  const label = table.columns.find(({ name }) => name === ask.label)
  const isFeature = ({ name }: TableColumn) =>
    ask.features.length > 0 ? ask.features.includes(name) : name !== ask.id && name !== ask.label
  const features = table.columns.filter(isFeature)
  if (label === undefined || features.length === 0) return 0
  const key = rowKey(features)
  const rows = `SELECT ${key.sql} AS k, ${textSql(label)} AS y FROM ${table.from} WHERE ${quoteIdentifier(label.as)} IS NOT NULL`
  const groups = `SELECT count(*) AS n FROM (${rows}) GROUP BY k HAVING count(DISTINCT y) > 1`
  const [found] = await engine.rows(`SELECT coalesce(sum(n), 0) FROM (${groups})`, [
    ...key.parameters,
    ...table.parameters,
  ])
  return Number(found?.[0])
}
