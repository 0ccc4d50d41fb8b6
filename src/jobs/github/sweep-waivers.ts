import { endedWaivers, liveWaivers } from '../../gates/ended-waivers.ts'
import { isInForce } from '../../gates/ledger-findings.ts'
import type { LedgerState } from '../../ledger/fact.ts'
import { type EndedWaiver, waiverIssue } from '../../merging/waiver-issue.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { RepositoryNow } from '../../ports/pull-now.ts'
import { servedBy } from '../list-registry.ts'
import { readLedger } from './github-side.ts'
import { governedBranches } from './governed-branches.ts'
import { momentOf, type RepositoryJob } from './job-context.ts'
import { openIssue } from './open-issue.ts'
import { firstEnd, startWatching, type WatchedWaiver, watchedWaivers, watchWaivers } from './watched-waivers.ts'

/**
 * Opens an issue for each waiver that ended while its version serves. What is remembered costs nothing until one ends;
 * a lost inbox costs one look at the ledger.
 */
export async function sweepWaivers(job: RepositoryJob, now: RepositoryNow): Promise<void> {
  if (!job.grounds.isGranted(job.repository)) return
  const known = watchedWaivers(job)
  const due = known?.filter(({ at }) => at <= momentOf(job)) ?? []
  const states = known === null ? await allStates(job, now) : await statesOf(job, due, now)
  if (states === null) return
  const ended = states.flatMap((state) => endedIn(state, momentOf(job)))
  const isServed = ended.length === 0 ? () => false : await versionsServed(job, now)
  for (const one of ended) if (isServed(one)) await tellEnded(job, one)
  if (known === null) startWatching(job)
  watchWaivers(job, { instead: due, watched: states.flatMap((state) => nextEnd(state, momentOf(job))) })
}

/** Where a repository has no issues nobody can be told there: `/status` still says it. */
async function tellEnded(job: RepositoryJob, ended: EndedWaiver): Promise<void> {
  try {
    await openIssue(job, waiverIssue(ended))
  } catch (error) {
    if (!(error instanceof HostFailure) || error.retryable) throw error
    job.log.warn({ repository: job.repository.id, because: error.message }, 'no issue about an expired waiver')
  }
}

/** Where the inbox remembers nothing. null: the ledger cannot be believed, here and below. */
async function allStates(job: RepositoryJob, { ledgerTip }: RepositoryNow): Promise<readonly LedgerState[] | null> {
  return ledgerTip === null ? [] : job.openLedger(job.host, job.repository).readAll(ledgerTip)
}

async function statesOf(
  job: RepositoryJob,
  due: readonly WatchedWaiver[],
  { ledgerTip }: RepositoryNow,
): Promise<readonly LedgerState[] | null> {
  const read = await Promise.all(due.map((scope) => readLedger(job, scope, ledgerTip)))
  const sound = read.flatMap((ledger) => (ledger.is === 'sound' ? [ledger.state] : []))
  return sound.length === due.length ? sound : null
}

function endedIn(state: LedgerState, now: string): readonly EndedWaiver[] {
  const live = state.deployed.at(-1)
  if (live === undefined) return []
  const { environment, model } = state
  const { version } = live
  return endedWaivers(state, live, now).map((waiver) => ({ scope: { environment, model }, version, waiver }))
}

/** The next moment at which a waiver of what serves ends. */
function nextEnd(state: LedgerState, now: string): readonly WatchedWaiver[] {
  return firstEnd(
    state,
    liveWaivers(state, state.deployed.at(-1)).filter(({ until }) => isInForce(until, now)),
  )
}

/** Whether a governed branch still serves a version: what was taken away leaves no line in the ledger. */
async function versionsServed(job: RepositoryJob, now: RepositoryNow): Promise<(one: EndedWaiver) => boolean> {
  const { host, repository } = job
  const { others, configuration } = governedBranches(now.configuration, now.defaultBranch, [])
  if (configuration === null) return () => true
  const served = await Promise.all(
    [now.defaultBranch, ...others].map(async (ref) => {
      const tip = await host.tip(repository, ref)
      return tip === null ? new Map() : servedBy(await host.open(repository).snapshot(tip), configuration)
    }),
  )
  return ({ scope, version }) => served.some((one) => one.get(scope.model)?.[scope.environment] === version)
}
