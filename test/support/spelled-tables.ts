import type { NastyColumn, NastyTable } from './nasty-tables.ts'
import { SPECIAL_NUMBERS } from './odd-values.ts'

export type TableFormat = 'csv' | 'jsonl' | 'parquet'
export const FORMATS: readonly TableFormat[] = ['csv', 'jsonl', 'parquet']

/** The table's own text in a format; of Parquet the SQL that yields it. */
export function spelled(table: NastyTable, format: TableFormat): string {
  return { csv: csvText, jsonl: jsonLines, parquet: parquetSql }[format](table)
}

function csvText({ rows, columns }: NastyTable): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = Array.from({ length: rows }, (_, row) =>
    [...columns.values()].map(({ cells, kind }) => csvCell(cells[row]!, kind, quoted)).join(','),
  )
  return `${[...columns.keys()].map(quoted).join(',')}\n${lines.map((line) => `${line}\n`).join('')}`
}

function csvCell(cell: string | null, kind: NastyColumn['kind'], quoted: (text: string) => string): string {
  if (cell === null) return ''
  return kind === 'text' || kind === 'nested' ? quoted(cell) : cell
}

function jsonLines({ rows, columns }: NastyTable): string {
  const line = (row: number) =>
    [...columns].map(([name, column]) => `${JSON.stringify(name)}:${jsonCell(column, row)}`).join(',')
  return Array.from({ length: rows }, (_, row) => `{${line(row)}}\n`).join('')
}

function jsonCell({ kind, cells }: NastyColumn, row: number): string {
  const cell = cells[row] ?? null
  if (cell === null) return 'null'
  const isBare = kind === 'whole' || kind === 'boolean' || kind === 'nested' || kind === 'number'
  return isBare && !SPECIAL_NUMBERS.includes(cell) ? cell : JSON.stringify(cell)
}

const STORED = { text: 'VARCHAR', number: 'DOUBLE', whole: 'BIGINT', boolean: 'BOOLEAN', time: 'TIMESTAMP', nested: '' }

function parquetSql({ rows, columns }: NastyTable): string {
  const literal = (text: string) => `'${text.replaceAll("'", "''")}'`
  const name = (text: string) => `"${text.replaceAll('"', '""')}"`
  const stored = ({ kind, cells }: NastyColumn) =>
    kind === 'nested' ? (cells[0]?.startsWith('[') === true ? 'INTEGER[]' : 'STRUCT(a INTEGER)') : STORED[kind]
  const cell = ({ cells }: NastyColumn, row: number) => (cells[row] === null ? 'NULL' : literal(cells[row]!))
  const all = [...columns]
  const lines = Array.from(
    { length: Math.max(1, rows) },
    (_, row) => `(${all.map(([, column]) => (rows === 0 ? 'NULL' : cell(column, row))).join(', ')})`,
  )
  const picked = all.map(([called, column], at) => `CAST(c${at} AS ${stored(column)}) AS ${name(called)}`).join(', ')
  const from = `(VALUES ${lines.join(', ')}) t(${all.map((_, at) => `c${at}`).join(', ')})`
  return `SELECT ${picked} FROM ${from} ${rows === 0 ? 'LIMIT 0' : ''}`
}
