import { BadTable } from './bad-table.ts'
import { type CsvRecord, csvRecords } from './csv-records.ts'

const DELIMITERS = [',', ';', '\t', '|'] as const

export interface CsvDialect {
  readonly delimiter: string
  readonly names: readonly string[]
}

/**
 * The separator of a CSV and its column names.
 *
 * Of comma, semicolon, tab and bar the one under which most of the first records are as wide as the header; of equals
 * the widest.
 *
 * @param start  the beginning of the file as text, without a byte order mark
 * @param isWhole  whether that is all of it; else the last record is left out
 * @throws {BadTable} when there is no header, or one that does not name every column apart
 */
export function csvDialect(start: string, isWhole: boolean, called: string): CsvDialect {
  const readings = DELIMITERS.map((delimiter) => reading(start, isWhole, delimiter))
  const [best] = readings.toSorted((a, b) => b.agreement - a.agreement || b.width - a.width)
  if (best === undefined || best.width === 0) {
    throw new BadTable('format', `${called}: no header line`, 'The first line must name the columns.', 1)
  }
  const names = best.header.map((name, index) => columnName(name, index, called))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new BadTable('columns', `${called}: two columns are called ${twice}`, 'Give every column its own name.', 1)
  }
  return { delimiter: best.delimiter, names }
}

interface Reading {
  readonly delimiter: string
  readonly header: readonly string[]
  readonly width: number
  readonly agreement: number
}

function reading(start: string, isWhole: boolean, delimiter: string): Reading {
  const records: CsvRecord[] = []
  for (const record of csvRecords(start, delimiter)) {
    if ((record.closed || isWhole) && !isBlank(record)) records.push(record)
    if (records.length === 200) break
  }
  const header = records[0]?.fields.map(({ text }) => text) ?? []
  const width = header.length
  const same = records.filter(({ fields }) => fields.length === width).length
  return { delimiter, header, width, agreement: width > 1 ? same / records.length : 0 }
}

export function isBlank(record: CsvRecord): boolean {
  return record.fields.length === 1 && record.fields[0]?.text === '' && !record.fields[0].quoted
}

function columnName(name: string, index: number, called: string): string {
  if (name.includes('\0') || name.includes('\ufffd')) {
    throw new BadTable('encoding', `${called}: the header is not UTF-8`, 'Save the file as UTF-8.', 1)
  }
  // pandas writes its index without a name
  return name === '' ? `column_${index + 1}` : name
}
