import type { Interval } from './estimate.ts'
import { orderStatisticInterval } from './order-statistic-interval.ts'
import { pcg32 } from './pcg32.ts'
import { percentileInterval } from './percentile-interval.ts'
import { quantile } from './quantile.ts'

/** Calls of one model, in the rounds in which they were made; as many calls in every round. */
export type TimedRounds = readonly Float64Array[]

export interface TimedValue {
  readonly value: number
  /** null: too few calls for an end. */
  readonly interval: Interval | null
}

const RESAMPLES = 1000
/** A model against itself: medians that differ by more than this, and nothing was measured but the machine. */
const SELF_MEDIAN = 0.1
const SELF_TAIL = 0.5
const ROUND_SPREAD = 0.5

/**
 * A percentile of all calls, with its order-statistic interval.
 *
 * @param rounds      durations, any unit
 * @param share       0.5, 0.95, 0.99
 * @param confidence  two-sided level, 0 to 1
 */
export function percentileOfCalls(rounds: TimedRounds, share: number, confidence: number): TimedValue {
  const sorted = pooled(rounds).sort()
  return { value: quantile(sorted, share), interval: orderStatisticInterval(sorted, share, confidence) }
}

/**
 * How much longer one model takes than another that was timed in the same rounds: the ratio of a percentile.
 *
 * The interval resamples rounds, the same of both, because calls of one round share what else the machine did then.
 *
 * @param rounds      candidate and incumbent, as many rounds of both
 * @param share       0.5, 0.95, 0.99
 * @param confidence  two-sided level, 0 to 1
 * @throws {RangeError} when their rounds differ in number
 */
export function ratioOfCalls(
  { candidate, incumbent }: { readonly candidate: TimedRounds; readonly incumbent: TimedRounds },
  share: number,
  confidence: number,
): TimedValue {
  const rounds = candidate.length
  if (incumbent.length !== rounds) throw new RangeError(`${rounds} rounds of one, ${incumbent.length} of the other`)
  const every = Uint32Array.from({ length: rounds }, (_, round) => round)
  const ratio = (picked: Uint32Array) => at(candidate, picked, share) / at(incumbent, picked, share)
  const generator = pcg32(0, `ratio of percentile ${share}`)
  const draws = Float64Array.from({ length: RESAMPLES }, () => ratio(every.map(() => generator.integer(rounds))))
  return { value: ratio(every), interval: percentileInterval(draws, confidence) }
}

/** Whether the machine was quiet enough, as one model's own rounds tell. */
export interface TimingNoise {
  /** Odd rounds against even rounds of the same model; 1 on a quiet machine. */
  readonly self_ratio: { readonly p50: number; readonly p99: number }
  /** Nine rounds of ten lie so far apart, relative to the median round. */
  readonly round_spread: number
  readonly is_quiet: boolean
  readonly because?: string
}

/**
 * Whether timings say something of the model, or only of what else ran: the model is compared with itself.
 *
 * @param rounds  4 or more, durations of any unit
 */
export function timingNoise(rounds: TimedRounds): TimingNoise {
  const half = (odd: number) => rounds.filter((_, round) => round % 2 === odd)
  const self = (share: number) => ratioAtLeastOne(quantileOf(half(1), share), quantileOf(half(0), share))
  const self_ratio = { p50: self(0.5), p99: self(0.99) }
  const medians = Float64Array.from(rounds, (round) => quantile(round.toSorted(), 0.5)).sort()
  const round_spread = (quantile(medians, 0.95) - quantile(medians, 0.05)) / quantile(medians, 0.5)
  const measured = { self_ratio, round_spread }
  const because = whyNoisy(measured)
  return because === null ? { ...measured, is_quiet: true } : { ...measured, is_quiet: false, because }
}

function whyNoisy({ self_ratio, round_spread }: Pick<TimingNoise, 'self_ratio' | 'round_spread'>): string | null {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`
  if (self_ratio.p50 - 1 > SELF_MEDIAN)
    return `the median of the same model differs by ${percent(self_ratio.p50 - 1)} between odd and even rounds`
  if (self_ratio.p99 - 1 > SELF_TAIL)
    return `the 99th percentile of the same model differs by ${percent(self_ratio.p99 - 1)} between odd and even rounds`
  return round_spread > ROUND_SPREAD ? `rounds of the same model lie ${percent(round_spread)} apart` : null
}

function ratioAtLeastOne(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b)
}

function quantileOf(rounds: TimedRounds, share: number): number {
  return quantile(pooled(rounds).sort(), share)
}

function at(rounds: TimedRounds, picked: Uint32Array, share: number): number {
  return quantileOf(
    Array.from(picked, (round) => rounds[round]!),
    share,
  )
}

function pooled(rounds: TimedRounds): Float64Array {
  const all = new Float64Array(rounds.reduce((sum, round) => sum + round.length, 0))
  let place = 0
  for (const round of rounds) {
    all.set(round, place)
    place += round.length
  }
  return all
}
