import { ROLL_UP } from '../../checks/check-names.ts'
import { type DesiredCheck, withExternalId } from '../../checks/desired-check.ts'
import { groupClash } from '../../merging/group-clash.ts'
import type { QueueEntry } from '../../ports/git-host.ts'
import type { Work } from '../../ports/inbox.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { commitChecks } from './commit-checks.ts'
import { governedBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobOutcome, momentOf, type RepositoryJob } from './job-context.ts'
import { publishChecks } from './publish-checks.ts'
import { showingProgress } from './show-in-progress.ts'
import { originOf } from './weigh-pull.ts'
import { type WeighedPull, weighedPull } from './weighed-pull.ts'

type GroupSubject = Extract<Work['subject'], { kind: 'group' }>

/** Weighs a merge group for real: each entry on the commit of the one before it, and all of them must pass. */
export async function weighGroup(job: RepositoryJob, subject: GroupSubject): Promise<JobOutcome> {
  const { host, repository } = job
  const now = await host.now(repository)
  const governed = governedBranches(now.configuration, now.defaultBranch, rememberedBranches(job.inbox, repository))
  if (!governed.is(subject.baseRef)) return DONE
  const group = await groupNow(job, subject)
  if (group === null) return DONE
  if (group.some(({ headSha }) => headSha === null)) return { is: 'later', at: momentOf(job, job.lagMs) }
  const pulls = await Promise.all(group.map(({ pull }) => host.pull(repository, pull)))
  const found = await host.checksOn(repository, subject.headSha)
  const shown = { headSha: subject.headSha, checks: found, origin: originOf(job, pulls) }
  const { value: weighings, checks } = await showingProgress(job, shown, () =>
    Promise.all(
      pulls.map((pull, index) =>
        weighedPull(job, pull, { base: baseOf(group, index, subject), head: headOf(group, index) }),
      ),
    ),
  )
  const desired = withClash(commitChecks(job, weighings, governed.configuration), weighings, shown.origin)
  const force = job.leased.work.force
  await publishChecks(job, { headSha: subject.headSha, desired, found: checks, force })
  return DONE
}

/** GitHub's list of the queue may lag behind the event that told of the group: then it is read once more. */
async function groupNow(job: RepositoryJob, subject: GroupSubject): Promise<readonly QueueEntry[] | null> {
  const read = async () => groupOf(await job.host.queue(job.repository, subject.baseRef), subject)
  const group = await read()
  const waitMs = Date.parse(job.leased.queuedAt) + job.lagMs - job.clock.now()
  if (group !== null || !(waitMs > 0)) return group
  await job.clock.sleep(waitMs)
  return read()
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
