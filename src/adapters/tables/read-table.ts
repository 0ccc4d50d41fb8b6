import { parseExpression } from '../../expression/parse-expression.ts'
import { toSql } from '../../expression/to-sql.ts'
import type { Column, TableQuery, TableRows } from '../../ports.ts'
import { didYouMean } from '../../registry/did-you-mean.ts'
import { BadTable } from './bad-table.ts'
import { isReadAsText, numberSql, type TableColumn, textSql } from './column-sql.ts'
import { eachChunk } from './each-chunk.ts'
import type { Engine, Parameter } from './engine.ts'
import { mustBeNumbers } from './must-be-numbers.ts'
import type { OpenedTable } from './opened-table.ts'
import { pickColumns } from './pick-columns.ts'
import { type TextVector, textCodes } from './text-codes.ts'
import { bytesOf, doublesOf, eachNull } from './vectors.ts'

/** Columns of a table as typed arrays in row order, and one mask for each slice. */
export async function readTable(engine: Engine, table: OpenedTable, query: TableQuery): Promise<TableRows> {
  const wanted = [...new Set([...query.columns, ...(query.asCategory ?? []), ...(query.asNumber ?? [])])]
  const columns = pickColumns(table, wanted)
  mustFitIntoMemory(engine, table, columns.length, query.where?.length ?? 0)
  const masks = (query.where ?? []).map((where) => maskOf(where, table))
  await mustBeNumbers(
    engine,
    table,
    columns.filter((column) => !isReadAsText(column, query)),
  )
  const read = columns.map((column) => gatheredColumn(column, query, table.rows))
  const parts = [...read, ...masks]
  if (parts.length > 0) {
    const all = { sql: parts.map(({ sql }) => sql), parameters: masks.flatMap(({ parameters }) => parameters) }
    await eachChunk(engine, table, all, (vectorOf, rows, start) => {
      for (const [index, { take }] of parts.entries()) take(vectorOf(index), rows, start)
    })
  }
  return {
    rows: table.rows,
    columns: new Map(read.map(({ column }, index) => [columns[index]?.name ?? '', column()])),
    masks: masks.map(({ values }) => values),
  }
}

/** A column of the result on its way: what to select, and where its rows go. */
interface Gathered {
  readonly sql: string
  readonly take: (vector: TextVector, rows: number, start: number) => void
}

interface GatheredColumn extends Gathered {
  readonly column: () => Column
}

function gatheredColumn(column: TableColumn, query: TableQuery, rows: number): GatheredColumn {
  if (!isReadAsText(column, query)) return gatheredNumbers(column, rows)
  const isBoolean = column.type === 'boolean' && !query.asCategory?.includes(column.name)
  return gatheredTexts(column, rows, isBoolean ? 'boolean' : 'category')
}

function gatheredNumbers(column: TableColumn, count: number): GatheredColumn {
  const values = new Float64Array(count)
  const nulls = new Uint8Array(count)
  const take = (vector: TextVector, rows: number, start: number) => {
    const { items, valid } = doublesOf(vector)
    values.set(items, start)
    eachNull(valid, rows, (row) => {
      values[start + row] = Number.NaN
      nulls[start + row] = 1
    })
  }
  return {
    sql: numberSql(column),
    take,
    column: () => ({ type: column.type === 'time' ? 'time' : 'number', values, nulls }),
  }
}

function gatheredTexts(column: TableColumn, count: number, type: 'category' | 'boolean'): GatheredColumn {
  const texts = textCodes()
  const codes = new Int32Array(count)
  return {
    sql: textSql(column),
    take: (vector, _, start) => texts.encode(vector, codes, start),
    column: () => ({ type, codes, values: texts.values }),
  }
}

interface Mask extends Gathered {
  readonly parameters: readonly Parameter[]
  readonly values: Uint8Array
}

function maskOf(where: string, table: OpenedTable): Mask {
  const parsed = parseExpression(where)
  const compiled = parsed.ok ? toSql(parsed.expression, table.columns, didYouMean) : parsed
  if ('mistake' in compiled) {
    const { column, what, mend } = compiled.mistake
    throw new BadTable('where', `where '${where}', character ${column}: ${what}`, mend)
  }
  const values = new Uint8Array(table.rows)
  return {
    sql: `CAST(coalesce(CAST((${compiled.sql}) AS INTEGER), 2) AS UTINYINT)`,
    parameters: compiled.parameters,
    values,
    take: (vector, _, start) => values.set(bytesOf(vector), start),
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
