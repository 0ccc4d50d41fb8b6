import { availableParallelism } from 'node:os'
import { DOUBLE, type DuckDBConnection, DuckDBInstance, type DuckDBResult, VARCHAR } from '@duckdb/node-api'
import type { TableLimits } from './messages.ts'

export type Parameter = number | string

/** DuckDB that sees one folder. One statement a call; every value is bound. */
export interface Engine {
  /** All rows, in order, as plain values: bigint for 64-bit integers, null for null. */
  rows(sql: string, parameters?: readonly Parameter[]): Promise<readonly (readonly unknown[])[]>
  /** The result chunk by chunk, for what may be large. */
  stream(sql: string, parameters?: readonly Parameter[]): Promise<DuckDBResult>
  readonly limits: TableLimits
}

/**
 * Opens the sandbox: the folder is the only directory, nothing is installed or loaded, and the configuration is locked.
 *
 * A statement is prepared before it runs; DuckDB refuses to prepare two at once, so `;` starts nothing.
 */
export async function openEngine(limits: TableLimits): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threadsFor(limits.memoryMb)),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: limits.scratch,
    max_temp_directory_size: `${8 * limits.memoryMb}MB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
  })
  const connection = await instance.connect()
  const stream = (sql: string, parameters: readonly Parameter[] = []) => run(connection, sql, parameters)
  await stream("SET TimeZone = 'UTC'")
  for (const sql of lockedSettings(limits.folder)) await stream(sql)
  return { limits, stream, rows: async (sql, parameters) => rowsOf(await stream(sql, parameters)) }
}

/** All cores, but no more than memory feeds: a thread that reads text takes some 100 MB. */
function threadsFor(memoryMb: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memoryMb / 128)))
}

/** A setting takes no bound value; the folder is ours, its quotes are doubled all the same. */
function lockedSettings(folder: string): readonly string[] {
  return [
    `SET allowed_directories = ['${folder.replaceAll("'", "''")}']`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]
}

async function run(connection: DuckDBConnection, sql: string, parameters: readonly Parameter[]): Promise<DuckDBResult> {
  const statement = await connection.prepare(sql)
  if (parameters.length > 0) {
    const types = parameters.map((value) => (typeof value === 'number' ? DOUBLE : VARCHAR))
    statement.bind([...parameters], types)
  }
  return statement.stream()
}

async function rowsOf(result: DuckDBResult): Promise<readonly (readonly unknown[])[]> {
  return result.getRowsJS()
}
