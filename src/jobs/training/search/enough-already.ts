import type { RunNow } from '../../../ports/workflow-run.ts'
import { advanceSearch, beginSearch, withOutcomes } from '../../../training/search/advance-search.ts'
import { planOf } from '../../../training/search/search-plan.ts'
import { momentOf } from '../../github/job-context.ts'
import type { TrainingJob } from '../training-job.ts'
import type { StopWish } from '../training-memory.ts'
import { gatherRungs, outcomesSoFar } from './gather-rungs.ts'

/**
 * Why a rung that runs needs no further trial: the trials that have ended reached the target, or brought nothing better
 * for long. null when all of them are wanted, which is so unless `/tune` asked for an early stop.
 */
export async function enoughAlready(job: TrainingJob, run: RunNow | null): Promise<StopWish | null> {
  const { request, dispatched } = job
  const plan = planOf(dispatched.search)
  if (request.command !== 'tune' || plan === null || run === null) return null
  if (plan.stop.target === null && plan.stop.patience === null) return null
  const before = (await gatherRungs(job)).reduce(
    (state, one) => withOutcomes(state, one.rung, one.outcomes),
    beginSearch(plan),
  )
  const step = advanceSearch(withOutcomes(before, request.rung, await outcomesSoFar(job, run.id, request)))
  if (step.is !== 'stopped' || step.winner === null) return null
  return { why: 'enough', says: step.because, at: momentOf(job) }
}
