import type { TrainCommand } from '../../commands/command.ts'
import type { BudgetState } from '../../ledger/budget-state.ts'
import { codeSpan, escapeMarkdown } from '../../report/markdown-text.ts'
import { judgeBudget, reservedSeconds } from '../../training/budget.ts'
import { dispatchedFact, requestInputs, requestOf, trainRequest, workflowOf } from '../../training/build-request.ts'
import { correlationOf } from '../../training/correlation.ts'
import { type DispatchRefusal, decideDispatch, runOf } from '../../training/decide-dispatch.ts'
import { estimateRun, limitMinutes } from '../../training/estimate.ts'
import { identityOf } from '../../training/identity.ts'
import { type ParameterMistake, readParameters } from '../../training/parameters.ts'
import type { Parameters, TrainingRequest, TrainRequest } from '../../training/training-request.ts'
import { momentOf } from '../github/job-context.ts'
import { askedText } from '../training/asked-text.ts'
import { trainingMemory } from '../training/training-memory.ts'
import { trainingWork } from '../training/training-work.ts'
import type { Asking, CommentJob, Effect, EffectAnswer } from './comment-job.ts'
import { type TrainingGround, trainingGround } from './training-ground.ts'

/** Seed of a training for which none is named: the same question is the same training. */
const DEFAULT_SEED = 7

/**
 * Reserves a training in the ledger and leaves it to its follower, which dispatches it.
 *
 * Asked for again, or after a crash, it finds its own reservation and changes nothing.
 */
export const trainEffect: Effect<'train'> = async (job, command, asking) => {
  const reading = await trainingGround(job, command)
  if (reading.is === 'refused') return reading
  const { ground } = reading
  const parameters = readParameters(ground.model.training?.parameters ?? {}, command.parameters)
  if (parameters.is === 'refused') return { is: 'refused', text: mistakesText(parameters.mistakes) }
  const request = requestFor(ground, command, parameters.parameters, asking)
  const sent = requestInputs(request)
  if (sent.is === 'refused')
    return { is: 'refused', text: `Not done: ${escapeMarkdown(`${sent.because}. ${sent.mend}`)}` }
  return reserved(job, { command, asking, ground, request })
}

interface Wish {
  readonly command: TrainCommand
  readonly asking: Asking
  readonly ground: TrainingGround
  readonly request: TrainRequest
}

function requestFor(
  { configuration, model, sha, runner, limits }: TrainingGround,
  { seed }: TrainCommand,
  parameters: Parameters,
  { cause }: Asking,
): TrainRequest {
  const frame = {
    ...{ correlation: correlationOf(cause), attempt: 1, model: model.model, sha, runner },
    limitMinutes: limitMinutes(limits),
    artifacts: configuration.store.artifacts,
  }
  return trainRequest(frame, { parameters, seed: seed ?? DEFAULT_SEED, resumeFrom: null })
}

/** The ledger decides: of two who ask at once for the last hours one gets them. */
async function reserved(job: CommentJob, { command, asking, ground, request }: Wish): Promise<EffectAnswer> {
  const { model, sha, limits } = ground
  const { correlation, parameters, seed } = request
  const fact = dispatchedFact(request, {
    ...{ issue: job.thread.number, comment: job.now.comment.id, team: model.owner ?? null },
    workflow: workflowOf(model, 'train'),
    identity: identityOf({ model: model.model, sha, data: [], parameters, seed }),
    search: null,
  })
  const account = job.by.id
  const wish = { fact, request, limits, again: command.again, account, at: momentOf(job) }
  const ledger = job.openLedger(job.host, job.repository)
  const answer = await ledger.appendBudget((budget) => decideDispatch(budget, wish))
  if (answer.is === 'refused') return { is: 'refused', text: refusalText(answer.refused) }
  const run = runOf(answer.budget, request)
  const asked = (run === null ? null : requestOf(run)) ?? request
  const told = [askedText(request, asked), ...moneyLines(answer.budget, ground, { asked, account, at: wish.at })].join(
    '\n\n',
  )
  const memory = trainingMemory(job, correlation)
  const headSha = job.thread.pull?.headSha ?? asked.sha
  if (memory.asked() === null) memory.setAsked({ line: asking.line, told, headSha, at: wish.at })
  job.inbox.enqueue(trainingWork(job.repository, correlation))
  return { is: 'running', text: memory.asked()?.told ?? told }
}

/** What it will probably take, and what is left. */
export function moneyLines(
  budget: BudgetState,
  { limits, model }: TrainingGround,
  run: { readonly asked: TrainingRequest; readonly account: number; readonly at: string },
): readonly string[] {
  const { asked, account, at } = run
  const gpuSeconds = reservedSeconds(asked)
  const verdict = judgeBudget(budget, limits, { ...asked, account, gpuSeconds, at, request: asked })
  const estimate = estimateRun(budget, model.model)
  const says = [...(estimate === null ? [] : [estimate.says]), ...(verdict.is === 'allowed' ? verdict.says : [])]
  return says.length === 0 ? [] : [says.map((line) => `- ${escapeMarkdown(capital(line))}.`).join('\n')]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** All that was wrong with the parameters, each with what to do. */
export function mistakesText(mistakes: readonly ParameterMistake[]): string {
  const lines = mistakes.map(({ name, what, mend }) => `- ${codeSpan(name)}: ${escapeMarkdown(`${what}. ${mend}`)}`)
  return ['Not done:', lines.join('\n')].join('\n\n')
}

/** Why the ledger reserved nothing. */
export function refusalText(refused: DispatchRefusal): string {
  if (refused.is === 'over-budget')
    return [
      'Not done, the budget does not allow it:',
      refused.says.map((line) => `- ${escapeMarkdown(line)}`).join('\n'),
    ].join('\n\n')
  const { earlier } = refused
  const again = 'To train it all the same, add `again=yes`.'
  if (earlier.is === 'running')
    return `Not done: ${codeSpan(earlier.run.correlation)} is training exactly this, asked for in #${earlier.run.issue}. ${again}`
  const version = earlier.version === null ? '' : ` and became version ${codeSpan(earlier.version)}`
  return `Not done: ${codeSpan(earlier.correlation)} trained exactly this in run ${earlier.run}${version}. ${again}`
}
