import type { TableSource } from '../../ports.ts'
import { csvTable } from './csv-table.ts'
import type { Engine } from './engine.ts'
import { jsonlTable } from './jsonl-table.ts'
import { checkFile } from './open-file.ts'
import type { OpenedTable } from './opened-table.ts'
import { parquetTable } from './parquet-table.ts'
import { unpack, withoutMark } from './unpack.ts'

const READERS = { parquet: parquetTable, csv: csvTable, jsonl: jsonlTable }
const KEPT = 8

/** Opens sources, and remembers the last few: a table is described, read and examined without being parsed again. */
export function tableShelf(engine: Engine): (source: TableSource) => Promise<OpenedTable> {
  const shelf = new Map<string, OpenedTable>()
  return async (source) => {
    const key = JSON.stringify([source.format, source.called, source.files.map(({ path, digest }) => [path, digest])])
    const table = shelf.get(key) ?? (await openTable(engine, source))
    shelf.delete(key)
    shelf.set(key, table)
    if (shelf.size > KEPT) await dropOldest(shelf)
    return table
  }
}

async function dropOldest(shelf: Map<string, OpenedTable>): Promise<void> {
  const [[key, table] = ['', undefined]] = shelf
  shelf.delete(key)
  await table?.drop?.()
}

async function openTable(engine: Engine, source: TableSource): Promise<OpenedTable> {
  const paths: string[] = []
  for (const file of source.files) {
    const kind = await checkFile(file, source, engine.limits.folder)
    const plain = kind === 'gzip' ? await unpack(file.path, engine.limits, source.called) : file.path
    paths.push(source.format === 'jsonl' ? await withoutMark(plain, engine.limits) : plain)
  }
  const names = source.files.map(({ path }) =>
    paths.length === 1 ? source.called : `${source.called} (${path.split(/[/\\]/).at(-1)})`,
  )
  return READERS[source.format](engine, paths, names, source.called)
}
