import { ROLL_UP } from '../../checks/check-names.ts'
import type { DesiredCheck } from '../../checks/desired-check.ts'
import { jointStatus, jointValidUntil } from '../../checks/weighing.ts'
import { decideMerge, type MergeDecision, type MergeFacts, whyRefused } from '../../merging/merge-decision.ts'
import type { MergeAnswer } from '../../ports/git-host.ts'
import { DONE, type JobOutcome, momentOf, type RepositoryJob } from './job-context.ts'
import { mergeRemembered } from './merged-by-us.ts'
import { hasMoved } from './publish-checks.ts'
import { pullWork } from './sweep.ts'
import type { WeighedPull } from './weighed-pull.ts'

/** How long GitHub may take to work out whether something can be merged. */
const MERGEABILITY_MS = 10_000

/**
 * Merges a pull request that has passed, where its policy says so. One merge into a branch at a time, each against the
 * tip that was read right before it.
 *
 * @param weighings  of its head; the pull request itself is the first
 */
export async function mergeWhereAutomatic(
  job: RepositoryJob,
  weighings: readonly WeighedPull[],
  desired: readonly DesiredCheck[],
): Promise<JobOutcome> {
  const [own] = weighings
  const status = jointStatus(weighings)
  if (own === undefined || status !== 'passed' || own.weighed.merge?.automatic !== true) {
    job.inbox.noLongerWaits(job.leased.work.key)
    return DONE
  }
  const weighed: MergeFacts['weighed'] = {
    head: own.now.head.sha,
    baseRef: own.baseRef,
    base: own.now.base.sha,
    mergeBase: own.weighed.pull.mergeBase,
    status,
    validUntil: jointValidUntil(weighings),
    merge: own.weighed.merge,
    touchesWorkflows: own.weighed.touchesWorkflows,
    externalId: desired.find(({ name }) => name === ROLL_UP)?.externalId ?? '',
  }
  return job.exclusive(`${job.repository.id}@${own.baseRef}`, () => mergeNow(job, weighed))
}

async function mergeNow(job: RepositoryJob, weighed: MergeFacts['weighed']): Promise<JobOutcome> {
  const facts = await factsNow(job, weighed)
  const decision = decideMerge(facts)
  const answer = await asked(job, facts, decision)
  if (answer === null) return follow(job, facts, decision)
  if (answer.is !== 'refused') return follow(job, facts, { do: 'nothing', because: `it is ${answer.is}` })
  const again = await factsNow(job, weighed)
  return follow(job, again, whyRefused(again))
}

async function factsNow(job: RepositoryJob, weighed: MergeFacts['weighed']): Promise<MergeFacts> {
  const { subject } = job.leased.work
  const [pull, mayBypass] = await Promise.all([
    job.host.pull(job.repository, subject.kind === 'pull' ? subject.number : 0),
    job.host.mayBypass(job.repository, weighed.baseRef),
  ])
  return { pull, weighed, mayBypass, now: momentOf(job) }
}

/** Asks GitHub to merge exactly the head that was weighed; null when that is not what was decided. */
async function asked(
  job: RepositoryJob,
  { pull, weighed }: MergeFacts,
  decision: MergeDecision,
): Promise<MergeAnswer | null> {
  if (hasMoved(job, weighed.head)) return null
  if (decision.do === 'enqueue') return job.host.enqueue(job.repository, pull)
  if (decision.do !== 'merge') return null
  const { sha, method } = decision
  return mergeRemembered(job, { number: pull.number, headSha: sha }, () =>
    job.host.merge(job.repository, pull.number, { sha, method }),
  )
}

/** What a decision means for later. */
function follow(job: RepositoryJob, { pull }: MergeFacts, decision: MergeDecision): JobOutcome {
  const { inbox, leased, repository } = job
  if (decision.do === 'weigh')
    inbox.enqueue(pullWork(repository, { number: pull.number, head: null, lane: 'interactive' }))
  if (decision.do === 'wait' && decision.for === 'rules') {
    inbox.waitToMerge(leased.work, pull.head.sha)
    return DONE
  }
  inbox.noLongerWaits(leased.work.key)
  if (decision.do !== 'wait' || decision.for === 'queue') return DONE
  return { is: 'later', at: momentOf(job, decision.for === 'publication' ? job.lagMs : MERGEABILITY_MS) }
}
