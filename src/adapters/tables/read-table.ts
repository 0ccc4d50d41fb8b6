import type { DuckDBResult } from '@duckdb/node-api'
import { parseExpression } from '../../expression/parse-expression.ts'
import { quoteIdentifier } from '../../expression/quote-identifier.ts'
import { toSql } from '../../expression/to-sql.ts'
import type { Column, TableQuery, TableRows } from '../../ports.ts'
import { didYouMean } from '../../registry/did-you-mean.ts'
import { BadTable } from './bad-table.ts'
import { numberSql, type TableColumn } from './column-sql.ts'
import { type Dictionary, dictionaryOf, inOrderOfAppearance } from './dictionaries.ts'
import type { Engine, Parameter } from './engine.ts'
import type { OpenedTable } from './opened-table.ts'
import { pickColumns } from './pick-columns.ts'

/** Columns of a table as typed arrays in row order, and one mask for each slice. */
export async function readTable(engine: Engine, table: OpenedTable, query: TableQuery): Promise<TableRows> {
  const wanted = [...new Set([...query.columns, ...(query.asCategory ?? []), ...(query.asNumber ?? [])])]
  const columns = pickColumns(table, wanted)
  mustFitIntoMemory(engine, table, columns.length, query.where?.length ?? 0)
  const parts = await partsOf(engine, table, columns, query)
  const masks = (query.where ?? []).map((where) => maskOf(where, table))
  try {
    const arrays = await fetchArrays(engine, table, [...parts, ...masks])
    const read = columns.map((column, index) => [column.name, columnFrom(arrays[index] ?? [], parts[index])] as const)
    await mustBeNumbers(engine, table, columns, parts)
    return {
      rows: table.rows,
      columns: new Map(read),
      masks: masks.map((_, index) => arrays[columns.length + index]?.[0] as Uint8Array),
    }
  } finally {
    for (const { dictionary } of parts) await dictionary?.drop()
  }
}

/** One column or mask of the result: the SQL of its arrays, and what is needed to make a column of them. */
interface Part {
  readonly sql: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly type: Column['type']
  readonly dictionary?: Dictionary
}

async function partsOf(
  engine: Engine,
  table: OpenedTable,
  columns: readonly TableColumn[],
  query: TableQuery,
): Promise<Part[]> {
  const parts: Part[] = []
  for (const column of columns) {
    const asNumber = query.asNumber?.includes(column.name) || column.type === 'number' || column.type === 'time'
    const asText = query.asCategory?.includes(column.name) || !asNumber
    const type = column.type === 'boolean' && !query.asCategory?.includes(column.name) ? 'boolean' : 'category'
    parts.push(asText ? { ...(await categoryPart(engine, table, column)), type } : numberPart(column))
  }
  return parts
}

async function categoryPart(engine: Engine, table: OpenedTable, column: TableColumn): Promise<Part> {
  const dictionary = await dictionaryOf(engine, table, column)
  return { sql: [dictionary.sql], parameters: [], type: 'category', dictionary }
}

function numberPart(column: TableColumn): Part {
  const number = numberSql(column)
  const isNull = `CAST(${quoteIdentifier(column.as)} IS NULL AS UTINYINT)`
  return {
    sql: [`coalesce(${number}, CAST('nan' AS DOUBLE))`, isNull],
    parameters: [],
    type: column.type === 'time' ? 'time' : 'number',
  }
}

function maskOf(where: string, table: OpenedTable): Part {
  const parsed = parseExpression(where)
  const compiled = parsed.ok ? toSql(parsed.expression, table.columns, didYouMean) : parsed
  if ('mistake' in compiled) {
    const { column, what, mend } = compiled.mistake
    throw new BadTable('where', `where '${where}', character ${column}: ${what}`, mend)
  }
  return {
    sql: [`CAST(coalesce(CAST((${compiled.sql}) AS INTEGER), 2) AS UTINYINT)`],
    parameters: compiled.parameters,
    type: 'number',
  }
}

type Values = Float64Array | Int32Array | Uint8Array

async function fetchArrays(
  engine: Engine,
  table: OpenedTable,
  parts: readonly Part[],
): Promise<readonly (readonly Values[])[]> {
  if (parts.length === 0) return []
  const sql = parts.flatMap((part) => part.sql)
  const parameters = parts.flatMap((part) => part.parameters)
  const result = await engine.stream(`SELECT ${sql.join(', ')} FROM ${table.from}`, [
    ...parameters,
    ...table.parameters,
  ])
  const flat = await collect(result, table.rows)
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.sql.length, 0))
  return parts.map((part, index) => flat.slice(starts[index] ?? 0, (starts[index] ?? 0) + part.sql.length))
}

async function collect(result: DuckDBResult, rows: number): Promise<readonly Values[]> {
  const arrays: Values[] = []
  let at = 0
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    if (at + chunk.rowCount > rows)
      throw new BadTable('format', 'the table holds more rows than it says', 'Write it again.')
    for (let index = 0; index < chunk.columnCount; index++) {
      const items = itemsOf(chunk.getColumnVector(index))
      const array = arrays[index] ?? emptyLike(items, rows)
      array.set(items, at)
      arrays[index] = array
    }
    at += chunk.rowCount
  }
  if (at !== rows) throw new BadTable('format', 'the table holds fewer rows than it says', 'Write it again.')
  return arrays
}

/** The vector's own memory; one value at a time would take ten times as long. */
function itemsOf(vector: unknown): Values {
  const items: unknown = typeof vector === 'object' && vector !== null && 'items' in vector ? vector.items : undefined
  if (items instanceof Float64Array || items instanceof Int32Array || items instanceof Uint8Array) return items
  throw new TypeError('the engine answered with another type than asked for')
}

function emptyLike(items: Values, rows: number): Values {
  if (items instanceof Float64Array) return new Float64Array(rows)
  return items instanceof Int32Array ? new Int32Array(rows) : new Uint8Array(rows)
}

function columnFrom(arrays: readonly Values[], part: Part | undefined): Column {
  if (part?.dictionary !== undefined) {
    return {
      type: part.type as 'category' | 'boolean',
      ...inOrderOfAppearance(arrays[0] as Int32Array, part.dictionary.values),
    }
  }
  return { type: part?.type as 'number' | 'time', values: arrays[0] as Float64Array, nulls: arrays[1] as Uint8Array }
}

/** A text column that was asked for as numbers must hold nothing else. */
async function mustBeNumbers(
  engine: Engine,
  table: OpenedTable,
  columns: readonly TableColumn[],
  parts: readonly Part[],
): Promise<void> {
  for (const [index, column] of columns.entries()) {
    if (column.type !== 'category' || parts[index]?.type !== 'number') continue
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

function mustFitIntoMemory(engine: Engine, table: OpenedTable, columns: number, masks: number): void {
  const neededMb = Math.ceil((table.rows * (9 * columns + masks)) / 1_000_000)
  if (neededMb <= engine.limits.memoryMb) return
  throw new BadTable(
    'too-large',
    `${table.called}: ${table.rows} rows of ${columns} columns need ${neededMb} MB, more than ${engine.limits.memoryMb} MB`,
    'Ask for fewer columns, or raise the memory limit.',
  )
}
