import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type QualityAnswer, type TableRows, type TableShape, type Tables, Unavailable } from '../../ports.ts'
import type { TableQuestion } from './messages.ts'
import { readerProcess } from './reader-process.ts'

export interface TablesOptions {
  /** The only folder whose files are read. */
  readonly folder: string
  /** Working memory of the reader, 512 MB by default; what does not fit goes to disk below the folder. */
  readonly memoryMb?: number
  /** Time for one question, two minutes by default; then the reader is killed. */
  readonly timeoutMs?: number
}

/**
 * Parquet, CSV and JSON Lines, read in a process of their own that sees one folder, no network and no credentials.
 *
 * The process starts at the first question and answers one at a time; killed, it starts again with the next. Text files
 * are typed by looking at every value. Column names are compared byte by byte.
 *
 * @throws {BadTable} from every question, when a table can't be used as it is: what, where, how to mend it
 * @throws {Unavailable} when a file is not there, or the process ended or was too slow
 */
export function openTables({ folder, memoryMb = 512, timeoutMs = 120_000 }: TablesOptions): Tables {
  const home = resolve(folder)
  const scratch = join(home, `.weighbridge-tables-${randomUUID()}`)
  const reader = readerProcess({ folder: home, scratch, memoryMb }, timeoutMs)
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()
  const ask = (question: TableQuestion) => {
    const answered = last.then(() => {
      if (isClosed) throw closed(question.source.called)
      return reader.ask(question)
    })
    last = answered.catch(() => undefined)
    return answered
  }
  return {
    describe: async (source) => (await ask({ ask: 'describe', source })) as TableShape,
    read: async (source, query) => (await ask({ ask: 'read', source, query })) as TableRows,
    quality: async (source, about) => (await ask({ ask: 'quality', source, about })) as QualityAnswer,
    close: async () => {
      isClosed = true
      reader.kill()
      await last
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

function closed(called: string): Unavailable {
  return new Unavailable('unreachable', `${called}: tables were closed before it was read`, 'Ask before closing.')
}
