import { ROLL_UP } from '../../checks/check-names.ts'
import type { NewFact } from '../../ledger/fact.ts'
import type { OpenPull } from '../../ports/git-host.ts'
import { concernedPulls } from '../github/concerned-pulls.ts'
import { factEntered } from '../github/facts-entered.ts'
import { governedBranches } from '../github/governed-branches.ts'
import { rememberedWeighing } from '../github/remembered-weighing.ts'
import { reopen } from '../github/reopen.ts'
import { type Groups, reopenGroups } from '../github/reopen-groups.ts'
import { pullWork } from '../github/sweep.ts'
import type { CommentJob } from './comment-job.ts'

/** Whose verdicts a fact may change: those of the comment's own pull request, or all that touch an environment. */
export type Touched = 'this pull request' | { readonly environment: string }

interface Verdict extends Pick<OpenPull, 'number' | 'headSha' | 'rollUp'> {
  readonly ref: string
}

/**
 * Enters facts, and no verdict that was green without them stays green until it is judged again.
 *
 * @param of.because  what the check says meanwhile
 * @throws {HostFailure | Unavailable} when the facts could not be entered; trying again is safe
 */
export async function enterFacts(
  job: CommentJob,
  of: { readonly facts: readonly NewFact[]; readonly touched: Touched; readonly because: string },
): Promise<void> {
  const { tip } = await job.openLedger(job.host, job.repository).append(of.facts, job.now.ledgerTip)
  factEntered(job, tip)
  const verdicts = await verdictsOf(job, of.touched)
  try {
    for (const one of verdicts) if (one.rollUp?.conclusion === 'success') await reopen(job, one, of.because)
    for (const groups of groupsOf(job, of.touched, verdicts)) await reopenGroups(job, groups, of.because)
  } finally {
    for (const { number, headSha } of verdicts)
      job.inbox.enqueue(pullWork(job.repository, { number, head: headSha, lane: 'interactive' }))
  }
}

/** Groups of the merge queues that may hold any of them. */
function groupsOf(job: CommentJob, touched: Touched, verdicts: readonly Verdict[]): readonly Groups[] {
  const queued = verdicts.filter(({ number, headSha }) => rememberedWeighing(job, number, headSha)?.isQueued === true)
  const refs = [...new Set(queued.map(({ ref }) => ref))]
  return refs.map((ref) => ({ ref, pull: touched === 'this pull request' ? job.thread.number : null }))
}

async function verdictsOf(job: CommentJob, touched: Touched): Promise<readonly Verdict[]> {
  if (touched !== 'this pull request') return verdictsIn(job, touched.environment)
  const { number, pull } = job.thread
  if (pull === null) return []
  const checks = pull.checks ?? (await job.host.checksOn(job.repository, pull.headSha))
  const rollUp = checks.find(({ name }) => name === ROLL_UP) ?? null
  return [{ number, headSha: pull.headSha, ref: pull.baseRef, rollUp }]
}

async function verdictsIn(job: CommentJob, environment: string): Promise<readonly Verdict[]> {
  const { host, repository, now } = job
  const { others } = governedBranches(now.configuration, now.defaultBranch, [])
  const touching = { models: [], environments: [environment], policy: false, configuration: false }
  const lists = await Promise.all(
    [now.defaultBranch, ...others].map(async (ref) => {
      const open = await host.openPulls(repository, ref)
      return concernedPulls(job, open, touching).map((pull) => ({ ...pull, ref }))
    }),
  )
  return lists.flat()
}
