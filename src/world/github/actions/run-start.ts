import type { NewRun } from './start-run.ts'

/** Where a run of an event stands. */
export type Start = Omit<NewRun, 'file' | 'event' | 'payload'> & {
  /** Changed paths: those of the pushed commit, or all of the pull request. */
  readonly paths: () => Promise<readonly string[]>
  /** Branch (or tag) that `branches:` is about. */
  readonly branch: string | null
}
