import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type QualityAnswer,
  type TableRows,
  type TableShape,
  type TableSource,
  type Tables,
  Unavailable,
} from '../../ports.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { TableQuestion } from './messages.ts'
import { readerProcess } from './reader-process.ts'

export interface TablesOptions {
  /** The only folder whose files are read. */
  readonly folder: string
  /** Working memory of the reader, 512 MB by default; what does not fit goes to disk below the folder. */
  readonly memoryMb?: number
  /** Time for one question, two minutes by default; then the reader is killed. */
  readonly timeoutMs?: number
  /** Called with every answer, before it is handed over: to look whether the files are still the same. */
  readonly onAnswer?: (source: TableSource) => Promise<void>
  /** Called every second while a question is open. */
  readonly onWait?: (called: string, seconds: number) => void
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
export function openTables(options: TablesOptions): Tables {
  const { folder, memoryMb = 512, timeoutMs = 120_000 } = options
  const home = resolve(folder)
  const scratch = join(home, `.weighbridge-tables-${randomUUID()}`)
  const reader = readerProcess({ folder: home, scratch, memoryMb }, timeoutMs)
  let isClosed = false
  let last: Promise<unknown> = Promise.resolve()
  const ask = (question: TableQuestion) => {
    const answered = last.then(async () => {
      if (isClosed) throw closed(question.source.called)
      const answer = await waited(reader.ask(question), question.source.called, options)
      await options.onAnswer?.(question.source)
      return answer
    })
    last = answered.catch(() => undefined)
    return answered
  }
  return {
    describe: async (source) => (await ask({ ask: 'describe', source })) as TableShape,
    read: async (source, query) => (await ask({ ask: 'read', source, query })) as TableRows,
    quality: async (source, about) => (await ask({ ask: 'quality', source, about })) as QualityAnswer,
    profile: async (source, about) => (await ask({ ask: 'profile', source, about })) as Profile,
    close: async () => {
      isClosed = true
      reader.kill()
      await last
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

async function waited<Answer>(asked: Promise<Answer>, called: string, { onWait }: TablesOptions): Promise<Answer> {
  if (onWait === undefined) return asked
  let seconds = 0
  const timer = setInterval(() => onWait(called, ++seconds), 1000)
  return asked.finally(() => clearInterval(timer))
}

function closed(called: string): Unavailable {
  return new Unavailable('unreachable', `${called}: tables were closed before it was read`, 'Ask before closing.')
}
