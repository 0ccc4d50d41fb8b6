import type { BudgetRun, BudgetState } from '../ledger/budget-state.ts'
import { isOpen } from '../ledger/budget-state.ts'
import { shortIdentity } from '../ledger/fold-budget.ts'
import { textDigest } from '../ledger/signature.ts'
import { canonicalJson } from '../registry/canonical-json.ts'
import type { Parameters } from './training-request.ts'

/** All that makes two trainings the same one; the runner is not among it. */
export interface TrainingIdentity {
  readonly model: string
  /** Commit that is trained. */
  readonly sha: string
  /** Digests of the training data, where they are known before the run; any order. */
  readonly data: readonly string[]
  readonly parameters: Parameters
  readonly seed: number
}

/**
 * A digest of what is trained: the same for the same code, data, parameters and seed.
 *
 * @example identityOf({ model: 'churn', sha: 'a', data: ['y', 'x'], parameters: {}, seed: 7 }) === identityOf({ model: 'churn', sha: 'a', data: ['x', 'y'], parameters: {}, seed: 7 }) // => true
 */
export function identityOf({ model, sha, data, parameters, seed }: TrainingIdentity): string {
  return textDigest(canonicalJson(['training', model, sha, [...new Set(data)].sort(), parameters, seed]))
}

/** The same training, done or being done. */
export type EarlierTraining =
  | { readonly is: 'running'; readonly run: BudgetRun }
  | { readonly is: 'trained'; readonly correlation: string; readonly run: number; readonly version: string | null }

/**
 * The run that trained, or trains, exactly this; null when there is none among the newest 500.
 *
 * @param but  correlation of the command that asks: its own run is no earlier one
 * @example earlierTraining({ runs: [], outcomes: [] }, '', '') // => null
 */
export function earlierTraining(budget: BudgetState, identity: string, but: string): EarlierTraining | null {
  const run = budget.runs.find((one) => isOpen(one) && one.identity === identity && one.correlation !== but)
  if (run !== undefined) return { is: 'running', run }
  const short = shortIdentity(identity)
  const outcome = budget.outcomes.find((one) => one.identity === short && one.correlation !== but)
  if (outcome === undefined) return null
  return { is: 'trained', correlation: outcome.correlation, run: outcome.run, version: outcome.version }
}
