import { canonicalJson } from '../../registry/canonical-json.ts'
import { prefixCovers } from '../../registry/store-prefix.ts'
import { proposalSchema } from '../proposal.ts'
import type { Trial, TuneRequest } from '../training-request.ts'
import type { TrialOutcome } from './rank-trials.ts'

/** What is known of one trial of a rung. */
export type TrialFound =
  | { readonly is: 'pending' }
  | { readonly is: 'failed' }
  /** `proposal.json` of its artifact, parsed and nothing more. */
  | { readonly is: 'proposed'; readonly proposal: unknown }

/**
 * What became of a trial, by what its job says: a trial that answers something else than it was asked has failed.
 *
 * A checkpoint outside the place of this search is no checkpoint: the next rung would read it.
 *
 * @param request  of the rung, as the ledger has it
 * @example trialOutcome({ rung: 0 }, { trial: 3, parameters: {} }, { is: 'pending' }).status // => 'pending'
 */
export function trialOutcome(request: TuneRequest, trial: Trial, found: TrialFound): TrialOutcome {
  const { parameters } = trial
  const epochs = typeof parameters.epochs === 'number' ? parameters.epochs : null
  const none = {
    trial: trial.trial,
    rung: request.rung,
    parameters,
    epochs,
    value: null,
    validation: null,
    checkpoint: null,
  }
  if (found.is !== 'proposed') return { ...none, status: found.is }
  const read = proposalSchema.safeParse(found.proposal)
  if (!read.success || !isAsAsked(request, trial, read.data)) return { ...none, status: 'failed' }
  const { validation, checkpoint } = read.data
  const isOurs = checkpoint !== null && prefixCovers(request.checkpoints, checkpoint)
  return {
    ...none,
    status: 'done',
    value: validation === null ? null : valueIn(validation.metrics, request.metric),
    validation: validation?.data.digest ?? null,
    checkpoint: isOurs ? checkpoint : null,
  }
}

function valueIn(metrics: Readonly<Record<string, number | null>>, metric: string): number | null {
  return Object.hasOwn(metrics, metric) ? (metrics[metric] ?? null) : null
}

function isAsAsked(
  { model, correlation }: TuneRequest,
  { trial, parameters, seed }: Trial,
  said: Readonly<Record<'model' | 'correlation' | 'trial' | 'parameters' | 'seed', unknown>>,
): boolean {
  const answer = [said.model, said.correlation, said.trial, said.parameters, said.seed]
  return canonicalJson(answer) === canonicalJson([model, correlation, trial, parameters, seed])
}
