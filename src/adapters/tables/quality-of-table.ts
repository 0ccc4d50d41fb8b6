import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { QualityAnswer, QualityAsk } from '../../ports.ts'
import { numberSql, type TableColumn, textSql } from './column-sql.ts'
import type { Engine, Parameter } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'
import { overlapOf } from './overlap.ts'
import { pickColumns } from './pick-columns.ts'
import { rowKey } from './row-key.ts'

type Range = QualityAsk['ranges'][number]

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
  return {
    rows: table.rows,
    columns: await columnCounts(engine, table, ask.ranges),
    duplicates: await duplicates(engine, table, ask.id),
    label_null: await labelNulls(engine, table, ask.label),
    conflicting_labels: await conflictingLabels(engine, table, ask),
    overlap: reference === null ? null : await overlapOf(engine, table, reference, ask.id),
  }
}

interface Counted {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

async function columnCounts(
  engine: Engine,
  table: OpenedTable,
  ranges: readonly Range[],
): Promise<QualityAnswer['columns']> {
  const counts = table.columns.map((column) =>
    countsOf(
      column,
      ranges.find((range) => range.column === column.name),
    ),
  )
  const parameters = [...counts.flatMap((count) => count.parameters), ...table.parameters]
  const [row] = await engine.rows(`SELECT ${counts.map(({ sql }) => sql).join(', ')} FROM ${table.from}`, parameters)
  const numbers = (row ?? []).map(Number)
  return table.columns.map(({ name, type }, index) => {
    const [missing = 0, distinct = 0, below_min = 0, above_max = 0, unseen = 0] = numbers.slice(
      5 * index,
      5 * index + 5,
    )
    return { column: name, type, missing, distinct, below_min, above_max, unseen }
  })
}

function countsOf(column: TableColumn, range: Range | undefined): Counted {
  const name = quoteIdentifier(column.as)
  const isFloat = column.type === 'number'
  const present = isFloat ? `(${name} IS NOT NULL AND NOT isnan(${numberSql(column)}))` : `(${name} IS NOT NULL)`
  const distinct = column.type === 'nested' ? `count(DISTINCT hash(${name}))` : `count(DISTINCT ${name})`
  const [below, above] = [bound(column, present, '<', range?.min), bound(column, present, '>', range?.max)]
  const unseen = unseenOf(column, present, range?.values)
  return {
    sql: [`count(*) FILTER (NOT ${present})`, `${distinct} FILTER (${present})`, below.sql, above.sql, unseen.sql].join(
      ', ',
    ),
    parameters: [...below.parameters, ...above.parameters, ...unseen.parameters],
  }
}

const NONE: Counted = { sql: '0', parameters: [] }

function bound(column: TableColumn, present: string, sign: '<' | '>', limit: number | undefined): Counted {
  if (limit === undefined || column.type === 'category' || column.type === 'nested') return NONE
  return { sql: `count(*) FILTER (${present} AND ${numberSql(column)} ${sign} ?)`, parameters: [limit] }
}

function unseenOf(column: TableColumn, present: string, values: Range['values']): Counted {
  if (values === undefined || column.type === 'nested') return NONE
  const asNumbers = column.type === 'number' && values.every((value) => typeof value === 'number')
  const sql = asNumbers ? numberSql(column) : textSql(column)
  const parameters = asNumbers ? values.map(Number) : values.map(String)
  return { sql: `count(*) FILTER (${present} AND (${sql}) NOT IN (${values.map(() => '?').join(', ')}))`, parameters }
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
