import { writeFileSync } from 'node:fs'
import { type CommandInput, InvalidCommand } from './command.ts'
import { pathFrom } from './parse.ts'

const MENDS: Readonly<Record<string, string>> = {
  EISDIR: 'Name a file in it.',
  ENOENT: 'Make its folder first.',
  ENOTDIR: 'A part of the path is a file; name another place.',
  EACCES: 'Check who may write there.',
  EROFS: 'Name a place that can be written.',
  ENOSPC: 'Make room on the disk.',
}

/**
 * Writes the page that `--html` asks for, if it does.
 *
 * @returns the path as it was given; undefined when no page was asked for
 * @throws {InvalidCommand} when the page cannot be written
 */
export function writePage(input: CommandInput, html: () => string): string | undefined {
  const called = input.text('html')
  if (called === undefined) return undefined
  try {
    writeFileSync(pathFrom(input.calledFrom, called), html())
    return called
  } catch (error) {
    throw unwritable('html', called, error)
  }
}

/** What went wrong when the file that an option names was written; what is no such trouble stays what it is. */
export function unwritable(option: string, called: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined || code === undefined) return error
  const what = code === 'EISDIR' ? 'is a folder' : `cannot be written: ${code}`
  return new InvalidCommand(`--${option} ${called} ${what}`, MENDS[code] ?? 'Name a file that can be written.')
}
