import type { TrainCommand } from '../../commands/command.ts'
import { escapeMarkdown } from '../../report/markdown-text.ts'
import { reservedSeconds } from '../../training/budget.ts'
import { dispatchedFact, requestInputs, requestOf, trainRequest, workflowOf } from '../../training/build-request.ts'
import { correlationOf } from '../../training/correlation.ts'
import { decideDispatch, runOf } from '../../training/decide-dispatch.ts'
import { limitMinutes } from '../../training/estimate.ts'
import { readParameters } from '../../training/parameters.ts'
import type { Parameters, TrainRequest } from '../../training/training-request.ts'
import { momentOf } from '../github/job-context.ts'
import { askedText } from '../training/asked-text.ts'
import type { Asking, CommentJob, Effect, EffectAnswer } from './comment-job.ts'
import { identityNow } from './identity-now.ts'
import { mistakesText, moneyLines, refusalText, startedAnswer } from './training-answer.ts'
import { DEFAULT_SEED, type TrainingGround, trainingGround } from './training-ground.ts'

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
  const { model, limits } = ground
  const fact = dispatchedFact(request, {
    ...{ issue: job.thread.number, comment: job.now.comment.id, team: model.owner ?? null },
    workflow: workflowOf(model, 'train'),
    identity: await identityNow(job, request),
    search: null,
  })
  const account = job.by.id
  const wish = { fact, request, limits, again: command.again, account, at: momentOf(job) }
  const ledger = job.openLedger(job.host, job.repository)
  const answer = await ledger.appendBudget((budget) => decideDispatch(budget, wish), job.now.ledgerTip)
  if (answer.is === 'refused') return { is: 'refused', text: refusalText(job, answer.refused) }
  const run = runOf(answer.budget, request)
  const asked = (run === null ? null : requestOf(run)) ?? request
  const most = { asked, gpuSeconds: reservedSeconds(asked), account, at: wish.at }
  const told = [askedText(request, asked), ...moneyLines(answer.budget, ground, most)].join('\n\n')
  return startedAnswer(job, asking, { asked, told, at: wish.at })
}
