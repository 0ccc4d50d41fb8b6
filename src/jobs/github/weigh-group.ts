import { ROLL_UP } from '../../checks/check-names.ts'
import { type DesiredCheck, withExternalId } from '../../checks/desired-check.ts'
import { groupClash } from '../../merging/group-clash.ts'
import type { GroupNow, QueueEntry } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Work } from '../../ports/inbox.ts'
import type { PullFacts } from '../../ports/pull-now.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { commitChecks } from './commit-checks.ts'
import { lastFactEntered } from './facts-entered.ts'
import { governedBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobOutcome, momentOf, type RepositoryJob } from './job-context.ts'
import { publishChecks } from './publish-checks.ts'
import { askingTogether, readingTogether } from './reading-together.ts'
import { showingProgress } from './show-in-progress.ts'
import { originOf } from './weigh-pull.ts'
import { type WeighedPull, weighedPull } from './weighed-pull.ts'

type GroupSubject = Extract<Work['subject'], { kind: 'group' }>

/**
 * Weighs a merge group for real: each entry on the commit of the one before it, and all of them must pass.
 *
 * One pull request costs five reads: this one, the comparison, the contents, who pushed, and the roles of reviewers.
 * Each further one costs its comparison and, where somebody reviewed it, who pushed to it; the contents and the roles are
 * read for all at once, and so are the pull requests behind the first five of the queue.
 */
export async function weighGroup(job: RepositoryJob, subject: GroupSubject): Promise<JobOutcome> {
  const { repository } = job
  const entered = lastFactEntered(job)
  const now = await groupNow(job, subject)
  const governed = governedBranches(now.configuration, now.defaultBranch, rememberedBranches(job.inbox, repository))
  const { group } = now
  if (!governed.is(subject.baseRef) || group === null) return DONE
  if (group.some(({ headSha }) => headSha === null)) return { is: 'later', at: momentOf(job, job.lagMs) }
  const pulls = await pullsOf(job, group, now.pulls)
  const shown = { headSha: subject.headSha, checks: now.checks, origin: originOf(job, pulls) }
  const { value: weighings, checks } = await showingProgress(job, shown, () => weighEntries(job, subject, group, pulls))
  const desired = withClash(commitChecks(job, weighings, governed.configuration), weighings, shown.origin)
  const force = job.leased.work.force
  if (lastFactEntered(job) !== entered) return { is: 'later', at: momentOf(job) }
  await publishChecks(job, { headSha: subject.headSha, desired, found: checks, force })
  return DONE
}

type GroupRead = GroupNow & { readonly group: readonly QueueEntry[] | null }

/** GitHub's list of the queue may lag behind the event that told of the group: then it is read once more. */
async function groupNow({ host, ...job }: RepositoryJob, subject: GroupSubject): Promise<GroupRead> {
  const read = async () => {
    const now = await host.group(job.repository, subject)
    return { ...now, group: groupOf(now.queue, subject) }
  }
  const now = await read()
  const waitMs = Date.parse(job.leased.queuedAt) + job.lagMs - job.clock.now()
  if (now.group !== null || !(waitMs > 0)) return now
  await job.clock.sleep(waitMs)
  return read()
}

/** The pull requests of a group, in its order; those that were read along are not asked for again. */
async function pullsOf(
  { host, repository }: RepositoryJob,
  group: readonly QueueEntry[],
  known: readonly PullFacts[],
): Promise<readonly PullFacts[]> {
  const others = group.map(({ pull }) => pull).filter((pull) => known.every(({ number }) => number !== pull))
  const read = await host.pulls(repository, others)
  const all = new Map([...known, ...read].map((pull) => [pull.number, pull]))
  return group.map(({ pull }) => all.get(pull) ?? unread(pull))
}

/** None of a group may be left out: the others would be weighed without it. */
function unread(pull: number): never {
  const operation = 'read the pull requests'
  throw new HostFailure(`${operation}: nothing is said of #${pull}`, { operation, status: 200, retryable: true })
}

/** All comparisons first: what each entry then reads goes out together. */
async function weighEntries(
  job: RepositoryJob,
  subject: GroupSubject,
  group: readonly QueueEntry[],
  pulls: readonly PullFacts[],
): Promise<readonly WeighedPull[]> {
  const together = askingTogether(readingTogether(job), pulls)
  const entries = pulls.map((pull, index) => {
    return { pull, base: baseOf(group, index, subject), head: headOf(group, index) }
  })
  const read = together.host.open(job.repository)
  await Promise.all(entries.map(({ base, head }) => read.mergeBase(base, head)))
  return Promise.all(entries.map(({ pull, base, head }) => weighedPull(together, pull, { base, head })))
}

/** The entries of a group, first to last; null when it is not in the queue any more. */
export function groupOf(
  queue: readonly QueueEntry[],
  { baseSha, headSha }: Pick<GroupSubject, 'baseSha' | 'headSha'>,
): readonly QueueEntry[] | null {
  const last = queue.findIndex((entry) => entry.headSha === headSha)
  const before = queue.findIndex((entry) => entry.headSha === baseSha)
  return last === -1 || before >= last ? null : queue.slice(before + 1, last + 1)
}

function baseOf(group: readonly QueueEntry[], index: number, { baseSha }: GroupSubject): string {
  return index === 0 ? baseSha : headOf(group, index - 1)
}

function headOf(group: readonly QueueEntry[], index: number): string {
  return group[index]?.headSha ?? ''
}

/** Two promotions of one model in one environment: neither was weighed against the other. */
function withClash(
  desired: readonly DesiredCheck[],
  weighings: readonly WeighedPull[],
  origin: Parameters<typeof withExternalId>[1],
): readonly DesiredCheck[] {
  const clash = groupClash(
    weighings.flatMap(({ pull, weighed }) => weighed.promotions.map((promotion) => ({ pull, ...promotion }))),
  )
  if (clash === null) return desired
  return desired.map((check) => {
    if (check.name !== ROLL_UP) return check
    const { externalId: _, ...rest } = check
    const summary = `**✗ Held.** ${escapeMarkdown(clash)}\n\n${check.summary}`.slice(0, 65_000)
    return withExternalId({ ...rest, conclusion: 'failure', title: 'two promotions of one model', summary }, origin)
  })
}
