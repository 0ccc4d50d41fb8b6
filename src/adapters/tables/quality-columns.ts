import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { QualityAnswer, QualityAsk } from '../../ports.ts'
import { numberSql, type TableColumn, textSql } from './column-sql.ts'
import type { Engine, Parameter } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'

type Range = QualityAsk['ranges'][number]

interface Counted {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

/** Missing, distinct and undeclared values of every column; one pass a column, so that memory holds one. */
export async function columnCounts(
  engine: Engine,
  table: OpenedTable,
  ranges: readonly Range[],
): Promise<QualityAnswer['columns']> {
  const byName = new Map(ranges.map((range) => [range.column, range]))
  const counts: QualityAnswer['columns'][number][] = []
  for (const column of table.columns) {
    const { sql, parameters } = countsOf(column, byName.get(column.name))
    const [row] = await engine.rows(`SELECT ${sql} FROM ${table.from}`, [...parameters, ...table.parameters])
    const [missing = 0, distinct = 0, below_min = 0, above_max = 0, unseen = 0] = (row ?? []).map(Number)
    counts.push({ column: column.name, type: column.type, missing, distinct, below_min, above_max, unseen })
  }
  return counts
}

/** Whether a value stands there: neither null nor NaN. */
export function presentSql(column: TableColumn): string {
  const name = quoteIdentifier(column.as)
  return column.type === 'number'
    ? `(${name} IS NOT NULL AND NOT isnan(${numberSql(column)}))`
    : `(${name} IS NOT NULL)`
}

function countsOf(column: TableColumn, range: Range | undefined): Counted {
  const name = quoteIdentifier(column.as)
  const present = presentSql(column)
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
  const { sql, parameters } = notAmong(column, values)
  return { sql: `count(*) FILTER (${present} AND ${sql})`, parameters }
}

/** A condition: the value is none of these. */
export function notAmong(column: TableColumn, values: NonNullable<Range['values']>): Counted {
  const asNumbers = column.type === 'number' && values.every((value) => typeof value === 'number')
  const sql = asNumbers ? numberSql(column) : textSql(column)
  const parameters = asNumbers ? values.map(Number) : values.map(String)
  return { sql: `(${sql}) NOT IN (${values.map(() => '?').join(', ')})`, parameters }
}
