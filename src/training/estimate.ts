import type { BudgetState } from '../ledger/budget-state.ts'
import type { BudgetLimits } from './budget.ts'
import { spokenRange } from './spoken-time.ts'

/** What a training will probably take, from earlier ones. */
export interface RunEstimate {
  readonly runs: number
  readonly fromSeconds: number
  readonly toSeconds: number
  /** `the last 5 runs of churn took 21 to 34 minutes` */
  readonly says: string
}

const LOOKED_AT = 5
/** Fewer earlier runs say too little to stop a trial by. */
const ENOUGH = 3
/** A trial may take this many times the longest earlier run. */
const ROOM = 3
const SHORTEST_LIMIT_MINUTES = 10
const LONGEST_LIMIT_MINUTES = 7200

/**
 * How long the last 5 trainings of a model took that succeeded; null when there is none.
 *
 * @example estimateRun({ seq: 1, runs: [], spent: [], asked: [], outcomes: [], lasted: [{ model: 'churn', seconds: 1840, parameters: '' }] }, 'churn')?.says // => 'the last run of churn took 31 minutes'
 */
export function estimateRun({ lasted }: BudgetState, model: string): RunEstimate | null {
  const seconds = lasted
    .filter((one) => one.model === model)
    .map((one) => one.seconds)
    .slice(-LOOKED_AT)
  if (seconds.length === 0) return null
  const [fromSeconds, toSeconds] = [Math.min(...seconds), Math.max(...seconds)]
  const which = seconds.length === 1 ? 'the last run' : `the last ${seconds.length} runs`
  const says = `${which} of ${model} took ${spokenRange(fromSeconds, toSeconds)}`
  return { runs: seconds.length, fromSeconds, toSeconds, says }
}

/**
 * Minutes after which a training is stopped: what the configuration allows.
 *
 * @example limitMinutes({ hoursPerRun: 1.5 }) // => 90
 */
export function limitMinutes({ hoursPerRun }: Pick<BudgetLimits, 'hoursPerRun'>): number {
  return Math.min(Math.max(Math.floor(hoursPerRun * 60), 1), LONGEST_LIMIT_MINUTES)
}

/**
 * Minutes after which a trial of a search is stopped: what the configuration allows, or, once three trainings of the
 * model are known, three times the longest. All trials are reserved at this limit, so a close one lets more be tried.
 *
 * @example trialLimitMinutes({ hoursPerRun: 12 }, { runs: 5, fromSeconds: 1260, toSeconds: 2040, says: '' }) // => 102
 */
export function trialLimitMinutes(limits: Pick<BudgetLimits, 'hoursPerRun'>, estimate: RunEstimate | null): number {
  const most = limitMinutes(limits)
  if (estimate === null || estimate.runs < ENOUGH) return most
  const close = Math.ceil((estimate.toSeconds * ROOM) / 60)
  return Math.min(most, Math.max(close, SHORTEST_LIMIT_MINUTES))
}
