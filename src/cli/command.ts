import type { Mistake } from '../registry/mistake.ts'
import type { Terminal } from './terminal.ts'

/** Exit codes, the same for every command. */
export const EXIT = { passed: 0, held: 1, badInput: 2, undecided: 3, interrupted: 130, unread: 141 } as const

export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly about: string
  /** One letter that stands for it, `h`. */
  readonly short?: string
  /** Word for the value in the help, `FILE`. */
  readonly value?: string
  readonly multiple?: boolean
  readonly required?: boolean
  readonly choices?: readonly string[]
}

/** One command of the command line; help, parsing and the README table derive from it. */
export interface PositionalSpec {
  readonly name: string
  readonly required: boolean
  /** The last one may be given more than once. */
  readonly isMany?: true
}

export interface CommandSpec {
  readonly name: string
  readonly about: string
  readonly positionals: readonly PositionalSpec[]
  readonly options: Readonly<Record<string, OptionSpec>>
  readonly examples: readonly string[]
  /** It may be asked for a folder that does not exist yet. */
  readonly makesFolder?: true
  readonly load: () => Promise<{ readonly run: (input: CommandInput) => Promise<number> }>
}

export interface CommandInput {
  readonly positionals: readonly string[]
  text(option: string): string | undefined
  texts(option: string): readonly string[]
  flag(option: string): boolean
  /** Folder that the command is about: --repo, else the one it was called from. Absolute. */
  readonly folder: string
  /** Folder that relative file arguments are taken from. Absolute. */
  readonly calledFrom: string
  readonly json: boolean
  readonly terminal: Terminal
}

/** The command line itself is wrong: what, and the way out. */
export class InvalidCommand extends Error {
  readonly mend: string
  constructor(message: string, mend: string) {
    super(message)
    this.name = 'InvalidCommand'
    this.mend = mend
  }
}

/** Files of ours are wrong: every mistake with its place. */
export class InvalidRecord extends Error {
  readonly mistakes: readonly Mistake[]
  constructor(mistakes: readonly Mistake[]) {
    super(`${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}`)
    this.name = 'InvalidRecord'
    this.mistakes = mistakes
  }
}
