import type { RepositoryJob } from '../github/job-context.ts'
import { trainingJob } from './follow-training.ts'
import { showProgress } from './show-progress.ts'

const GAVE_UP = {
  is: 'running',
  headline: 'following it failed several times; it is tried again',
  details: ['Whoever operates the app finds the reason in its log. `/cancel` ends it.'],
} as const

/** Following a training was given up for now: who waits for it hears that, and not that it still runs. */
export async function tellDeadTraining(job: RepositoryJob, correlation: string): Promise<void> {
  const training = await trainingJob(job, correlation)
  if (training === null || training.memory.isOver()) return
  await showProgress(training, GAVE_UP)
}
