import { budgetLimits } from '../../../training/budget.ts'
import { dispatchedFact, requestOf, tuneRequest } from '../../../training/build-request.ts'
import { decideDispatch } from '../../../training/decide-dispatch.ts'
import { advanceSearch, beginSearch, type SearchStep, withOutcomes } from '../../../training/search/advance-search.ts'
import { rankTrials } from '../../../training/search/rank-trials.ts'
import { planOf, type SearchPlan } from '../../../training/search/search-plan.ts'
import type { TuneRequest } from '../../../training/training-request.ts'
import { momentOf } from '../../github/job-context.ts'
import { openCandidate } from '../candidate.ts'
import { configurationNow } from '../configuration-now.ts'
import { failedProgress } from '../failed-progress.ts'
import type { Progress, TrainingJob } from '../training-job.ts'
import { trainingWork } from '../training-work.ts'
import { type EndedRung, gatherRungs } from './gather-rungs.ts'
import { tellSearch } from './tell-search.ts'

type Close = (progress: Progress) => Promise<void>
type End = Extract<SearchStep, { is: 'finished' | 'stopped' }>

/** What follows from a rung of a search that has ended: the next one, the winner's candidate, or why there is none. */
export async function afterRung(job: TrainingJob, close: Close): Promise<void> {
  const plan = planOf(job.dispatched.search)
  const stop = job.memory.stop()
  if (plan === null || (stop !== null && stop.why !== 'enough')) return close(await failedProgress(job))
  const rungs = await gatherRungs(job)
  const step = advanceSearch(
    rungs.reduce((state, one) => withOutcomes(state, one.rung, one.outcomes), beginSearch(plan)),
  )
  if (step.is === 'waiting') return
  if (step.is !== 'dispatch') return close(await endOf(job, plan, rungs, step))
  const refused = await nextRung(job, plan, step)
  if (refused === null) return
  const [winner = null] = rankTrials(rungs.at(-1)?.outcomes ?? [], plan.better)
  await close(await endOf(job, plan, rungs, { is: 'stopped', because: refused, winner }))
}

/** Reserves the next rung; its follower dispatches it. Gives why the ledger does not allow it, else null. */
async function nextRung(
  job: TrainingJob,
  plan: SearchPlan,
  { rung, trials }: Extract<SearchStep, { is: 'dispatch' }>,
): Promise<string | null> {
  const { host, repository, now, dispatched, correlation } = job
  const before = job.request as TuneRequest
  const sha = await host.tip(repository, now.defaultBranch)
  const configuration = configurationNow(job)
  if (sha === null || configuration === null) return 'the configuration cannot be read any more'
  const limits = budgetLimits(configuration, dispatched.team)
  const frame = {
    ...{ correlation, attempt: dispatched.attempt + 1, model: dispatched.model, sha, runner: before.runner },
    ...{ limitMinutes: before.limit_minutes, artifacts: configuration.store.artifacts },
  }
  // what one commit has trained, another one does not go on with
  const own = sha === before.sha ? trials : trials.map((trial) => ({ ...trial, resume_from: null }))
  const request = tuneRequest(frame, { rung, metric: plan.metric, parallel: plan.parallel, trials: own })
  const fact = dispatchedFact(request, dispatched)
  const wish = { fact, request, limits, again: true, account: dispatched.account, at: momentOf(job) }
  const answer = await job.openLedger(host, repository).appendBudget((budget) => decideDispatch(budget, wish))
  if (answer.is === 'refused')
    return answer.refused.is === 'over-budget' ? answer.refused.says.join('; ') : 'it was done before'
  job.inbox.enqueue(trainingWork(repository, correlation))
  return null
}

/** The winner, and only it, becomes a candidate and looks at the exam. */
async function endOf(job: TrainingJob, plan: SearchPlan, rungs: readonly EndedRung[], end: End): Promise<Progress> {
  const told = await tellSearch(job, { plan, rungs, end })
  const from = rungs.find(({ rung }) => rung === end.winner?.rung)
  const request = from === undefined ? null : requestOf(from.dispatched)
  if (end.winner === null || from === undefined || request === null) {
    const because = end.is === 'stopped' ? end.because : 'no trial won'
    const failed = await failedProgress(job)
    return { ...failed, headline: `no candidate: ${because}`, details: [...told.details, ...failed.details] }
  }
  const won: TrainingJob = { ...job, dispatched: from.dispatched, request }
  const candidate = await openCandidate(won, end.winner.trial, told.search)
  const early = end.is === 'stopped' ? [`It ended early: ${told.early}`] : []
  return { ...candidate, details: [...candidate.details, ...early, ...told.details] }
}
