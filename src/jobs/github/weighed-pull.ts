import type { Weighing } from '../../checks/weighing.ts'
import type { RemoteRepository } from '../../ports/git-host.ts'
import type { PullFacts } from '../../ports/pull-now.ts'
import type { Weighed } from '../weigh.ts'
import { githubSide } from './github-side.ts'
import { momentOf, type RepositoryJob } from './job-context.ts'
import { readingTogether } from './reading-together.ts'
import { waivableNow } from './waivable-now.ts'
import { weighOnHost } from './weigh-on-host.ts'

/** How long before a moment at which time alone holds a pull request it is held already. */
export const LEAD_MS = 120_000

/** One open pull request as it was weighed. */
export interface WeighedPull extends Weighing {
  /** As it was read. */
  readonly now: PullFacts
  readonly weighed: Weighed
  /** Lines of head that the diff shows, by path. */
  readonly shownLines: ReturnType<RemoteRepository['shownLines']>
}

/** Two commits that a pull request is weighed by: base tip and head, or its own part of a merge group. */
export interface WeighedCommits {
  readonly base: string
  readonly head: string
}

/**
 * Weighs a pull request. What time is about to hold within two minutes is held already; what time is about to let
 * through is not yet let through.
 */
export async function weighedPull(
  job: RepositoryJob,
  pull: PullFacts,
  commits: WeighedCommits = { base: pull.base.sha, head: pull.head.sha },
): Promise<WeighedPull> {
  const now = momentOf(job)
  const first = await weighAt(job, pull, { ...commits, now })
  const { status, validUntil } = first.document.verdict
  const isAboutToChange = validUntil !== null && Date.parse(validUntil) - Date.parse(now) <= LEAD_MS
  if (status !== 'passed' || !isAboutToChange) return first
  const then = await weighAt(job, pull, { ...commits, now: validUntil })
  return then.document.verdict.status === 'passed' ? first : then
}

async function weighAt(
  job: RepositoryJob,
  pull: PullFacts,
  of: WeighedCommits & { readonly now: string },
): Promise<WeighedPull> {
  const together = readingTogether(job)
  const ask = { ...of, side: githubSide(together, pull), isFork: pull.isFork }
  const { weighed, document } = await weighOnHost(together, ask)
  return {
    shownLines: together.host.open(job.repository).shownLines(of.base, of.head),
    now: pull,
    weighed,
    document,
    evidenceKey: weighed.evidenceKey,
    pull: pull.number,
    baseRef: pull.base.ref,
    waivable: waivableNow(weighed, document),
  }
}
