import type { TableQuery } from '../../ports.ts'
import { isReadAsText, numberSql, type TableColumn, textSql } from './column-sql.ts'
import { eachChunk } from './each-chunk.ts'
import type { Engine } from './engine.ts'
import { mustBeNumbers } from './must-be-numbers.ts'
import type { OpenedTable } from './opened-table.ts'
import { pickColumns } from './pick-columns.ts'
import { type TextVector, textCodes } from './text-codes.ts'
import { doublesOf, eachNull } from './vectors.ts'

/** Some rows of one column; the arrays may be the engine's own memory and hold during the call that got them. */
export type ScannedColumn =
  | {
      readonly type: 'number' | 'time'
      readonly values: Float64Array /* null is NaN with nulls[i] = 1; time is ms since 1970 UTC */
      readonly nulls: Uint8Array
    }
  | {
      readonly type: 'category' | 'boolean'
      readonly codes: Int32Array /* -1 is null */
      /** The same growing array from chunk to chunk; a new one begins before it would pass 65,536 texts. */
      readonly values: readonly string[]
    }

/** Rows that follow each other, some two thousand; one column for each that was asked for, in that order. */
export interface ScannedChunk {
  /** Number of the first row, from 0. */
  readonly start: number
  readonly rows: number
  readonly columns: readonly ScannedColumn[]
}

export type ScanQuery = Pick<TableQuery, 'columns' | 'asCategory' | 'asNumber'>

const MAX_VALUES = 65_536
const MAX_CHARACTERS = 16_000_000

/**
 * One pass over columns of a table in row order, chunk by chunk, so that what is kept is the consumer's own choice.
 *
 * @throws {BadTable} when a column is not there, is nested, or was asked for as numbers and holds other text
 */
export async function scanTable(
  engine: Engine,
  table: OpenedTable,
  query: ScanQuery,
  onChunk: (chunk: ScannedChunk) => void,
): Promise<void> {
  const columns = pickColumns(table, query.columns)
  const scanners = columns.map((column) => scannerOf(column, query))
  const asNumbers = columns.filter(({ name }) => query.asNumber?.includes(name))
  await mustBeNumbers(engine, table, asNumbers)
  await eachChunk(engine, table, { sql: scanners.map(({ sql }) => sql), parameters: [] }, (vectorOf, rows, start) =>
    onChunk({ start, rows, columns: scanners.map(({ scan }, index) => scan(vectorOf(index), rows)) }),
  )
}

interface Scanner {
  readonly sql: string
  readonly scan: (vector: TextVector, rows: number) => ScannedColumn
}

function scannerOf(column: TableColumn, query: ScanQuery): Scanner {
  if (!isReadAsText(column, query)) return numberScanner(column)
  const isBoolean = column.type === 'boolean' && !query.asCategory?.includes(column.name)
  return textScanner(column, isBoolean ? 'boolean' : 'category')
}

function numberScanner(column: TableColumn): Scanner {
  const type = column.type === 'time' ? 'time' : 'number'
  let noNulls = new Uint8Array(0)
  let someNulls = new Uint8Array(0)
  let copy = new Float64Array(0)
  const scan = (vector: TextVector, rows: number): ScannedColumn => {
    const { items, valid } = doublesOf(vector)
    if (noNulls.length < rows) {
      noNulls = new Uint8Array(rows)
      someNulls = new Uint8Array(rows)
      copy = new Float64Array(rows)
    }
    if (valid === null) return { type, values: items, nulls: noNulls.subarray(0, rows) }
    // a copy: the engine's memory may be the table itself
    const values = copy.subarray(0, rows)
    const nulls = someNulls.subarray(0, rows).fill(0)
    values.set(items)
    eachNull(valid, rows, (row) => {
      values[row] = Number.NaN
      nulls[row] = 1
    })
    return { type, values, nulls }
  }
  return { sql: numberSql(column), scan }
}

function textScanner(column: TableColumn, type: 'category' | 'boolean'): Scanner {
  let texts = textCodes()
  let own = new Int32Array(0)
  const scan = (vector: TextVector, rows: number): ScannedColumn => {
    if (own.length < rows) own = new Int32Array(rows)
    if (texts.values.length + rows > MAX_VALUES || texts.characters() > MAX_CHARACTERS) texts = textCodes()
    const codes = own.subarray(0, rows)
    texts.encode(vector, codes, 0)
    return { type, codes, values: texts.values }
  }
  return { sql: textSql(column), scan }
}
