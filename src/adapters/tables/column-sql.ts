import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import type { ColumnInfo, ColumnType, TableQuery } from '../../ports.ts'
import { spelledNumberSql } from './value-kinds.ts'

/** A column of an opened table; `as` is its name in our SQL, `c0` and on, so hostile names never get there. */
export interface TableColumn extends ColumnInfo {
  readonly as: string
}

const WHOLE = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const TIMES = /^(DATE|TIMESTAMP.*)$/
const TEXTS = /^(VARCHAR|UUID|TIME.*|NULL|ENUM.*)$/

/** Our word for a type of DuckDB's; what is not flat, or not for people to read, is `nested`. */
export function columnType(stored: string): ColumnType {
  if (stored.endsWith(']')) return 'nested'
  if (WHOLE.test(stored) || /^(FLOAT|DOUBLE|DECIMAL\(\d+,\d+\))$/.test(stored)) return 'number'
  if (stored === 'BOOLEAN') return 'boolean'
  if (TIMES.test(stored)) return 'time'
  return TEXTS.test(stored) ? 'category' : 'nested'
}

export function isWhole(column: TableColumn): boolean {
  return WHOLE.test(column.stored) || /^DECIMAL\(\d+,0\)$/.test(column.stored)
}

/** Whether a query reads a column as texts; numbers and times are read as doubles. */
export function isReadAsText(column: TableColumn, query: Pick<TableQuery, 'asCategory' | 'asNumber'>): boolean {
  if (query.asCategory?.includes(column.name)) return true
  return !query.asNumber?.includes(column.name) && column.type !== 'number' && column.type !== 'time'
}

/** As a double; times are milliseconds since 1970 UTC, booleans 0 and 1. A text that is no number becomes null. */
export function numberSql(column: TableColumn): string {
  const name = quoteIdentifier(column.as)
  if (column.type === 'time') return `CAST(epoch_ms(${name}) AS DOUBLE)`
  return column.type === 'category' ? spelledNumberSql(name) : `CAST(${name} AS DOUBLE)`
}

/** As text: whole numbers exactly, `1.0` as `1`, so that the same value reads the same in every format. */
export function textSql(column: TableColumn): string {
  const text = `CAST(${quoteIdentifier(column.as)} AS VARCHAR)`
  if (column.type !== 'number' || isWhole(column)) return text
  const number = column.stored === 'FLOAT' ? quoteIdentifier(column.as) : numberSql(column)
  return `CASE WHEN isnan(${number}) THEN 'NaN' ELSE regexp_replace(CAST(${number} AS VARCHAR), '\\.0$', '') END`
}
