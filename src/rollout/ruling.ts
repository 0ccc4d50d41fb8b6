import { rowsThatDecide } from '../statistics/margin.ts'
import { SAMPLE_RATIO_MISMATCH } from '../statistics/sample-ratio.ts'
import type { AnalysisRules, AnalysisStep, ArmTotals, Numbers, RateJudgement, RateRule, Why } from './analysis.ts'
import type { SeenMinute } from './step-minutes.ts'

/** All that a ruling rests on. */
export interface Measured {
  readonly step: AnalysisStep
  /** Of this step, after its warm-up. */
  readonly minutes: readonly SeenMinute[]
  readonly rule: RateRule
  readonly rules: AnalysisRules
  readonly now: number
  readonly numbers: Numbers
}

type Ruling = Omit<RateJudgement, 'rate' | 'numbers'>
type Question = (measured: Measured) => Ruling | null

/** In this order: the first that has an answer decides. Only the last can say fine. */
const QUESTIONS: readonly Question[] = [splitAsPlanned, worse, known, recent, unbroken, requested, enough, margin]

/** Silence of an arm that is rarer than this by chance is no chance. */
const SILENCE = 0.001

/** The minute in which the warm-up ends does not count, so the first that does may begin this much later. */
const LATE_START_MS = 60_000

/**
 * What measured numbers mean.
 *
 * @returns inconclusive where no question has an answer
 */
export function rulingOf(measured: Measured): Ruling {
  for (const question of QUESTIONS) {
    const ruling = question(measured)
    if (ruling !== null) return ruling
  }
  return unclear('nothing-measured', 'nothing was measured', 'a minute with numbers')
}

function splitAsPlanned({ numbers: { sampleRatio: ratio } }: Measured): Ruling | null {
  if (ratio === null || ratio.p_value === null || !(ratio.p_value < SAMPLE_RATIO_MISMATCH)) return null
  return unclear(
    'sample-ratio',
    `the canary gets ${percent(ratio.measured)} of the requests and should get ${percent(ratio.planned)} (p ${short(ratio.p_value)}): the arms are not comparable`,
    'routing that follows the weights (sticky clients and lost metrics break it), and a new start of the step',
  )
}

function worse({ numbers: { peak, bound, totals }, rule }: Measured): Ruling | null {
  if (!(peak >= bound)) return null
  const way = rule.better === 'lower' ? 'more' : 'fewer'
  return {
    outcome: 'worse',
    why: 'evidence',
    because: `the canary has ${way} ${rule.name} than chance allows: evidence ${short(peak)} of the ${short(bound)} that decide (in this step ${rateText(totals)})`,
    decides: null,
  }
}

function known({ minutes }: Measured): Ruling | null {
  const newest = minutes.at(-1)
  if (newest === undefined) {
    return unclear('nothing-measured', 'nothing was measured in this step', 'a minute with numbers after its warm-up')
  }
  if (newest.isCounted) return null
  return unclear(newest.why, `the newest minute has no numbers: ${newest.because}`, mendOf(newest.why))
}

function recent({ minutes, rules, now }: Measured): Ruling | null {
  const age = now - minutes.at(-1)!.until
  if (age <= rules.maxSilenceMs) return null
  const because = `the newest numbers are ${short(age / 1000)} s old, ${short(rules.maxSilenceMs / 1000)} s is the limit`
  return unclear('too-old', because, 'newer numbers')
}

function unbroken({ minutes, step, rules }: Measured): Ruling | null {
  const started = Math.min(minutes[0]!.from, step.began + rules.warmUpMs + LATE_START_MS)
  const time = minutes.at(-1)!.until - started
  const known = minutes.reduce((sum, { from, until, isCounted }) => sum + (isCounted ? until - from : 0), 0)
  const missing = 1 - known / time
  if (missing <= rules.maxMissingShare + 1e-9) return null
  const first = minutes.find((minute) => !minute.isCounted)
  const example = first === undefined || first.isCounted ? '' : ` (${first.because})`
  return unclear(
    'missing-minutes',
    `${percent(missing)} of the step has no numbers${example}, ${percent(rules.maxMissingShare)} is the limit: what is missing may be what was bad`,
    'more minutes with numbers',
  )
}

