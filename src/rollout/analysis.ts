import type { NonInferiority } from '../statistics/non-inferiority.ts'
import type { Reading } from './reading.ts'

/** A minute (or more) of a rollout as the metrics source knows it; counts are of this time only, not running totals. */
export interface Minute {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  readonly requests: Reading
  /** Errors, conversions, slower than the objective ...: by the name of the rate. */
  readonly events: Readonly<Record<string, Reading>>
}

/** One weight of a rollout; the last step is the one that is asked about. */
export interface AnalysisStep {
  /** The canary's planned share of the requests, 0 to 1. */
  readonly share: number
  /** When the weight took effect, milliseconds since 1970. */
  readonly began: number
  /** In order, none before `began`. */
  readonly minutes: readonly Minute[]
}

export interface RateRule {
  readonly name: string
  /** What is better of the rate: `lower` for errors, `higher` for conversions. */
  readonly better: 'lower' | 'higher'
  /** How much worse still does, as a difference of shares, over 0 and under 1. */
  readonly margin: number
}

export interface AnalysisRules {
  /** The most often that an equal canary may be called worse, over all looks, steps and rates; over 0, under 1. */
  readonly alpha: number
  /** Two-sided level of the interval that going on is judged by; over 0.5, under 1. */
  readonly confidence: number
  /** Requests of the canary in a step at which going on is judged, once. */
  readonly minRequests: number
  /** How old the newest minute may be. */
  readonly maxSilenceMs: number
  /** The largest share of a step's time without numbers, 0 to 1. */
  readonly maxMissingShare: number
  /** Time after a step began that does not count. */
  readonly warmUpMs: number
  /**
   * How much larger the source may make a count than it was, 1 or more: 1 for true differences; for `increase(...[1m])`
   * of Prometheus 60 / (60 - seconds between scrapes), as it stretches what lies between its samples over the minute.
   */
  readonly extrapolation: number
  readonly rates: readonly RateRule[]
}

export type Outcome = 'worse' | 'fine' | 'inconclusive'

/** Why an outcome is what it is; every way of not knowing has its own word. */
export type Why =
  | 'evidence'
  | 'margin-shown'
  | 'margin-not-shown'
  | 'too-few-requests'
  | 'nothing-measured'
  | Exclude<Reading['is'], 'counts'>
  | 'negative'
  | 'more-events-than-requests'
  | 'out-of-order'
  | 'no-requests'
  | 'no-canary-requests'
  | 'no-baseline-requests'
  | 'sample-ratio'
  | 'missing-minutes'

export interface ArmTotals {
  readonly canary: { readonly events: number; readonly requests: number }
  readonly baseline: { readonly events: number; readonly requests: number }
}

/** What a judgement rests on; null is what could not be computed. */
export interface Numbers {
  /** Evidence that the canary is worse: now, the most it ever was, and what calls it worse. */
  readonly evidence: number
  readonly peak: number
  readonly bound: number
  /** Minutes of this step with numbers, and what they add up to. */
  readonly minutes: number
  readonly totals: ArmTotals
  readonly sampleRatio: { readonly planned: number; readonly measured: number; readonly p_value: number | null } | null
  /** At the stated number of requests. */
  readonly nonInferiority: (NonInferiority & { readonly totals: ArmTotals }) | null
}

export interface RateJudgement {
  readonly rate: string
  readonly outcome: Outcome
  readonly why: Why
  /** What was seen and why that decides. Plain text; holds foreign words, so escape it where it is shown. */
  readonly because: string
  /** What would decide; null where it is decided. */
  readonly decides: string | null
  /** null where the minutes themselves cannot be believed. */
  readonly numbers: Numbers | null
}

export interface Judgement {
  readonly outcome: Outcome
  readonly because: string
  readonly decides: string | null
  readonly rates: readonly RateJudgement[]
}

/**
 * Refuses rules under which an answer would mean nothing.
 *
 * @throws {RangeError} with all that is out of range
 */
export function requireRules(rules: AnalysisRules): void {
  const names = rules.rates.map(({ name }) => name)
  const wrong = [
    [rules.alpha > 0 && rules.alpha < 1, 'alpha must be over 0 and under 1'],
    [rules.confidence > 0.5 && rules.confidence < 1, 'confidence must be over 0.5 and under 1'],
    [rules.minRequests >= 1 && rules.minRequests < Infinity, 'minRequests must be 1 or more'],
    [rules.maxSilenceMs > 0 && rules.maxSilenceMs < Infinity, 'maxSilenceMs must be over 0'],
    [rules.maxMissingShare >= 0 && rules.maxMissingShare < 1, 'maxMissingShare must be at least 0 and under 1'],
    [rules.warmUpMs >= 0 && rules.warmUpMs < Infinity, 'warmUpMs must be 0 or more'],
    [rules.extrapolation >= 1 && rules.extrapolation < Infinity, 'extrapolation must be 1 or more'],
    [names.length > 0, 'there must be a rate'],
    [new Set(names).size === names.length, 'each rate must have its own name'],
    [rules.rates.every(({ margin }) => margin > 0 && margin < 1), 'each margin must be over 0 and under 1'],
  ].flatMap(([isFine, text]) => (isFine === true ? [] : [text]))
  if (wrong.length > 0) throw new RangeError(`rules of the analysis: ${wrong.join('; ')}`)
}
