import type { Parameters } from '../training-request.ts'
import type { SearchPlan } from './search-plan.ts'

/** What became of a trial. */
export interface TrialOutcome {
  readonly trial: number
  readonly rung: number
  readonly parameters: Parameters
  readonly status: 'done' | 'failed' | 'pending'
  /** The metric on validation data; null where it is not there. */
  readonly value: number | null
  /** Digest of those rows; null where it is not known. */
  readonly validation: string | null
  readonly epochs: number | null
  /** Newest checkpoint that it kept. */
  readonly checkpoint: string | null
}

/**
 * Trials from the best to the worst: by the metric, then by fewer epochs, then by number; those without a value last.
 *
 * @param outcomes  any order; pending and failed ones count as without a value
 * @example rankTrials([{ trial: 0, status: 'failed', value: null }, { trial: 1, status: 'done', value: 0.9 }], 'higher')[0].trial // => 1
 */
export function rankTrials(outcomes: readonly TrialOutcome[], better: SearchPlan['better']): readonly TrialOutcome[] {
  const sign = better === 'higher' ? -1 : 1
  return [...outcomes].sort((a, b) => {
    const [left, right] = [rankedValue(a), rankedValue(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null) || a.trial - b.trial
    return sign * (left - right) || (a.epochs ?? 0) - (b.epochs ?? 0) || a.trial - b.trial
  })
}

/** The value that a trial is ranked by; null for one that failed, or answered no finite number. */
export function rankedValue({ status, value }: TrialOutcome): number | null {
  return status === 'done' && value !== null && Number.isFinite(value) ? value : null
}

/** The best of all trials so far, in the order in which they are counted. */
export interface BestSoFar {
  readonly trial: number
  readonly rung: number
  readonly value: number | null
  readonly best: number | null
}

/**
 * How the best value grew from trial to trial, for the page.
 *
 * @param outcomes  in the order of trials
 * @example bestSoFar([], 'higher') // => []
 */
export function bestSoFar(outcomes: readonly TrialOutcome[], better: SearchPlan['better']): readonly BestSoFar[] {
  let best: number | null = null
  return outcomes.map((outcome) => {
    const value = rankedValue(outcome)
    if (value !== null && (best === null || isBetter(value, best, better))) best = value
    return { trial: outcome.trial, rung: outcome.rung, value, best }
  })
}

/**
 * Whether a value is better than another by more than `least`.
 *
 * @example isBetter(0.91, 0.9, 'higher', 0.02) // => false
 */
export function isBetter(value: number, than: number, better: SearchPlan['better'], least = 0): boolean {
  return better === 'higher' ? value - than > least : than - value > least
}
