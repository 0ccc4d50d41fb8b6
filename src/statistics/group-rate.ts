import type { Interval } from './estimate.ts'
import type { GroupTally, TallyDraws } from './group-tally.ts'
import { newcombe } from './newcombe.ts'
import { percentileInterval } from './percentile-interval.ts'
import { studentQuantile } from './student.ts'
import { type Moments, welch } from './welch.ts'
import { wilson } from './wilson.ts'

export type ShareName = 'selection_rate' | 'true_positive_rate' | 'false_positive_rate' | 'precision' | 'accuracy'
export type MeanName = 'mean_prediction' | 'mean_absolute_error' | 'mean_error'
export type RateName = ShareName | MeanName
export type DenominatorName = 'rows' | 'positives' | 'negatives' | 'predicted_positives'

/** A group's rate: a share of something, or a mean. */
export type Rate = (
  | { readonly kind: 'share'; readonly hits: number }
  | { readonly kind: 'mean'; readonly moments: Moments }
) & {
  readonly count: number
  readonly of: DenominatorName
  /** The rate over weights, NaN where they are 0; `count` stays that of the rows. Absent where rows count alike. */
  readonly weighted?: number
  /** The rate in each resample of units, NaN where it is 0/0; absent where rows are independent. */
  readonly draws?: Float64Array
}

/** What each rate is a share, or a mean, of. */
export const DENOMINATORS: Readonly<Record<RateName, DenominatorName>> = {
  selection_rate: 'rows',
  true_positive_rate: 'positives',
  false_positive_rate: 'negatives',
  precision: 'predicted_positives',
  accuracy: 'rows',
  mean_prediction: 'rows',
  mean_absolute_error: 'rows',
  mean_error: 'rows',
}

const MEANS = {
  mean_prediction: 'prediction',
  mean_absolute_error: 'absolute_error',
  mean_error: 'error',
} as const

type Counts = Pick<GroupTally, 'negatives' | 'predicted_positives' | 'true_positives' | 'false_positives'>

const HITS: Readonly<Record<ShareName, (counts: Counts) => number>> = {
  selection_rate: (counts) => counts.predicted_positives,
  true_positive_rate: (counts) => counts.true_positives,
  false_positive_rate: (counts) => counts.false_positives,
  precision: (counts) => counts.true_positives,
  accuracy: (counts) => counts.true_positives + counts.negatives - counts.false_positives,
}

/**
 * The rate of a group by name; its count is the denominator.
 *
 * @throws {RangeError} when a mean is asked of a group that was tallied for rates
 */
export function rateOf(tally: GroupTally, name: RateName): Rate {
  const of = DENOMINATORS[name]
  const terms = {
    count: tally[of],
    of,
    ...(tally.weights && { weighted: drawnRate(tally.weights, name)[0]! }),
    ...(tally.draws && { draws: drawnRate(tally.draws, name) }),
  }
  if (!isMean(name)) return { kind: 'share', hits: HITS[name](tally), ...terms }
  const moments = tally[MEANS[name]]
  if (moments === undefined) throw new RangeError(`${name} needs the tallies of a regression`)
  return { kind: 'mean', moments, ...terms }
}

function isMean(name: RateName): name is MeanName {
  return Object.hasOwn(MEANS, name)
}

function drawnRate(draws: TallyDraws, name: RateName): Float64Array {
  const below = draws[DENOMINATORS[name]]
  if (isMean(name)) {
    const sums = draws[MEANS[name]]
    return below.map((count, draw) => (sums?.[draw] ?? Number.NaN) / count)
  }
  return below.map((count, draw) => {
    const { negatives, predicted_positives, true_positives, false_positives } = draws
    const counts = {
      negatives: negatives[draw]!,
      predicted_positives: predicted_positives[draw]!,
      true_positives: true_positives[draw]!,
      false_positives: false_positives[draw]!,
    }
    return HITS[name](counts) / count
  })
}

/** Fewest rows with which a rate has a value and an interval. */
export function fewestOf(rate: Rate): number {
  return rate.kind === 'share' ? 1 : 2
}

/** The rate itself; null when it is 0/0. */
export function rateValue(rate: Rate): number | null {
  if (rate.count === 0) return null
  if (rate.weighted !== undefined) return Number.isFinite(rate.weighted) ? rate.weighted : null
  return rate.kind === 'share' ? rate.hits / rate.count : rate.moments.mean
}

/** The rate's own two-sided interval, Wilson or t, or percentiles of its resamples; null when it has too few rows. */
export function rateInterval(rate: Rate, confidence: number): Interval | null {
  if (rate.count < fewestOf(rate)) return null
  if (rate.draws !== undefined) return percentileInterval(rate.draws, confidence)
  if (rate.kind === 'share') return wilson(rate.hits, rate.count, confidence)
  const { mean, variance, rows } = rate.moments
  const reach = studentQuantile((1 + confidence) / 2, rows - 1) * Math.sqrt(variance / rows)
  return [mean - reach, mean + reach]
}

/** The two-sided interval of a - b: Newcombe of shares, Welch of means, percentiles of resampled ones. */
export function gapInterval(a: Rate, b: Rate, confidence: number): Interval {
  if (a.draws && b.draws) {
    const { draws } = b
    const between = percentileInterval(
      a.draws.map((rate, draw) => rate - draws[draw]!),
      confidence,
    )
    if (between !== null) return between
  }
  if (a.kind === 'share' && b.kind === 'share') return newcombe(a.hits, a.count, b.hits, b.count, confidence)
  if (a.kind === 'mean' && b.kind === 'mean') return welch(a.moments, b.moments, confidence)
  throw new RangeError('a share and a mean have no difference')
}
