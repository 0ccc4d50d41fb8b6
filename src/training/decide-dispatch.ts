import type { BudgetRun, BudgetState } from '../ledger/budget-state.ts'
import type { NewFact } from '../ledger/fact.ts'
import type { Dispatched, Ended } from '../ledger/training-fact.ts'
import { type BudgetLimits, judgeBudget } from './budget.ts'
import { type DispatchName, dispatchCause } from './correlation.ts'
import { type EarlierTraining, earlierTraining } from './identity.ts'
import type { TrainingRequest } from './training-request.ts'

/** Why nothing is dispatched. */
export type DispatchRefusal =
  | { readonly is: 'over-budget'; readonly says: readonly string[] }
  /** The same training, done or being done: it is offered instead. */
  | { readonly is: 'trained-before'; readonly earlier: EarlierTraining }

export interface DispatchWish {
  readonly fact: Dispatched
  readonly request: TrainingRequest
  readonly limits: BudgetLimits
  /** All rungs of a search, looked at before the first: one that cannot be paid for to its end is not begun. */
  readonly wholeSeconds?: number
  /** Train the same again. */
  readonly again: boolean
  /** Account id of who asked. */
  readonly account: number
  /** ISO 8601 in UTC. */
  readonly at: string
}

/**
 * The decision for `Ledger.appendBudget`: the reservation of a dispatch, nothing when it is there already, or why not.
 *
 * @param budget  the newest one
 */
export function decideDispatch(
  budget: BudgetState,
  { fact, request, limits, wholeSeconds = 0, again, account, at }: DispatchWish,
): readonly NewFact[] | { readonly refused: DispatchRefusal } {
  const { correlation, attempt, identity } = fact
  const gpuSeconds = attempt > 1 ? fact.gpu_seconds : Math.max(fact.gpu_seconds, wholeSeconds)
  if (runOf(budget, fact) !== null) return []
  const earlier = identity === null || again || attempt > 1 ? null : earlierTraining(budget, identity, correlation)
  if (earlier !== null) return { refused: { is: 'trained-before', earlier } }
  const verdict = judgeBudget(budget, limits, { correlation, attempt, account, gpuSeconds, at, request })
  if (verdict.is === 'refused') return { refused: { is: 'over-budget', says: verdict.says } }
  return [{ scope: 'budget', fact, cause: dispatchCause(fact), actorId: account, at }]
}

/**
 * The line that a run has ended; none when that is known.
 *
 * @param at  ISO 8601 in UTC
 * @example decideEnd({ runs: [] }, { correlation: 'wb-0123456789abcdef0123', attempt: 1 }, '2026-11-21T12:00:00Z') // => []
 */
export function decideEnd(budget: BudgetState, fact: Ended, at: string): readonly NewFact[] {
  const run = runOf(budget, fact)
  if (run === null || run.ended !== null) return []
  return [{ scope: 'budget', fact, cause: dispatchCause(fact), actorId: 0, at }]
}

/**
 * A dispatch in the budget; null when it is not among those that are remembered.
 *
 * @example runOf({ runs: [{ correlation: 'wb-0123456789abcdef0123', attempt: 1 }] }, { correlation: 'wb-0123456789abcdef0123', attempt: 1 })?.attempt // => 1
 */
export function runOf(budget: BudgetState, { correlation, attempt }: DispatchName): BudgetRun | null {
  return budget.runs.find((run) => run.correlation === correlation && run.attempt === attempt) ?? null
}

/**
 * The newest dispatch of a correlation; null when none is remembered.
 *
 * @param correlation  `wb-` and 20 hexadecimal digits
 * @example newestRunOf({ runs: [] }, 'wb-0123456789abcdef0123') // => null
 */
export function newestRunOf(budget: BudgetState, correlation: string): BudgetRun | null {
  return budget.runs.findLast((run) => run.correlation === correlation) ?? null
}

/** A machine that is taken away so often in a row will be taken away again. */
export const MOST_IN_A_ROW = 3

/**
 * Whether a training that was preempted may be resumed once more: its newest attempts were not all three preempted.
 *
 * @param correlation  `wb-` and 20 hexadecimal digits
 * @example mayResume({ runs: [] }, 'wb-0123456789abcdef0123') // => true
 */
export function mayResume(budget: BudgetState, correlation: string): boolean {
  const newest = budget.runs.filter((run) => run.correlation === correlation).slice(-MOST_IN_A_ROW)
  return newest.length < MOST_IN_A_ROW || newest.some(({ ended }) => ended?.conclusion !== 'preempted')
}
