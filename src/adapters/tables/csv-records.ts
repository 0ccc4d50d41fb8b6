export interface CsvField {
  readonly text: string
  readonly quoted: boolean
}
export interface CsvRecord {
  /** Line on which the record begins, counted from 1 as editors do. */
  readonly line: number
  readonly fields: readonly CsvField[]
  /** False when the text ended inside quotes or without a line end. */
  readonly closed: boolean
}

/**
 * Records of a CSV text, one by one (RFC 4180; LF, CR and CRLF all end a record).
 *
 * Serves to find the dialect and the line of a mistake; the rows themselves are read by DuckDB.
 */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  let at = 0
  let line = 1
  while (at < text.length) {
    const start = line
    const fields: CsvField[] = []
    let closed = false
    let more = true
    while (more) {
      const read = readField(text, at, delimiter)
      fields.push({ text: read.text, quoted: read.quoted })
      line += read.lines
      at = read.end
      more = text[at] === delimiter
      if (more) at += 1
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1
    if (at < text.length) {
      closed = true
      line += 1
      at += 1
    }
    yield { line: start, fields, closed }
  }
}

interface ReadField extends CsvField {
  readonly end: number
  /** Line ends inside the field. */
  readonly lines: number
}

function readField(text: string, at: number, delimiter: string): ReadField {
  if (text[at] !== '"') return readPlain(text, at, delimiter)
  let value = ''
  let next = at + 1
  while (true) {
    const quote = text.indexOf('"', next)
    if (quote < 0)
      return { text: value + text.slice(next), quoted: true, end: text.length, lines: linesIn(text.slice(at)) }
    value += text.slice(next, quote)
    next = quote + 1
    if (text[next] !== '"') break
    value += '"'
    next += 1
  }
  const rest = readPlain(text, next, delimiter)
  return { text: value + rest.text, quoted: true, end: rest.end, lines: linesIn(value) }
}

function readPlain(text: string, at: number, delimiter: string): ReadField {
  let end = at
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { text: text.slice(at, end), quoted: false, end, lines: 0 }
}

function linesIn(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}
