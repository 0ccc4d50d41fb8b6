import { heavyJobs, secondsOf } from '../../training/run-seconds.ts'
import type { RunSeen } from '../../training/run-verdict.ts'
import type { EndSeen } from './keep-end.ts'
import { stoppingProgress } from './progress-words.ts'
import { showProgress } from './show-progress.ts'
import { lookAgainIn, type TrainingJob } from './training-job.ts'
import type { StopWish } from './training-memory.ts'

/** A run that is asked to end is looked at this often. */
const LOOK_EVERY_MS = 30_000
/** From then on GitHub is told not to wait for the run's own cleaning up. */
const FORCED_AFTER_MS = 5 * 60_000
/** A run that GitHub cannot end is given up: its reservation is freed, and what it took until now is counted. */
const GIVEN_UP_AFTER_MS = 15 * 60_000

/**
 * Asks for the end of a run until it has ended.
 *
 * @returns how it ended where GitHub does not end it at all; null while that is waited for
 */
export async function stopping(job: TrainingJob, { run, jobs }: RunSeen, stop: StopWish): Promise<EndSeen | null> {
  const sinceMs = job.clock.now() - Date.parse(stop.at)
  if (sinceMs > GIVEN_UP_AFTER_MS) {
    const taken = heavyJobs(jobs).reduce((sum, one) => sum + secondsOf(one, job.clock.now()), 0)
    return { is: 'cancelled', because: stop.says, gpuSeconds: taken }
  }
  lookAgainIn(job, LOOK_EVERY_MS)
  if (run !== null) await job.workflows.cancel(run.id, { isForced: sinceMs > FORCED_AFTER_MS })
  await showProgress(job, stoppingProgress(stop, run?.url ?? null))
  return null
}
