import { BadTable } from './bad-table.ts'
import { columnType, type TableColumn } from './column-sql.ts'
import type { Engine } from './engine.ts'
import { mustFit, mustHaveRows, type OpenedTable, sameColumns } from './opened-table.ts'

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI', 'LZ4', 'LZ4_RAW']

interface ParquetFile {
  readonly called: string
  readonly path: string
  readonly names: readonly string[]
  readonly rows: number
}

/**
 * Opens Parquet files as one table; nothing but their footers is read.
 * @throws {BadTable} for a codec that we don't have, too many columns, no rows, or a damaged footer
 */
export async function parquetTable(
  engine: Engine,
  paths: readonly string[],
  names: readonly string[],
  called: string,
): Promise<OpenedTable> {
  try {
    const files: ParquetFile[] = []
    for (const [index, path] of paths.entries()) files.push(await parquetFile(engine, path, names[index] ?? called))
    const columns = sameColumns(files)
    const rows = files.reduce((sum, file) => sum + file.rows, 0)
    mustHaveRows(rows, called)
    const from = relation(paths.length, columns.length)
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${from}`, paths)
    return {
      called,
      from,
      parameters: paths,
      rows,
      warnings: [],
      columns: described.map((row, index) => columnOf(columns[index] ?? '', String(row[0]), String(row[1]))),
    }
  } catch (error) {
    throw parquetMistake(error as Error, called)
  }
}

function relation(files: number, columns: number): string {
  const list = Array.from({ length: files }, () => '?').join(', ')
  const aliases = Array.from({ length: columns }, (_, index) => `c${index}`).join(', ')
  return `read_parquet([${list}], binary_as_string = true, hive_partitioning = false, union_by_name = ${files > 1}) AS p(${aliases})`
}

async function parquetFile(engine: Engine, path: string, called: string): Promise<ParquetFile> {
  const schema = await engine.rows('SELECT name, num_children FROM parquet_schema(?)', [path])
  const names = topNames(schema.map(([name, children]) => ({ name: String(name), children: Number(children ?? 0) })))
  mustFit(names.length, called)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new BadTable('columns', `${called}: two columns are called ${twice}`, 'Give every column its own name.')
  await mustHaveCodec(engine, path, called)
  const [counted] = await engine.rows('SELECT num_rows FROM parquet_file_metadata(?)', [path])
  return { called, path, names, rows: Number(counted?.[0] ?? 0) }
}

/** The schema is a tree in depth-first order; its first entry is the root. */
function topNames(nodes: readonly { readonly name: string; readonly children: number }[]): readonly string[] {
  const names: string[] = []
  let at = 1
  while (at < nodes.length) {
    names.push(nodes[at]?.name ?? '')
    for (let open = 1; open > 0 && at < nodes.length; at += 1) open += (nodes[at]?.children ?? 0) - 1
  }
  return names
}

async function mustHaveCodec(engine: Engine, path: string, called: string): Promise<void> {
  const found = await engine.rows('SELECT DISTINCT compression FROM parquet_metadata(?)', [path])
  const unknown = found.map(([codec]) => String(codec)).find((codec) => !CODECS.includes(codec))
  if (unknown === undefined) return
  throw new BadTable(
    'codec',
    `${called} is compressed with codec ${unknown}, which can't be read here`,
    'Write it with Snappy, ZSTD or GZIP.',
  )
}

function columnOf(name: string, as: string, stored: string): TableColumn {
  return { name, as, stored, type: columnType(stored) }
}

function parquetMistake(error: Error, called: string): Error {
  if (
    error instanceof BadTable ||
    /Out of Memory|Permission Error|Catalog Error|Binder Error: .*p\(/.test(error.message)
  )
    return error
  const what = error.message.split('\n')[0]?.replace(/'?\/[^\s'"]*'?/g, 'the file') ?? ''
  return new BadTable(
    'format',
    `${called} can't be read as Parquet: ${what}`,
    'The file is damaged or cut off. Write or upload it again.',
  )
}
