import { openTableInput } from '../../adapters/input/table-input.ts'
import { atEnd, openJobFolder } from '../../adapters/job-folder.ts'
import { openS3Store } from '../../adapters/store/s3-store.ts'
import { openTables } from '../../adapters/tables/tables.ts'
import type { TableSource, Tables } from '../../ports.ts'
import { type CommandInput, InvalidCommand } from '../command.ts'

/** Tables that a measuring command was given, and the process that reads them. */
export interface InputTables {
  readonly tables: Tables
  /**
   * The table that an option names: a file, a pattern in quotes, several of these where the option may be repeated,
   * `-` for standard input, or `s3://bucket/key`, which may be a pattern too.
   */
  source(option: string): Promise<TableSource>
  close(): Promise<void>
}

/** Reading a hundred million rows is nobody's mistake; Ctrl-C is there for who does not want to wait. */
const TIMEOUT_MS = 24 * 3_600_000
const DEFAULT_MEMORY_MB = 512
const LEAST_MEMORY_MB = 64

/**
 * Opens nothing yet; `--memory` bounds what the reader takes.
 * @throws {InvalidCommand} when --memory is not a whole number of at least 64
 */
export function openInputTables(
  input: CommandInput,
  stdin: NodeJS.ReadStream | NodeJS.ReadableStream = process.stdin,
): InputTables {
  const memoryMb = memoryOf(input)
  const folder = openJobFolder()
  const progress = (text: string) => input.terminal.progress(text)
  const { calledFrom } = input
  const found = openTableInput({ folder: folder.path, calledFrom, stdin, progress, store: () => openS3Store({}) })
  const tables = openTables({
    folder: folder.path,
    memoryMb,
    timeoutMs: TIMEOUT_MS,
    onAnswer: (source) => found.mustBeUnchanged(source),
    onWait: (called, seconds) => seconds > 1 && progress(`reading ${called}, ${seconds} s`),
  })
  // the reader goes before its folder does, or it would write into what is being removed
  const forget = atEnd(() => void tables.close())
  return {
    tables,
    source(option) {
      const one = input.text(option)
      const names = one === undefined ? input.texts(option) : [one]
      if (names.length === 0) throw new InvalidCommand(`--${option} is not given`, `Name a table with --${option}.`)
      return found.source(names)
    },
    async close() {
      forget()
      await tables.close()
      folder.close()
    },
  }
}

function memoryOf(input: CommandInput): number {
  const given = input.text('memory')
  if (given === undefined) return DEFAULT_MEMORY_MB
  const megabytes = /^\d{1,9}$/.test(given) ? Number(given) : 0
  if (megabytes >= LEAST_MEMORY_MB) return megabytes
  throw new InvalidCommand(
    `--memory ${given} is no number of megabytes`,
    `Give a whole number of at least ${LEAST_MEMORY_MB}; the default is ${DEFAULT_MEMORY_MB}.`,
  )
}
