import { HostFailure } from '../../ports/host-failure.ts'
import type { RunNow } from '../../ports/workflow-run.ts'
import { requestInputs } from '../../training/build-request.ts'
import { dispatchInTitle, dispatchTag } from '../../training/correlation.ts'
import { momentOf } from '../github/job-context.ts'
import type { TrainingJob } from './training-job.ts'

/** Where a dispatch stands. */
export type Dispatching =
  | { readonly is: 'found'; readonly run: RunNow }
  /** GitHub has it, or may have it, and shows no run yet: looked for again at this moment. */
  | { readonly is: 'awaited'; readonly lookAt: string; readonly since: string }
  /** Nothing was started, and nothing will be. */
  | { readonly is: 'refused'; readonly because: string }

/** GitHub's lists are looked through from a little before the ledger's line on: clocks differ. */
const CLOCKS_DIFFER_MS = 60_000
/** A dispatch that GitHub took is looked for this often. */
const LOOK_EVERY_MS = 10_000

/**
 * The run of the newest dispatch: found, or dispatched where nobody has tried, or where an answer got lost, GitHub's
 * lists had their time, and still show nothing. A second run of one dispatch ends at its claim, before any GPU.
 *
 * @param mayStart  false: it is looked for only
 */
export async function dispatchOnce(job: TrainingJob, mayStart: boolean): Promise<Dispatching> {
  const known = job.memory.runOf(job.dispatched)
  const run = known === null ? null : await job.workflows.run(known)
  if (run !== null) return { is: 'found', run }
  const key = intentionKey(job)
  const tried = job.inbox.intention(key)
  const isFirst = tried === null && job.clock.now() - Date.parse(job.dispatched.at) < job.lagMs
  const listed = isFirst ? null : await oldestOf(job)
  if (listed !== null) return found(job, listed)
  if (tried?.digest === ACCEPTED) return awaited(job, tried.at)
  if (tried !== null && job.clock.now() < Date.parse(tried.at) + job.lagMs)
    return { is: 'awaited', lookAt: new Date(Date.parse(tried.at) + job.lagMs).toISOString(), since: tried.at }
  if (!mayStart) return { is: 'refused', because: 'it was cancelled before it was dispatched' }
  return start(job)
}

const TRIED = 'tried'
const ACCEPTED = 'accepted'

function intentionKey({ repository, dispatched }: TrainingJob): string {
  return `${repository.id}/dispatch:${dispatchTag(dispatched)}`
}

/** Nothing but the tip of the default branch is ever dispatched, and only while it is what the ledger's line names. */
async function start(job: TrainingJob): Promise<Dispatching> {
  const { host, repository, now, request, dispatched, workflows, inbox } = job
  const sent = requestInputs(request)
  if (sent.is === 'refused') return { is: 'refused', because: `${sent.because}. ${sent.mend}` }
  const tip = await host.tip(repository, now.defaultBranch)
  if (tip !== request.sha) return { is: 'refused', because: movedText(job, tip) }
  const key = intentionKey(job)
  inbox.intend(key, TRIED, momentOf(job))
  try {
    const of = { workflow: dispatched.workflow, ref: now.defaultBranch, inputs: sent.inputs }
    const answer = await workflows.dispatch(of)
    if (answer.is === 'refused') return { is: 'refused', because: `GitHub refused the dispatch: ${answer.because}` }
    inbox.intend(key, ACCEPTED, momentOf(job))
    const run = answer.runId === null ? null : await shown(job, answer.runId)
    return run === null ? awaited(job, momentOf(job)) : { is: 'found', run }
  } catch (error) {
    if (error instanceof HostFailure && !error.isAmbiguous && inbox.intention(key)?.digest === TRIED) inbox.forget(key)
    throw error
  }
}

function awaited(job: TrainingJob, since: string): Dispatching {
  return { is: 'awaited', lookAt: momentOf(job, LOOK_EVERY_MS), since }
}

function movedText({ now, request }: TrainingJob, tip: string | null): string {
  const to = tip === null ? 'is gone' : `moved on to ${tip.slice(0, 12)}`
  return `${now.defaultBranch} ${to} before ${request.sha.slice(0, 12)} was dispatched; ask again`
}

async function shown(job: TrainingJob, id: number): Promise<RunNow | null> {
  job.memory.setRun(job.dispatched, id)
  return job.workflows.run(id)
}

function found(job: TrainingJob, run: RunNow): Dispatching {
  job.memory.setRun(job.dispatched, run.id)
  return { is: 'found', run }
}

/** The first run that our own account started with this title: the claim lets no other through. */
export async function oldestOf(job: TrainingJob): Promise<RunNow | null> {
  const bots = await job.bots()
  const named = (await runsSince(job)).filter((run) => {
    const name = dispatchInTitle(run.title)
    return name?.correlation === job.correlation && name.attempt === job.dispatched.attempt
  })
  return named.find(({ actor }) => actor !== null && bots.includes(actor.id)) ?? null
}

/** Dispatched runs of its workflow since it was asked for, oldest first. */
function runsSince({ workflows, dispatched }: TrainingJob): Promise<readonly RunNow[]> {
  const since = new Date(Date.parse(dispatched.at) - CLOCKS_DIFFER_MS).toISOString()
  return workflows.dispatched({ workflow: dispatched.workflow, since: `${since.slice(0, 19)}Z` })
}
