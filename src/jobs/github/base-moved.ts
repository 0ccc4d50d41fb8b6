import type { LandedCommit, OpenPull } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Work } from '../../ports/inbox.ts'
import type { Configuration } from '../../registry/configuration.ts'
import { ANYTHING, concernedPulls, concernsOfPush, isOfOurs, type PushConcerns } from './concerned-pulls.ts'
import { governedBranches, rememberBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobOutcome, type RepositoryJob } from './job-context.ts'
import { isMergedByUs, mayBeMergedByUs } from './merged-by-us.ts'
import { sweepGoverned } from './operator-policy.ts'
import { recordLanding } from './record-landing.ts'
import { reopen } from './reopen.ts'
import { pullWork } from './sweep.ts'

type BaseSubject = Extract<Work['subject'], { kind: 'base' }>

/**
 * A governed branch moved: first no old green stands any more, then what landed is compared with what was weighed, and
 * whatever it concerns is weighed again.
 */
export async function baseMoved(job: RepositoryJob, subject: BaseSubject): Promise<JobOutcome> {
  const { host, repository, inbox } = job
  const now = await host.now(repository)
  const governed = governedBranches(now.configuration, now.defaultBranch, rememberedBranches(inbox, repository))
  rememberBranches(inbox, repository, governed.others)
  if (!governed.is(subject.ref)) return DONE
  const push = await changesOf(job, subject, governed.configuration)
  if (!isOfOurs(push)) return DONE
  if (push.policy && subject.ref === now.defaultBranch) await sweepGoverned(job)
  const landed = landedBy(job, subject)
  const isOver = await landed.then(landedIn(subject.ref), () => () => false)
  const open = await host.openPulls(repository, subject.ref)
  const isOurs = (pull: OpenPull) => isMergedByUs(job, pull) || mayBeMergedByUs(job, pull)
  const concerned = concernedPulls(job, open, push).filter((pull) => !isOver(pull) && !isOurs(pull))
  for (const pull of concerned) await reopen(job, { ...pull, ref: subject.ref }, `${subject.ref} has moved`)
  try {
    await recordAll(job, subject, { landed, configuration: governed.configuration, tip: now.ledgerTip })
  } finally {
    for (const { number, headSha } of concerned)
      inbox.enqueue(pullWork(repository, { number, head: headSha, lane: job.leased.work.lane }))
  }
  return DONE
}

/** A branch that is new, or was pushed with force, may have changed anything. */
async function changesOf(
  job: RepositoryJob,
  { before, after }: BaseSubject,
  configuration: Configuration | null,
): Promise<PushConcerns> {
  if (isNone(before)) return ANYTHING
  try {
    return concernsOfPush(await job.host.open(job.repository).diff(before, after), configuration)
  } catch (error) {
    if (error instanceof HostFailure && !error.retryable) return ANYTHING
    throw error
  }
}

/** GitHub may still list what has just landed as open; the verdict that it landed with must stand. */
function landedIn(ref: string) {
  return (landed: readonly LandedCommit[]) =>
    ({ number, headSha }: OpenPull): boolean =>
      landed.some(
        ({ sha, parents, pulls }) =>
          parents.slice(1).includes(headSha) ||
          pulls.some((one) => one.number === number && one.baseRef === ref && one.mergeCommit === sha),
      )
}

interface Recording {
  readonly landed: Promise<readonly LandedCommit[]>
  readonly configuration: Configuration | null
  readonly tip: string | null
}

async function recordAll(job: RepositoryJob, subject: BaseSubject, { landed, configuration, tip }: Recording) {
  if (!job.grounds.isGranted(job.repository)) {
    job.log.warn({ repository: job.repository.id }, 'nothing is granted: what landed is not recorded')
    return
  }
  const lagsUntil = Date.parse(job.leased.queuedAt) + job.lagMs
  let ledgerTip = tip
  const early = await landed
  // re-opening took its time: GitHub may know by now where a commit came from
  const known = early.every(({ pulls }) => pulls.length > 0) ? early : await landedBy(job, subject)
  for (const one of known)
    ledgerTip =
      (await recordLanding(job, { ref: subject.ref, landed: one, configuration, ledgerTip, lagsUntil })) ?? ledgerTip
}

/** What landed, oldest first. History that was rewritten is one landing that came from no pull request. */
async function landedBy(job: RepositoryJob, subject: BaseSubject): Promise<readonly LandedCommit[]> {
  const { before, after } = subject
  if (isNone(before)) return []
  try {
    return await job.host.landed(job.repository, before, after)
  } catch (error) {
    if (!(error instanceof HostFailure) || error.retryable) throw error
    if (await waitedForLag(job)) return landedBy(job, subject)
    job.log.warn({ repository: job.repository.id }, 'a governed branch was rewritten')
    return [{ sha: after, parents: [before], landedAt: new Date(job.clock.now()).toISOString(), pulls: [] }]
  }
}

/** GitHub's answers may not know yet what was pushed a moment ago; false when they must. */
async function waitedForLag({ leased, lagMs, clock }: RepositoryJob): Promise<boolean> {
  const waitMs = Date.parse(leased.queuedAt) + lagMs - clock.now()
  if (!(waitMs > 0)) return false
  await clock.sleep(waitMs)
  return true
}

/** The id that Git has for a commit that is not there. */
function isNone(sha: string): boolean {
  return /^0+$/.test(sha)
}
