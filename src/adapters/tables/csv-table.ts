import { readFile, stat } from 'node:fs/promises'
import { BadTable } from './bad-table.ts'
import { type CsvDialect, csvDialect, isBlank } from './csv-dialect.ts'
import { csvRecords } from './csv-records.ts'
import type { Engine } from './engine.ts'
import { mustFit, type OpenedTable, sameColumns } from './opened-table.ts'
import { typedTable } from './typed-table.ts'
import { textStart } from './unpack.ts'
import { isOfKindsSql, kindSql } from './value-kinds.ts'

interface CsvFile extends CsvDialect {
  readonly called: string
  readonly path: string
}

/**
 * Opens CSV files as one table. An empty field without quotes is null, `""` is the empty text.
 * @throws {BadTable} for ragged rows, open quotes and bytes that are not UTF-8, with the line
 */
export async function csvTable(
  engine: Engine,
  paths: readonly string[],
  names: readonly string[],
  called: string,
): Promise<OpenedTable> {
  const files = await Promise.all(paths.map((path, index) => csvFile(path, names[index] ?? called)))
  const columns = sameColumns(files)
  mustFit(columns.length, called)
  const from = files.map((file) => selectFrom(file, columns)).join(' UNION ALL ')
  const parameters = files.flatMap(({ path, delimiter }) => [path, delimiter])
  const decimalComma = files.every(({ delimiter }) => delimiter === ';')
  const text = {
    called,
    names: columns,
    from: `(${from})`,
    parameters,
    kind: (index: number) => kindSql(`v${index}`),
    isOfKinds: (index: number, kinds: number) => isOfKindsSql(`v${index}`, kinds),
    kindOfStored: kindSql,
    decimalComma,
  }
  return typedTable(engine, text).catch(async (error: unknown) => {
    throw await csvMistake(error as Error, files)
  })
}

async function csvFile(path: string, called: string): Promise<CsvFile> {
  const { text, isWhole } = await textStart(path)
  return { called, path, ...csvDialect(text, isWhole, called) }
}

function selectFrom(file: CsvFile, columns: readonly string[]): string {
  const types = file.names.map((_, index) => `'f${index}': 'VARCHAR'`).join(', ')
  const picked = columns.map((name, index) => `f${file.names.indexOf(name)} AS v${index}`).join(', ')
  return `SELECT ${picked} FROM read_csv(?, delim = ?, columns = {${types}}, auto_detect = false, header = true, quote = '"',
    escape = '"', nullstr = '', allow_quoted_nulls = false, strict_mode = true, null_padding = false, ignore_errors = false,
    max_line_size = 2000000, buffer_size = 8000000)`
}

const MAX_SEARCHED_BYTES = 256_000_000

/** DuckDB counts records, people count lines: the file is read once more for the line of the mistake. */
async function csvMistake(error: Error, files: readonly CsvFile[]): Promise<Error> {
  if (error instanceof BadTable || !/CSV|unicode|UTF-8/i.test(error.message) || /Out of Memory/.test(error.message))
    return error
  if (/Maximum line size/.test(error.message)) {
    return new BadTable(
      'too-large',
      `${files[0]?.called} has a row of more than 2 MB`,
      'Check its quotes: an open one swallows the rows after it.',
    )
  }
  for (const file of files) {
    const { size } = await stat(file.path)
    const found = size <= MAX_SEARCHED_BYTES ? firstMistake(await readFile(file.path), file) : undefined
    if (found !== undefined) return found
  }
  const record = /Line: (\d+)/.exec(error.message)?.[1]
  const place = record === undefined ? '' : ` near record ${record}`
  return new BadTable(
    'ragged',
    `${files[0]?.called} is not a regular CSV${place}`,
    'Write it with quotes as RFC 4180 has them.',
  )
}

function firstMistake(bytes: Buffer, { called, delimiter, names }: CsvFile): BadTable | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (const record of csvRecords(bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, ''), delimiter)) {
    const at = `${called}:${record.line}`
    const { length } = record.fields
    if (length !== names.length && !isBlank(record)) {
      return new BadTable(
        'ragged',
        `${at}: ${length} fields where the header has ${names.length}`,
        'Quote fields that hold the separator, and give every row all fields.',
        record.line,
      )
    }
    try {
      for (const { text } of record.fields) decoder.decode(Buffer.from(text, 'latin1'))
    } catch {
      return new BadTable('encoding', `${at}: not UTF-8`, 'Save the file as UTF-8.', record.line)
    }
    if (!record.closed && record.fields.at(-1)?.quoted && bytes.at(-1) !== 0x22) {
      return new BadTable(
        'ragged',
        `${at}: a quoted field never ends`,
        'Close the quotes, and double those inside a field.',
        record.line,
      )
    }
  }
  return undefined
}
