import { openCandidate } from './candidate.ts'
import { failedProgress } from './failed-progress.ts'
import { resumeTraining } from './resume-training.ts'
import { afterRung } from './search/after-rung.ts'
import { showProgress } from './show-progress.ts'
import type { Progress, TrainingJob } from './training-job.ts'

/** What follows once the newest dispatch has ended: the next one, a candidate, or the reason why there is none. */
export async function afterEnd(job: TrainingJob): Promise<void> {
  const { ended } = job.dispatched
  // the state has room for the newest runs only: one that it forgot was told about long ago
  if (ended === null) return job.memory.setOver()
  if (ended.conclusion === 'preempted' && job.memory.stop() === null) {
    const refused = await resumeTraining(job)
    return refused === null ? undefined : close(job, refused)
  }
  if (job.request.command === 'tune') return afterRung(job, (progress) => close(job, progress))
  return close(job, ended.conclusion === 'success' ? await openCandidate(job, null) : await failedProgress(job))
}

/** The last word. */
async function close(job: TrainingJob, progress: Progress): Promise<void> {
  await showProgress(job, progress)
  job.memory.setOver()
}
