import type { HostedRepository } from '../../ports/pull-now.ts'

/** What read 1 learns in passing, so that reading the repository need not ask for it again. */
export interface Seeds {
  /** The configuration at a commit; null when there is none. */
  configuration(
    repository: HostedRepository,
    at: { readonly sha: string; readonly blob: { readonly oid: string; readonly text: string } | null },
  ): void
  /** Which pull request goes from a base to a head. */
  pull(
    repository: HostedRepository,
    of: { readonly base: string; readonly head: string; readonly number: number },
  ): void
}
