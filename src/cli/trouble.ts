import { GitFailure } from '../adapters/checkout/git.ts'
import { Unavailable } from '../ports.ts'
import { type Mistake, printMistake } from '../registry/mistake.ts'
import { EXIT, InvalidCommand, InvalidRecord } from './command.ts'
import type { Terminal } from './terminal.ts'

interface Trouble {
  readonly kind: 'InvalidCommand' | 'InvalidRecord' | 'RemoteFailure' | 'Bug'
  readonly message: string
  readonly mend: string
  readonly mistakes?: readonly Mistake[]
  readonly exit: number
}

/** Tells a person (or, with --json, a program) what went wrong and how to mend it; gives the exit code. */
export function explain(error: unknown, terminal: Pick<Terminal, 'complain' | 'document'>, json: boolean): number {
  const trouble = troubleOf(error)
  if (json) terminal.document({ schema: 'weighbridge.error/v1', error: trouble })
  else for (const line of linesOf(trouble, error)) terminal.complain(line)
  return trouble.exit
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof InvalidCommand)
    return { kind: 'InvalidCommand', message: error.message, mend: error.mend, exit: EXIT.badInput }
  if (error instanceof InvalidRecord)
    return {
      kind: 'InvalidRecord',
      message: error.message,
      mend: 'Mend them; weighbridge validate checks again.',
      mistakes: error.mistakes,
      exit: EXIT.badInput,
    }
  if (error instanceof GitFailure)
    return { kind: 'InvalidCommand', message: `git: ${error.message}`, mend: gitMend(error), exit: EXIT.badInput }
  if (error instanceof Unavailable)
    return {
      kind: error.status === 'missing' ? 'InvalidCommand' : 'RemoteFailure',
      message: error.message,
      mend: error.mend,
      exit: error.status === 'missing' ? EXIT.badInput : EXIT.undecided,
    }
  const mend = error instanceof Error ? ((error as { mend?: unknown }).mend ?? systemMend(error)) : undefined
  if (error instanceof Error && typeof mend === 'string')
    return { kind: 'InvalidRecord', message: error.message, mend, exit: EXIT.badInput }
  return {
    kind: 'Bug',
    message: error instanceof Error ? error.message : String(error),
    mend: 'This is a bug in weighbridge: please report it with the lines above.',
    exit: EXIT.undecided,
  }
}

const GIT_MENDS: readonly (readonly [said: RegExp, mend: string])[] = [
  [
    /not a git repository/,
    'Run it in a checkout (in a workflow after actions/checkout), or name one by --repo DIR; weighbridge init starts one.',
  ],
  [/there is no commit "HEAD"/, 'Commit the registry first: only what is committed is read.'],
  [/there is no commit/, 'Name a branch, tag or commit of this checkout; git fetch brings those of the server.'],
  [/dubious ownership/, 'Tell Git that the folder is yours to read, as the line above says.'],
  [/cannot run git/, 'Install Git 2.31 or later and put it on the PATH.'],
  [/user\.(name|email)|tell me who you are/i, 'Tell Git who commits: git config user.name and user.email.'],
]

function gitMend(error: GitFailure): string {
  const known = GIT_MENDS.find(([said]) => said.test(error.message))
  return known?.[1] ?? `Run git ${error.command} there by hand to see more.`
}

const SYSTEM_MENDS: Readonly<Record<string, string>> = {
  EACCES: 'Check who may read and write it.',
  EPERM: 'Check who may read and write it.',
  EROFS: 'The file system can only be read: choose another folder.',
  ENOSPC: 'The disk is full: make room, or point TMPDIR to another.',
  EISDIR: 'It is a folder; name a file.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
}

/** What the operating system refuses is nobody's bug. */
function systemMend(error: NodeJS.ErrnoException): string | undefined {
  const { code, syscall } = error
  return syscall === undefined || code === undefined ? undefined : SYSTEM_MENDS[code]
}

function linesOf(trouble: Trouble, error: unknown): readonly string[] {
  const stack = trouble.kind === 'Bug' && error instanceof Error ? [error.stack ?? ''] : []
  const mistakes = (trouble.mistakes ?? []).map(printMistake)
  const head = `weighbridge: ${trouble.message}${trouble.kind === 'Bug' || /[.:!?^]$/.test(trouble.message) ? '' : '.'}`
  return [...stack, ...mistakes, head, ...(trouble.mend === '' ? [] : [trouble.mend])]
}
