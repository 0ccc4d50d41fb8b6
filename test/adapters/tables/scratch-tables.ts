import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openTables, type TablesOptions } from '../../../src/adapters/tables/tables.ts'
import type { TableSource, Tables } from '../../../src/ports.ts'
import { fixture } from '../../support/fixtures.ts'

export interface ScratchTables {
  readonly folder: string
  readonly tables: Tables
  /** Copies a fixture into the folder. */
  fixture(path: string): TableSource
  /** Writes a file into the folder. */
  file(name: string, content: string | Uint8Array): TableSource
  /** Lets DuckDB, free of any sandbox, write a file: FILE in the SQL is its path. */
  written(name: string, sql: string): Promise<TableSource>
  close(): Promise<void>
}

/** A folder of its own with the real adapter over it. */
export function scratchTables(options: Partial<TablesOptions> = {}): ScratchTables {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-tables-'))
  const tables = openTables({ folder, ...options })
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content)
    return sourceAt(join(folder, name))
  }
  return {
    folder,
    tables,
    file,
    fixture: (path) => {
      copyFileSync(fixture(path), join(folder, basename(path)))
      return sourceAt(join(folder, basename(path)))
    },
    written: async (name, sql) => {
      const duck = await DuckDBInstance.create(':memory:', { threads: '1' })
      const connection = await duck.connect()
      await connection.run(sql.replaceAll('FILE', `'${join(folder, name)}'`))
      connection.closeSync()
      duck.closeSync()
      return sourceAt(join(folder, name))
    },
    close: async () => {
      await tables.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function sourceAt(path: string, ...more: readonly string[]): TableSource {
  const files = [path, ...more].map((one) => {
    const bytes = readFileSync(one)
    return { path: one, size_bytes: bytes.length, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }
  })
  const name = path.replace(/\.gz$/, '')
  const format = name.endsWith('.csv') ? 'csv' : name.endsWith('.jsonl') ? 'jsonl' : 'parquet'
  return { files, format, called: basename(path) }
}

/** Columns as plain arrays: numbers (NaN kept), texts, null where null. */
export async function plainRows(tables: Tables, source: TableSource, query: Parameters<Tables['read']>[1]) {
  const { columns } = await tables.read(source, query)
  return Object.fromEntries(
    [...columns].map(([name, column]) => [
      name,
      'codes' in column
        ? Array.from(column.codes, (code) => (code < 0 ? null : column.values[code]))
        : Array.from(column.values, (value, row) => (column.nulls[row] === 1 ? null : value)),
    ]),
  )
}

/** What people read when a table is refused. */
export function refusal(question: Promise<unknown>): Promise<string> {
  return question.then(
    () => 'no refusal',
    (error: Error & { mend?: string }) => `${error.name}: ${error.message} -> ${error.mend}`,
  )
}
