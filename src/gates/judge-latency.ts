import type { Interval } from '../statistics/estimate.ts'
import type { TimedValue } from '../statistics/timed-rounds.ts'
import type { LatencyFacts } from './evidence.ts'
import type { Exhibit, Finding } from './finding.ts'
import type { GateSubject } from './gate.ts'
import type { LatencyRule } from './latency-rule.ts'
import { exactText, numberText } from './number-text.ts'
import { joinParts, type Part, sentence, undecided } from './part.ts'

interface Judged
  extends Pick<Finding, 'measured' | 'limit' | 'interval' | 'confidence' | 'method' | 'support' | 'provenance'> {
  readonly part: Part
  readonly exhibits: readonly Exhibit[]
}

/**
 * Judges timed calls by the limits of a rule; all must hold.
 *
 * The upper end of the interval must keep the limit, so that a version that is slower than allowed passes with a
 * chance of at most (1 - confidence)/2; where the machine was too noisy to tell, nothing fails and nothing passes by
 * luck.
 */
export function judgeLatency(
  rule: LatencyRule,
  facts: LatencyFacts,
  { incumbent }: Pick<GateSubject, 'incumbent'>,
): Judged {
  const { p99_max_ratio, p99_max_ms } = rule
  const parts = [
    ...(p99_max_ratio === undefined ? [] : [ratioPart(p99_max_ratio, facts, incumbent === null)]),
    ...(p99_max_ms === undefined ? [] : [limitPart(p99_max_ms, facts)]),
  ]
  const told = p99_max_ratio === undefined ? facts.candidate.p99 : (facts.ratio?.p99 ?? null)
  const joined = joinParts(parts)
  return {
    part: { ...joined, because: `${joined.because} ${seenText(facts)}` },
    measured: told?.value ?? null,
    limit: { max: p99_max_ratio ?? p99_max_ms ?? 0 },
    interval: told?.interval ?? null,
    confidence: facts.confidence,
    method: p99_max_ratio === undefined ? 'order-statistic' : 'bootstrap-rounds',
    support: { rows: facts.batch * facts.calls },
    provenance: 'recomputed',
    exhibits: [exhibitOf(facts)],
  }
}

function ratioPart(most: number, { ratio, noise, incumbent_missing }: LatencyFacts, isFirst: boolean): Part {
  if (isFirst) {
    const because = 'First version here: there is no incumbent to be slower than.'
    return { status: 'skipped', title: 'p99 over the incumbent: no incumbent', because }
  }
  if (ratio === null) {
    const why = incumbent_missing ?? 'the incumbent could not be run'
    return undecided('p99 over the incumbent: cannot be told', sentence(why), { reason: 'latency:incumbent' })
  }
  const title = `p99 is ${numberText(ratio.p99.value)} of the incumbent’s, ${exactText(most)} is the limit`
  return weighed(ratio.p99, { most, title, noise, what: 'p99_max_ratio' })
}

function limitPart(most: number, { candidate, noise, runner }: LatencyFacts): Part {
  const title = `p99 is ${numberText(candidate.p99.value)} ms on ${runner}, ${exactText(most)} ms is the limit`
  return weighed(candidate.p99, { most, title, noise, what: 'p99_max_ms' })
}

function weighed(
  { value, interval }: TimedValue,
  told: {
    readonly most: number
    readonly title: string
    readonly noise: LatencyFacts['noise']
    readonly what: string
  },
): Part {
  const { most, title, noise, what } = told
  const because = rangeText(interval)
  const flips = `a faster candidate, or ${what} over ${numberText(interval?.[1] ?? value)}`
  if (interval === null) return undecided(title, 'There are too few calls for an interval of the 99th percentile.')
  if (interval[1] <= most) return { status: 'passed', title, because }
  if (!noise.is_quiet) {
    const noisy = `The machine was too noisy to tell: ${noise.because}.`
    const again = 'Weigh again when the machine rests.'
    return { ...undecided(title, `${because} ${noisy}`, { flips: again, reason: 'latency:noise' }), straddles: true }
  }
  if (interval[0] > most) return { status: 'failed', title, because, flips }
  return { status: 'inconclusive', title, because, straddles: true, flips }
}

function rangeText(interval: Interval | null): string {
  return interval === null ? '' : `Between ${numberText(interval[0])} and ${numberText(interval[1])}.`
}

function seenText({ calls, batch, confidence }: LatencyFacts): string {
  const rows = batch === 1 ? 'one row' : `${batch} rows`
  return `${calls} calls of ${rows} on one thread, in turns; intervals of ${exactText(100 * confidence)} %.`
}

function exhibitOf({ candidate, incumbent, ratio }: LatencyFacts): Exhibit {
  const names = ['p50', 'p95', 'p99'] as const
  return {
    kind: 'table',
    title: 'Latency, ms',
    header: ['percentile', candidate.version, ...(incumbent ? [incumbent.version, 'ratio'] : [])],
    rows: names.map((name) => [
      name,
      timedText(candidate[name]),
      ...(incumbent ? [timedText(incumbent[name]), ratio === null ? 'none' : timedText(ratio[name])] : []),
    ]),
  }
}

function timedText({ value, interval }: TimedValue): string {
  const range = interval === null ? '' : ` [${numberText(interval[0])}, ${numberText(interval[1])}]`
  return `${numberText(value)}${range}`
}
