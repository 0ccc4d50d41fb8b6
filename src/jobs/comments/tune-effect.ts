import type { TuneCommand } from '../../commands/command.ts'
import type { BudgetState } from '../../ledger/budget-state.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { dispatchedFact, requestInputs, requestOf, tuneRequest, workflowOf } from '../../training/build-request.ts'
import { correlationOf } from '../../training/correlation.ts'
import { type DispatchRefusal, decideDispatch, runOf } from '../../training/decide-dispatch.ts'
import { estimateRun, trialLimitMinutes } from '../../training/estimate.ts'
import { advanceSearch, beginSearch } from '../../training/search/advance-search.ts'
import { searchSeconds } from '../../training/search/rungs.ts'
import { planSearch, type SearchPlan } from '../../training/search/search-plan.ts'
import type { TuneRequest } from '../../training/training-request.ts'
import { momentOf } from '../github/job-context.ts'
import { askedText } from '../training/asked-text.ts'
import type { Asking, CommentJob, Effect, EffectAnswer } from './comment-job.ts'
import { mistakesText, moneyLines, refusalText, startedAnswer } from './training-answer.ts'
import { DEFAULT_SEED, type TrainingGround, trainingGround } from './training-ground.ts'

/** What trials are ranked by where neither the command nor a policy names a metric. */
const DEFAULT_METRICS = { binary: 'roc_auc', multiclass: 'accuracy', regression: 'rmse', other: '' } as const

/**
 * Reserves the first rung of a search, if all its rungs can be paid for, and leaves it to its follower.
 *
 * `gpu_hours_per_run` limits each trial; the search as a whole, every trial of every rung up to its limit, must fit into
 * what is left of the month.
 */
export const tuneEffect: Effect<'tune'> = async (job, command, asking) => {
  const [reading, named] = await Promise.all([trainingGround(job, command), command.metric ?? firstMetric(job)])
  if (reading.is === 'refused') return reading
  const { ground } = reading
  const { trials, search, parameters: words } = command
  const parallel = Math.min(command.parallel, ground.limits.parallelTrials)
  const metric = named ?? DEFAULT_METRICS[ground.model.task]
  const exam = ground.model.evaluation?.data.digest ?? null
  const seed = command.seed ?? DEFAULT_SEED
  const stop = { target: command.target, patience: command.patience }
  const planned = planSearch(ground.model, { trials, parallel, metric, search, words, seed, exam, stop })
  if (planned.is === 'refused') return { is: 'refused', text: mistakesText(planned.mistakes) }
  return reserved(job, { command, asking, ground, plan: planned.plan })
}

interface Wish {
  readonly command: TuneCommand
  readonly asking: Asking
  readonly ground: TrainingGround
  readonly plan: SearchPlan
}

/** The first rung; how long a trial may take goes by what earlier trainings took. */
function firstRung({ asking, ground, plan }: Wish, budget: BudgetState): TuneRequest {
  const { configuration, model, sha, runner, limits } = ground
  const step = advanceSearch(beginSearch(plan))
  const trials = step.is === 'dispatch' ? step.trials : []
  const frame = {
    ...{ correlation: correlationOf(asking.cause), attempt: 1, model: model.model, sha, runner },
    limitMinutes: trialLimitMinutes(limits, estimateRun(budget, model.model)),
    artifacts: configuration.store.artifacts,
  }
  return tuneRequest(frame, { rung: 0, metric: plan.metric, parallel: plan.parallel, trials })
}

async function reserved(job: CommentJob, wish: Wish): Promise<EffectAnswer> {
  const { ground, plan, asking } = wish
  const account = job.by.id
  const at = momentOf(job)
  const by = { issue: job.thread.number, comment: job.now.comment.id, team: ground.model.owner ?? null }
  const workflow = workflowOf(ground.model, 'tune')
  const ledger = job.openLedger(job.host, job.repository)
  const answer = await ledger.appendBudget<DispatchRefusal | string>((budget) => {
    const request = firstRung(wish, budget)
    const sent = requestInputs(request)
    if (sent.is === 'refused') return { refused: `${sent.because}. ${sent.mend}` }
    const fact = dispatchedFact(request, { ...by, workflow, identity: null, search: plan })
    const wholeSeconds = searchSeconds(plan, request.limit_minutes)
    return decideDispatch(budget, { fact, request, limits: ground.limits, wholeSeconds, again: true, account, at })
  }, job.now.ledgerTip)
  if (answer.is === 'refused') {
    const { refused } = answer
    const text = typeof refused === 'string' ? `Not done: ${escapeMarkdown(refused)}` : refusalText(job, refused)
    return { is: 'refused', text }
  }
  const asked = firstRung(wish, answer.budget)
  const run = runOf(answer.budget, asked)
  const request = (run === null ? null : requestOf(run)) ?? asked
  const most = { asked: request, gpuSeconds: searchSeconds(plan, request.limit_minutes), account, at }
  const told = [askedText(request, request), planLine(plan), ...moneyLines(answer.budget, ground, most)]
  return startedAnswer(job, asking, { asked: request, told: told.join('\n\n'), at })
}

function planLine({ search, parallel, metric, better, seed, dimensions }: SearchPlan): string {
  const names = dimensions.map(({ name }) => name).join(', ')
  return escapeMarkdown(
    `Search: ${search}, ${parallel} at once, over ${names}; ranked by ${metric} (${better} is better) on validation data, seed ${seed}.`,
  )
}

/** The first metric that a policy of an environment names. */
async function firstMetric({ registry, configuration }: CommentJob): Promise<string | null> {
  const paths =
    configuration?.environments.flatMap(({ policy }) =>
      typeof policy === 'string' ? [policy] : policy.map(({ use }) => use),
    ) ?? []
  const readings = await Promise.all(paths.map((path) => registry.policy(path)))
  for (const reading of readings) {
    const rules = reading?.ok === true ? reading.value.gates.metrics : undefined
    const named = Array.isArray(rules) ? rules.map((rule) => (rule as { readonly metric?: unknown }).metric) : []
    const first = named.find((metric) => typeof metric === 'string')
    if (first !== undefined) return first
  }
  return null
}
