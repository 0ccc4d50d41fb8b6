import { Unavailable } from '../../ports.ts'
import { BadTable } from './bad-table.ts'
import { type Engine, openEngine } from './engine.ts'
import type { TableAnswer, TableFailure, TableLimits, TableQuestion, TableReply, TableRequest } from './messages.ts'
import { tableShelf } from './open-table.ts'
import { readTable } from './read-table.ts'

/**
 * The reader process: one question at a time from the parent, one answer back. Started by `tables.ts` with an empty
 * environment; it ends with its parent, also in the middle of a query.
 */

interface Reader {
  readonly engine: Engine
  readonly open: ReturnType<typeof tableShelf>
}

let reader: Promise<Reader> | undefined

async function openReader(limits: TableLimits): Promise<Reader> {
  const engine = await openEngine(limits)
  return { engine, open: tableShelf(engine) }
}

async function answer({ engine, open }: Reader, question: TableQuestion): Promise<TableAnswer> {
  const table = await open(question.source)
  if (question.ask === 'read') return readTable(engine, table, question.query)
  if (question.ask === 'describe') {
    return {
      rows: table.rows,
      columns: table.columns.map(({ name, type, stored }) => ({ name, type, stored })),
      warnings: table.warnings,
    }
  }
  // loaded when asked for: most readers are never asked
  if (question.ask === 'profile') {
    const { profileTable } = await import('./profile-table.ts')
    return profileTable(engine, table, question.about)
  }
  const { qualityOfTable } = await import('./quality-of-table.ts')
  const { reference } = question.about
  return qualityOfTable(engine, table, reference === null ? null : await open(reference), question.about)
}

function failureOf(error: unknown, { question, limits }: TableRequest): TableFailure {
  const { called } = question.source
  if (error instanceof BadTable)
    return { kind: 'bad-table', code: error.code, message: error.message, mend: error.mend, line: error.line }
  if (error instanceof Unavailable)
    return { kind: 'unavailable', status: error.status, message: error.message, mend: error.mend }
  const message = error instanceof Error ? error.message : String(error)
  if (/Out of Memory|max_temp_directory_size|could not allocate|allocation failed/i.test(message)) {
    return {
      kind: 'bad-table',
      code: 'too-large',
      line: null,
      message: `${called} needs more than the ${limits.memoryMb} MB that reading may take`,
      mend: 'Write Parquet with smaller row groups, or raise the memory limit.',
    }
  }
  if (
    /decompress|corrupt|Invalid Input Error|Conversion Error|TProtocolException|Invalid Error|out of buffer|IO Error/i.test(
      message,
    )
  ) {
    return {
      kind: 'bad-table',
      code: 'format',
      line: null,
      message: `${called} can't be read: ${message.split('\n')[0]?.replaceAll(limits.folder, '')}`,
      mend: 'The file is damaged. Write or upload it again.',
    }
  }
  return { kind: 'unexpected', message }
}

async function reply(request: TableRequest): Promise<TableReply> {
  try {
    reader ??= openReader(request.limits)
    return { id: request.id, ok: true, answer: await answer(await reader, request.question) }
  } catch (error) {
    return { id: request.id, ok: false, failure: failureOf(error, request) }
  }
}

process.on('message', (request: TableRequest) => {
  void reply(request).then((answered) => process.send?.(answered))
})

// A running query outlives process.exit; SIGKILL it does not outlive.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// Ctrl-C reaches the whole terminal: the parent decides, and ends us.
process.on('SIGINT', () => undefined)
