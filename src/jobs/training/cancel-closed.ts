import { isOpen } from '../../ledger/budget-state.ts'
import { DONE, type JobOutcome, momentOf, type RepositoryJob } from '../github/job-context.ts'
import { budgetNow } from './budget-now.ts'
import { trainingMemory } from './training-memory.ts'
import { trainingWork } from './training-work.ts'

/** An issue or pull request was closed: nobody waits there any more for what it started. */
export async function cancelClosed(job: RepositoryJob, number: number): Promise<JobOutcome> {
  const { budget } = await budgetNow(job)
  const open = budget?.runs.filter((run) => isOpen(run) && run.issue === number) ?? []
  for (const { correlation } of open) {
    const says = `cancelled, since #${number} was closed`
    trainingMemory(job, correlation).setStop({ why: 'cancelled', says, at: momentOf(job) })
    job.inbox.enqueue(trainingWork(job.repository, correlation))
  }
  return DONE
}
