import { DuckDBInstance } from '@duckdb/node-api'
import { fixture } from './fixtures.ts'

/** Columns of a fixture table as plain arrays, read by DuckDB directly: tests of statistics need no adapter of ours. */
export async function columnsOf(
  path: string,
  columns: readonly string[],
): Promise<Record<string, (number | string | null)[]>> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ')
  const result = await connection.runAndReadAll(`select ${names} from '${fixture(path)}'`)
  const values = result.getColumnsJS()
  connection.closeSync()
  instance.closeSync()
  return Object.fromEntries(
    columns.map((name, index) => [
      name,
      (values[index] ?? []).map((v) =>
        typeof v === 'bigint'
          ? Number(v)
          : v === null
            ? null
            : typeof v === 'boolean'
              ? Number(v)
              : (v as number | string),
      ),
    ]),
  )
}
