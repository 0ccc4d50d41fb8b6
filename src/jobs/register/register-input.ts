import type { RegisterAsk } from './registration.ts'

export interface RegisterInput {
  readonly ask: RegisterAsk
  /** The checkout. */
  readonly folder: string
  /** An absolute path of what was named on the command line. */
  readonly pathOf: (path: string) => string
  /** ISO 8601, to the second. */
  readonly now: string
  readonly progress: (text: string | null) => void
}
