import { isOpen } from '../../ledger/budget-state.ts'
import type { RunNow } from '../../ports/workflow-run.ts'
import { requestOf } from '../../training/build-request.ts'
import { newestRunOf } from '../../training/decide-dispatch.ts'
import { runSeconds } from '../../training/run-seconds.ts'
import type { RunMeaning, RunSeen } from '../../training/run-verdict.ts'
import { DONE, type JobOutcome, momentOf, type RepositoryJob } from '../github/job-context.ts'
import { afterEnd } from './after-end.ts'
import { budgetNow } from './budget-now.ts'
import { dispatchOnce, oldestOf } from './dispatch-once.ts'
import { type EndSeen, keepEnd } from './keep-end.ts'
import { queuedProgress, runningProgress } from './progress-words.ts'
import { enoughAlready } from './search/enough-already.ts'
import { meaningNow, seeRun } from './see-run.ts'
import { showProgress } from './show-progress.ts'
import { stopping } from './stop-run.ts'
import { lookAgain, lookAgainIn, type TrainingJob } from './training-job.ts'
import { type StopWish, trainingMemory } from './training-memory.ts'

/** Nobody may have to tell us: a run is looked at this often. */
const LOOK_EVERY_MS = 120_000
/** A run that no runner took for so long is ended: GitHub gives up after a day, and says less. */
const LONGEST_QUEUE_MS = 23 * 3_600_000
const NO_WORK = 'its claim went through, and no job of it did any work: look at the conditions of its jobs'

/**
 * Follows what a command started, from the ledger's line to the candidate, and does what is due now.
 *
 * Everything is read anew, so that it can be killed after any call, told twice, and told by nobody at all.
 */
export async function followTraining(job: RepositoryJob, correlation: string): Promise<JobOutcome> {
  if (trainingMemory(job, correlation).isOver()) return DONE
  const training = await trainingJob(job, correlation)
  if (training === null) {
    if (isAwaited(job, correlation)) lookAgainIn({ ...job, correlation }, LOOK_EVERY_MS)
    return DONE
  }
  lookAgainIn(training, LOOK_EVERY_MS)
  await (isOpen(training.dispatched) ? followRun(training) : afterEnd(training))
  return DONE
}

/** null: the ledger knows nothing of it, or has forgotten what it was. */
export async function trainingJob(job: RepositoryJob, correlation: string): Promise<TrainingJob | null> {
  const { now, budget } = await budgetNow(job)
  const dispatched = budget === null ? null : newestRunOf(budget, correlation)
  const request = dispatched === null ? null : requestOf(dispatched)
  if (budget === null || dispatched === null || request === null) return null
  const workflows = job.host.workflows(job.repository)
  const memory = trainingMemory(job, correlation)
  return { ...job, correlation, now, budget, dispatched, request, workflows, memory }
}

/** What was reserved lately may not be read yet; what is gone from the ledger's memory is not waited for. */
function isAwaited(job: RepositoryJob, correlation: string): boolean {
  const asked = trainingMemory(job, correlation).asked()
  return asked !== null && job.clock.now() - Date.parse(asked.at) < LONGEST_QUEUE_MS
}

async function followRun(job: TrainingJob): Promise<void> {
  const found = await dispatchOnce(job, job.memory.stop() === null)
  if (found.is === 'refused') return ended(job, { is: 'refused', because: found.because, gpuSeconds: 0 }, null)
  if (found.is === 'awaited') {
    lookAgain(job, found.lookAt)
    const seen = { run: null, jobs: [], annotations: new Map() }
    return act(job, await meaningNow(job, seen, found.since), seen)
  }
  const seen = await seeRun(job, found.run)
  return act(job, await meaningNow(job, seen), seen)
}

async function act(job: TrainingJob, meaning: RunMeaning, seen: RunSeen): Promise<void> {
  const { run } = seen
  switch (meaning.is) {
    case 'queued':
      return goOn(job, seen, waitedTooLong(job, meaning.since), () => queuedProgress(meaning.because, run?.url ?? null))
    case 'running':
      return goOn(job, seen, meaning.isOverdue ? tooLong(job) : await enoughAlready(job, run), () =>
        runningProgress(meaning, job.request, run?.url ?? ''),
      )
    case 'not-ours':
      if (meaning.isToCancel && run !== null) await job.workflows.cancel(run.id)
      return ended(job, failure(`its run is not believed: ${meaning.because}`, runSeconds(seen.jobs)), run)
    case 'superseded':
      return takeFirst(job, run)
    case 'lost':
      return ended(job, { is: 'lost', because: meaning.because, gpuSeconds: 0 }, null)
    default:
      return ended(job, meaning, run)
  }
}

/** Shows where it is, or ends it where somebody or its deadline wants that. */
async function goOn(
  job: TrainingJob,
  seen: RunSeen,
  wish: StopWish | null,
  progress: () => ReturnType<typeof queuedProgress>,
): Promise<void> {
  if (wish !== null) job.memory.setStop(wish)
  const stop = job.memory.stop()
  if (stop === null) return showProgress(job, progress())
  const forced = await stopping(job, seen, stop)
  if (forced !== null) await ended(job, forced, seen.run)
}

function waitedTooLong(job: TrainingJob, since: string): StopWish | null {
  if (job.clock.now() - Date.parse(since) < LONGEST_QUEUE_MS) return null
  return { why: 'never-started', says: 'no runner took it within 23 hours', at: momentOf(job) }
}

function tooLong(job: TrainingJob): StopWish {
  const says = `it ran longer than ${job.request.limit_minutes} minutes, and its own limit did not stop it`
  return { why: 'too-long', says, at: momentOf(job) }
}

function failure(because: string, gpuSeconds = 0): EndSeen {
  return { is: 'failed', because, gpuSeconds }
}

/** Of a doubled dispatch the first run was let through: that one is followed. */
async function takeFirst(job: TrainingJob, run: RunNow | null): Promise<void> {
  const first = await oldestOf(job)
  if (first !== null && first.id !== run?.id) {
    job.memory.setRun(job.dispatched, first.id)
    const seen = await seeRun(job, first)
    return act(job, await meaningNow(job, seen), seen)
  }
  // GitHub's list may not show it yet
  if (run !== null && job.clock.now() < Date.parse(run.createdAt) + 2 * job.lagMs) return lookAgainIn(job, job.lagMs)
  const isFirst = first !== null && first.id === run?.id
  await ended(job, failure(isFirst ? NO_WORK : 'another run with its id was first, and that one is not ours'), run)
}

/** The reservation is replaced by what was used; whatever follows from the end follows from the ledger's line. */
async function ended(job: TrainingJob, end: EndSeen, run: RunNow | null): Promise<void> {
  await afterEnd(await keepEnd(job, end, run))
}
