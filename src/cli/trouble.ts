import { GitFailure } from '../adapters/checkout/git.ts'
import { Unavailable } from '../ports.ts'
import { type Mistake, printMistake } from '../registry/mistake.ts'
import { EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import { harmless, type Terminal } from './terminal.ts'

interface Trouble {
  readonly kind: 'InvalidCommand' | 'InvalidRecord' | 'RemoteFailure' | 'Bug'
  readonly message: string
  readonly mend: string
  readonly mistakes?: readonly Mistake[]
  readonly exit: number
}

/** Tells a person (or, with --json, a program) what went wrong and how to mend it; gives the exit code. */
export function explain(error: unknown, terminal: Terminal, json: boolean): number {
  const trouble = troubleOf(error)
  if (json) terminal.line(JSON.stringify({ schema: 'weighbridge.error/v1', error: trouble }, null, 2))
  else for (const line of linesOf(trouble, error)) terminal.complain(harmless(line))
  return trouble.exit
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof InvalidCommand)
    return { kind: 'InvalidCommand', message: error.message, mend: error.mend, exit: EXIT.badInput }
  if (error instanceof InvalidRecord)
    return { kind: 'InvalidRecord', message: error.message, mend: '', mistakes: error.mistakes, exit: EXIT.badInput }
  if (error instanceof GitFailure)
    return { kind: 'InvalidCommand', message: `git: ${error.message}`, mend: gitMend(error), exit: EXIT.badInput }
  if (error instanceof Unavailable)
    return {
      kind: 'RemoteFailure',
      message: error.message,
      mend: error.mend,
      exit: error.status === 'missing' ? EXIT.badInput : EXIT.undecided,
    }
  const mend = (error as { mend?: unknown } | null)?.mend
  if (error instanceof Error && typeof mend === 'string')
    return { kind: 'InvalidRecord', message: error.message, mend, exit: EXIT.badInput }
  return {
    kind: 'Bug',
    message: error instanceof Error ? error.message : String(error),
    mend: 'This is a bug in weighbridge: please report it with the lines above.',
    exit: EXIT.undecided,
  }
}

function gitMend(error: GitFailure): string {
  return /not a git repository/.test(error.message) ? 'Run it in a checkout, or give one with --repo DIR.' : ''
}

function linesOf(trouble: Trouble, error: unknown): readonly string[] {
  const stack = trouble.kind === 'Bug' && error instanceof Error ? [error.stack ?? ''] : []
  const mistakes = (trouble.mistakes ?? []).map(printMistake)
  const head = `weighbridge: ${trouble.message}${trouble.kind === 'Bug' || /[.:]$/.test(trouble.message) ? '' : '.'}`
  return [...stack, ...mistakes, head, ...(trouble.mend === '' ? [] : [trouble.mend])]
}
