import { budgetLimits } from '../../training/budget.ts'
import { dispatchedFact, resumedRequest } from '../../training/build-request.ts'
import { decideDispatch, MOST_IN_A_ROW, mayResume } from '../../training/decide-dispatch.ts'
import { newestCheckpoint } from '../../training/newest-checkpoint.ts'
import type { TrainRequest, TuneRequest } from '../../training/training-request.ts'
import { momentOf } from '../github/job-context.ts'
import { configurationNow } from './configuration-now.ts'
import { takenLine } from './failed-progress.ts'
import { listedBelow } from './listed-below.ts'
import type { Progress, TrainingJob } from './training-job.ts'
import { trainingWork } from './training-work.ts'

/**
 * Reserves the next attempt of a training that was preempted; its follower dispatches it.
 *
 * It names the tip of the default branch as it is now. A checkpoint is gone on with only where that is still the commit
 * that wrote it: what one commit has trained another one cannot vouch for.
 *
 * @returns why it is not gone on with; null when it is
 */
export async function resumeTraining(job: TrainingJob): Promise<Progress | null> {
  if (!mayResume(job.budget, job.correlation)) return given(job, `it was preempted ${MOST_IN_A_ROW} times in a row`)
  const { dispatched, repository, host, now } = job
  const sha = await host.tip(repository, now.defaultBranch)
  const configuration = await configurationNow(job)
  if (sha === null || configuration === null) return given(job, 'the configuration cannot be read any more')
  const request = await nextRequest(job, sha)
  // at another commit it is another training
  const identity = sha === job.request.sha ? dispatched.identity : null
  const fact = dispatchedFact(request, { ...dispatched, identity })
  const limits = budgetLimits(configuration, dispatched.team)
  const wish = { fact, request, limits, again: true, account: dispatched.account, at: momentOf(job) }
  const ledger = job.openLedger(host, repository)
  const answer = await ledger.appendBudget((budget) => decideDispatch(budget, wish))
  if (answer.is === 'refused')
    return given(job, answer.refused.is === 'over-budget' ? answer.refused.says.join('; ') : 'it was trained before')
  job.inbox.enqueue(trainingWork(repository, job.correlation))
  return null
}

function given(job: TrainingJob, because: string): Progress {
  return { is: 'failed', headline: `preempted, and not resumed: ${because}`, details: [takenLine(job)] }
}

async function nextRequest(job: TrainingJob, sha: string): Promise<TrainRequest | TuneRequest> {
  const { request } = job
  const isSame = sha === request.sha
  if (request.command === 'train') {
    const checkpoints = isSame ? await listedBelow(job, request.checkpoints) : []
    return { ...resumedRequest(request, newestCheckpoint(checkpoints, null)), sha }
  }
  const trials = isSame ? request.trials : request.trials.map((trial) => ({ ...trial, resume_from: null }))
  return { ...request, attempt: request.attempt + 1, sha, trials }
}
