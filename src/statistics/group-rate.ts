import type { Interval } from './estimate.ts'
import type { GroupTally } from './group-tally.ts'
import { newcombe } from './newcombe.ts'
import { studentQuantile } from './student.ts'
import { type Moments, welch } from './welch.ts'
import { wilson } from './wilson.ts'

export type ShareName = 'selection_rate' | 'true_positive_rate' | 'false_positive_rate' | 'precision' | 'accuracy'
export type MeanName = 'mean_prediction' | 'mean_absolute_error'
export type RateName = ShareName | MeanName
export type DenominatorName = 'rows' | 'positives' | 'negatives' | 'predicted_positives'

/** A group's rate: a share of something, or a mean. */
export type Rate =
  | { readonly kind: 'share'; readonly hits: number; readonly count: number; readonly of: DenominatorName }
  | { readonly kind: 'mean'; readonly moments: Moments; readonly count: number; readonly of: DenominatorName }

/** What each rate is a share, or a mean, of. */
export const DENOMINATORS: Readonly<Record<RateName, DenominatorName>> = {
  selection_rate: 'rows',
  true_positive_rate: 'positives',
  false_positive_rate: 'negatives',
  precision: 'predicted_positives',
  accuracy: 'rows',
  mean_prediction: 'rows',
  mean_absolute_error: 'rows',
}

const HITS: Readonly<Record<ShareName, (tally: GroupTally) => number>> = {
  selection_rate: (tally) => tally.predicted_positives,
  true_positive_rate: (tally) => tally.true_positives,
  false_positive_rate: (tally) => tally.false_positives,
  precision: (tally) => tally.true_positives,
  accuracy: (tally) => tally.true_positives + tally.negatives - tally.false_positives,
}

/**
 * The rate of a group by name; its count is the denominator.
 *
 * @throws {RangeError} when a mean is asked of a group that was tallied for rates
 */
export function rateOf(tally: GroupTally, name: RateName): Rate {
  const of = DENOMINATORS[name]
  const count = tally[of]
  if (name !== 'mean_prediction' && name !== 'mean_absolute_error') {
    return { kind: 'share', hits: HITS[name](tally), count, of }
  }
  const moments = name === 'mean_prediction' ? tally.prediction : tally.absolute_error
  if (moments === undefined) throw new RangeError(`${name} needs the tallies of a regression`)
  return { kind: 'mean', moments, count, of }
}

/** Fewest rows with which a rate has a value and an interval. */
export function fewestOf(rate: Rate): number {
  return rate.kind === 'share' ? 1 : 2
}

/** The rate itself; null when it is 0/0. */
export function rateValue(rate: Rate): number | null {
  if (rate.count === 0) return null
  return rate.kind === 'share' ? rate.hits / rate.count : rate.moments.mean
}

/** The rate's own two-sided interval, Wilson or t; null when it has too few rows. */
export function rateInterval(rate: Rate, confidence: number): Interval | null {
  if (rate.count < fewestOf(rate)) return null
  if (rate.kind === 'share') return wilson(rate.hits, rate.count, confidence)
  const { mean, variance, rows } = rate.moments
  const reach = studentQuantile((1 + confidence) / 2, rows - 1) * Math.sqrt(variance / rows)
  return [mean - reach, mean + reach]
}

/** The two-sided interval of a - b: Newcombe of shares, Welch of means. */
export function gapInterval(a: Rate, b: Rate, confidence: number): Interval {
  if (a.kind === 'share' && b.kind === 'share') return newcombe(a.hits, a.count, b.hits, b.count, confidence)
  if (a.kind === 'mean' && b.kind === 'mean') return welch(a.moments, b.moments, confidence)
  throw new RangeError('a share and a mean have no difference')
}
