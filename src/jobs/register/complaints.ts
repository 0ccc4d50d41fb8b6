import { Unavailable } from '../../ports.ts'
import type { RegisterProblem } from './registration.ts'

/** Gathers what is wrong, so that all of it is said at once. */
export interface Complaints {
  readonly problems: readonly RegisterProblem[]
  readonly notes: readonly string[]
  say(where: string, what: string, mend: string): void
  note(text: string): void
  /**
   * What an act gives, or null when what it was given is wrong.
   *
   * @throws what a store that cannot be reached throws: that is nobody's mistake
   */
  tried<Value>(where: string, act: () => Promise<Value>): Promise<Value | null>
}

export function openComplaints(): Complaints {
  const problems: RegisterProblem[] = []
  const notes: string[] = []
  const say = (where: string, what: string, mend: string) => void problems.push({ where, what, mend })
  return {
    problems,
    notes,
    say,
    note: (text) => void notes.push(text),
    tried: async (where, act) => {
      try {
        return await act()
      } catch (error) {
        if (error instanceof Unavailable && error.status === 'unreachable') throw error
        const { what, mend } = told(error)
        say(where, what, mend)
        return null
      }
    },
  }
}

const SYSTEM: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  ENOENT: ['there is no such file', 'Check the path; relative ones start where the command is called.'],
  ENOTDIR: ['there is no such file', 'Check the path; relative ones start where the command is called.'],
  EISDIR: ['is a folder', 'Name a file.'],
  EACCES: ['cannot be read', 'Let this user read it.'],
}

function told(error: unknown): { readonly what: string; readonly mend: string } {
  const { message, mend, code } = error as { message?: unknown; mend?: unknown; code?: unknown }
  const known = SYSTEM[String(code)]
  if (known !== undefined) return { what: known[0], mend: known[1] }
  if (typeof message === 'string' && typeof mend === 'string') return { what: message, mend }
  throw error
}

/** What is wrong with one thing that was given. */
export class Wrong extends Error {
  readonly mend: string
  constructor(message: string, mend: string) {
    super(message)
    this.name = 'Wrong'
    this.mend = mend
  }
}
