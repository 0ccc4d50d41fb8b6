import {
  type AnalysisRules,
  type AnalysisStep,
  type Judgement,
  type Outcome,
  type RateJudgement,
  requireRules,
  type Why,
} from './analysis.ts'
import { judgeRate } from './judge-rate.ts'
import { orderMistake } from './step-minutes.ts'

/**
 * Whether a canary is worse than its baseline, fine to go on with, or not known to be either.
 *
 * Errs towards not knowing: fine needs every rate's margin shown at the stated number of requests and nothing in doubt;
 * worse needs one rate's evidence; no numbers, undefined numbers and numbers that cannot be are inconclusive. The
 * same observations give the same answer whoever asks, and however often.
 *
 * @param steps  what was observed, one or more weights in order, the one that is asked about last; none: inconclusive
 * @param now    milliseconds since 1970
 * @throws {RangeError} when the rules are out of range
 * @example judgeAnalysis([], { alpha: 0.05, confidence: 0.9, minRequests: 500, maxSilenceMs: 180000, maxMissingShare: 0.1, warmUpMs: 0, extrapolation: 1, rates: [{ name: 'errors', better: 'lower', margin: 0.01 }] }, 0).outcome // => 'inconclusive'
 */
export function judgeAnalysis(steps: readonly AnalysisStep[], rules: AnalysisRules, now: number): Judgement {
  requireRules(rules)
  const mistake = orderMistake(steps, now)
  const rates = rules.rates.map((rule): RateJudgement => {
    if (mistake !== null) return unbelieved(rule.name, 'out-of-order', mistake, 'each minute once, in order')
    if (steps.length === 0) {
      return unbelieved(rule.name, 'nothing-measured', 'the canary got no traffic', 'a first step with numbers')
    }
    return judgeRate(steps, rule, rules, now)
  })
  return together(rates)
}

function unbelieved(rate: string, why: Why, because: string, decides: string): RateJudgement {
  return { rate, outcome: 'inconclusive', why, because, decides, numbers: null }
}

/** One rate that is worse decides; fine takes all of them. */
function together(rates: readonly RateJudgement[]): Judgement {
  const order: readonly Outcome[] = ['worse', 'inconclusive', 'fine']
  const outcome = order.find((one) => rates.some((rate) => rate.outcome === one)) ?? 'inconclusive'
  const deciding = rates.filter((rate) => rate.outcome === outcome)
  const decides = deciding.flatMap((rate) => (rate.decides === null ? [] : [rate.decides]))
  return {
    outcome,
    because: [...new Set(deciding.map(({ because }) => because))].join('; '),
    decides: decides.length === 0 ? null : [...new Set(decides)].join('; '),
    rates,
  }
}
