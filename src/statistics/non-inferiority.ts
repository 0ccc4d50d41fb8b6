import type { Interval } from './estimate.ts'
import { newcombe } from './newcombe.ts'

/** Events among requests of one arm. */
export interface ArmRate {
  readonly events: number
  readonly requests: number
}

export interface NonInferiority {
  /** Canary's share less the baseline's, -1 to 1. */
  readonly difference: number
  readonly interval: Interval
  /** The worst that the interval still allows: how far the canary may be on the wrong side, -1 to 1. */
  readonly worst: number
  readonly isShown: boolean
}

interface Terms {
  /** What is better of the rate of events. */
  readonly better: 'lower' | 'higher'
  /** How much worse still does, over 0 and under 1. */
  readonly margin: number
  /** Two-sided level of the interval; its wrong end errs with (1 - confidence) / 2. */
  readonly confidence: number
}

/**
 * Whether a canary's rate is shown to be no worse than the baseline's by as much as a margin.
 *
 * Shown when the wrong end of Newcombe's interval of the difference lies strictly inside the margin. Valid for one
 * look at a number of requests stated beforehand: asked again and again until it says yes, it says yes too often.
 *
 * @param canary, baseline  events 0 to requests, requests over 0; finite, not necessarily whole
 * @throws {RangeError} when an arm has no requests, more events than requests, or the terms are out of range
 * @see Newcombe (1998), method 10; Wellek, Testing Statistical Hypotheses of Equivalence and Noninferiority (2010)
 * @example nonInferiority({ events: 0, requests: 500 }, { events: 0, requests: 9500 }, { better: 'lower', margin: 0.01, confidence: 0.9 }) // => { difference: 0, interval: [-0.000285, 0.005382], worst: 0.005382, isShown: true }
 */
export function nonInferiority(canary: ArmRate, baseline: ArmRate, terms: Terms): NonInferiority {
  const { better, margin, confidence } = terms
  if (!(margin > 0 && margin < 1))
    throw new RangeError(`nonInferiority: margin is ${margin}, it must be over 0, under 1`)
  const interval = newcombe(canary.events, canary.requests, baseline.events, baseline.requests, confidence)
  const difference = canary.events / canary.requests - baseline.events / baseline.requests
  const worst = better === 'lower' ? interval[1] : -interval[0]
  return { difference, interval, worst, isShown: worst < margin }
}
