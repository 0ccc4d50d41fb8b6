import { binomialSplit } from '../statistics/binomial-split.ts'
import { nonInferiority } from '../statistics/non-inferiority.ts'
import { sampleRatio } from '../statistics/sample-ratio.ts'
import type { AnalysisRules, AnalysisStep, ArmTotals, Numbers, RateJudgement, RateRule } from './analysis.ts'
import { type Measured, rulingOf } from './ruling.ts'
import { type SeenMinute, stepMinutes } from './step-minutes.ts'

type Counted = Extract<SeenMinute, { isCounted: true }>

/**
 * What the numbers say about one rate of a canary, in the last of its steps.
 *
 * Worse: the evidence of all steps has at some minute reached its bound, which later minutes do not undo. Fine: at the
 * first minute with the stated number of requests the margin was shown, and nothing that was measured is in doubt.
 *
 * @param steps  one or more, in order
 * @param now    milliseconds since 1970
 */
export function judgeRate(
  steps: readonly AnalysisStep[],
  rule: RateRule,
  rules: AnalysisRules,
  now: number,
): RateJudgement {
  const seen = steps.map((step) => stepMinutes(step, rule.name, rules))
  const step = steps.at(-1)!
  const minutes = seen.at(-1)!
  const measured: Measured = { step, minutes, rule, rules, now, numbers: numbersOf(seen, step, rule, rules) }
  return { rate: rule.name, ...rulingOf(measured), numbers: measured.numbers }
}

function numbersOf(
  seen: readonly (readonly SeenMinute[])[],
  { share }: AnalysisStep,
  rule: RateRule,
  rules: AnalysisRules,
): Numbers {
  const counted = countedOf(seen.at(-1)!)
  const totals = totalsOf(counted)
  const requests = totals.canary.requests + totals.baseline.requests
  const isSplit = requests > 0 && share > 0 && share < 1
  const ratio = isSplit ? sampleRatio(totals.canary.requests, totals.baseline.requests, share) : null
  return {
    ...evidenceOf(seen.map(countedOf), rule.better),
    bound: rules.rates.length / rules.alpha,
    minutes: counted.length,
    totals,
    sampleRatio: ratio && { planned: share, measured: ratio.measured, p_value: ratio.p_value },
    nonInferiority: lookOnce(counted, rule, rules),
  }
}

function countedOf(minutes: readonly SeenMinute[]): readonly Counted[] {
  return minutes.filter((minute) => minute.isCounted)
}

/** The product of the steps' evidence, after the last minute and at its highest. */
function evidenceOf(steps: readonly (readonly Counted[])[], better: RateRule['better']) {
  let evidence = 1
  let peak = 1
  for (const minutes of steps) {
    const path = binomialSplit(minutes.map(splitOf), better).map((one) => Math.min(Number.MAX_VALUE, one * evidence))
    peak = Math.max(peak, ...path)
    evidence = path.at(-1) ?? evidence
  }
  return { evidence, peak }
}

function splitOf({ canary, baseline }: Counted) {
  const requests = canary.requests + baseline.requests
  return {
    canaryEvents: canary.events,
    events: canary.events + baseline.events,
    share: requests > 0 ? canary.requests / requests : 0,
  }
}

/** The one look at the margin: after the first minute with the stated requests, however much has come since. */
function lookOnce(counted: readonly Counted[], rule: RateRule, rules: AnalysisRules): Numbers['nonInferiority'] {
  let requests = 0
  const last = counted.findIndex(({ canary }) => {
    requests += canary.requests
    return requests >= rules.minRequests
  })
  const totals = totalsOf(counted.slice(0, last + 1))
  if (last < 0 || !(totals.baseline.requests > 0)) return null
  const terms = { better: rule.better, margin: rule.margin, confidence: rules.confidence }
  return { ...nonInferiority(totals.canary, totals.baseline, terms), totals }
}

function totalsOf(counted: readonly Counted[]): ArmTotals {
  const sum = (of: (minute: Counted) => number) => counted.reduce((total, minute) => total + of(minute), 0)
  return {
    canary: { events: sum(({ canary }) => canary.events), requests: sum(({ canary }) => canary.requests) },
    baseline: { events: sum(({ baseline }) => baseline.events), requests: sum(({ baseline }) => baseline.requests) },
  }
}