function requested({ minutes, step, numbers: { totals } }: Measured): Ruling | null {
  const [canary, baseline] = [totals.canary.requests, totals.baseline.requests]
  if (step.share === 0) return unclear('no-canary-requests', 'this step gives the canary no requests', 'another step')
  if (step.share === 1) return unclear('no-baseline-requests', 'this step gives the baseline no requests', 'a person')
  if (canary === 0 && baseline === 0) return unclear('no-requests', 'neither arm got a request', 'traffic')
  if (baseline === 0) return unclear('no-baseline-requests', 'the baseline got no requests', 'traffic to the baseline')
  if (canary === 0) return unclear('no-canary-requests', 'the canary got no requests', 'traffic to the canary')
  const late = minutes.slice(-2).flatMap((minute) => (minute.isCounted ? [minute] : []))
  const [lateCanary, lateBaseline] = (['canary', 'baseline'] as const).map((arm) =>
    late.reduce((sum, minute) => sum + minute[arm].requests, 0),
  ) as [number, number]
  if (lateCanary === 0 && (1 - step.share) ** lateBaseline < SILENCE) {
    return unclear('no-canary-requests', 'the canary gets no requests any more', 'traffic to the canary')
  }
  if (lateBaseline === 0 && step.share ** lateCanary < SILENCE) {
    return unclear('no-baseline-requests', 'the baseline gets no requests any more', 'traffic to the baseline')
  }
  return null
}

function enough({ rules, numbers: { nonInferiority, sampleRatio, totals } }: Measured): Ruling | null {
  const { requests } = totals.canary
  if (nonInferiority !== null && typeof sampleRatio?.p_value === 'number') return null
  if (nonInferiority !== null) {
    return unclear('too-few-requests', 'there are too few requests to tell how they are split', 'more requests')
  }
  return unclear(
    'too-few-requests',
    `the canary has ${short(requests)} of the ${short(rules.minRequests)} requests at which going on is judged`,
    `${short(Math.max(1, Math.ceil(rules.minRequests - requests)))} more requests of the canary`,
  )
}

function margin({ numbers: { nonInferiority: look }, rule, rules }: Measured): Ruling | null {
  if (look === null) return null
  const seen = `${rateText(look.totals)}: with ${percent(rules.confidence)} confidence at most ${percent(look.worst)} worse, the margin is ${percent(rule.margin)}`
  if (look.isShown) return { outcome: 'fine', why: 'margin-shown', because: `${rule.name} ${seen}`, decides: null }
  const wanted = requestsWanted(look, rule, rules.confidence)
  return unclear(
    'margin-not-shown',
    `${rule.name} ${seen}; this is judged once`,
    wanted === null
      ? 'a person: the difference seen is no smaller than the margin'
      : `a person, or a new start of the step with min_requests of about ${short(wanted)}`,
  )
}

/** Requests of the canary that would show the margin 4 times of 5 if the rates seen are the true ones. */
function requestsWanted(look: NonNullable<Numbers['nonInferiority']>, rule: RateRule, confidence: number) {
  const { canary, baseline } = look.totals
  const variance = (p: number, n: number) => (p * (1 - p)) / n
  const [p, q] = [canary.events / canary.requests, baseline.events / baseline.requests]
  const se = Math.sqrt(variance(p, canary.requests) + variance(q, baseline.requests))
  const harm = rule.better === 'lower' ? look.difference : -look.difference
  const wanted = rowsThatDecide(canary.requests, se, rule.margin - harm, confidence)
  return wanted === null ? null : Math.max(wanted, Math.ceil(canary.requests) + 1)
}

function mendOf(why: Why): string {
  if (why === 'nothing')
    return 'series for both arms: end the query with `or 0 * sum by (...) (increase(requests ...))`'
  if (why === 'not-a-number') return 'counts: ask for requests and events, not for their ratio'
  if (why === 'unreachable') return 'a metrics source that answers'
  return 'a minute with numbers'
}

function unclear(why: Why, because: string, decides: string): Ruling {
  return { outcome: 'inconclusive', why, because, decides }
}

function rateText({ canary, baseline }: ArmTotals): string {
  const arm = ({ events, requests }: ArmTotals['canary']) => `${short(events)} of ${short(requests)}`
  return `canary ${arm(canary)}, baseline ${arm(baseline)}`
}

function percent(share: number): string {
  return `${short(share * 100)} %`
}

/** Four digits, and all those of a large whole number. */
function short(value: number): string {
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)))
}
