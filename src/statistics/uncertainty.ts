import { calibrationNullQ95 } from './calibration.ts'
import { aucWithInterval } from './delong.ts'
import type { Interval, Uncertainty } from './estimate.ts'
import { meanWithInterval } from './mean-interval.ts'
import { lossesOf } from './metric-value.ts'
import type { Metric } from './metrics.ts'
import { criticalZ } from './normal.ts'
import { ovrAucWithInterval } from './one-vs-rest-auc.ts'
import { resampledMetric } from './resampled.ts'
import type { BinaryRows, ClassRows, MulticlassRows, ScoredRows } from './scored-rows.ts'
import { successesOf } from './successes.ts'
import { wilson } from './wilson.ts'

interface Terms {
  readonly metric: Metric
  readonly confidence: number
}

/** The interval of one version's metric, by the method of the metric; by bootstrap where rows have units or weights. */
export function uncertaintyOfMetric(rows: ScoredRows, value: number, terms: Terms): Uncertainty {
  const { p_value: _, ...uncertainty } = byMethod(rows, value, terms)
  return uncertainty
}

function byMethod(rows: ScoredRows, value: number, terms: Terms): Uncertainty {
  const { metric, confidence } = terms
  if (metric.methods.one === null) return biased(rows as BinaryRows)
  if (rows.unit !== null || rows.weight !== null) return resampledMetric(rows, value, terms)
  switch (metric.methods.one) {
    case 'wilson':
      return byWilson(rows as ClassRows, terms)
    case 'delong':
      if (rows.task === 'multiclass') return byPulls(rows, value, terms)
      return withoutValue(aucWithInterval((rows as BinaryRows).label, (rows as BinaryRows).score!, confidence))
    case 't':
      return byStudent(lossesOf(rows, metric.name), terms)
    default:
      return resampledMetric(rows, value, terms)
  }
}

function biased(rows: BinaryRows): Uncertainty {
  const because =
    'it is biased upwards on few rows, so it has no interval: null_q95 says what a perfectly calibrated model would show'
  const null_q95 = calibrationNullQ95(rows.score!, rows.weight)
  return { interval: null, method: null, se: null, null_q95, because }
}

/** Where a class is too small for DeLong, the bootstrap says whether anything can be said. */
function byPulls(rows: MulticlassRows, value: number, terms: Terms): Uncertainty {
  const estimate = ovrAucWithInterval(rows, terms.confidence)
  return estimate === null ? resampledMetric(rows, value, terms) : withoutValue(estimate)
}

function byWilson(rows: ClassRows, { metric, confidence }: Terms): Uncertainty {
  const { successes, n } = successesOf(rows, metric.name)
  const interval = wilson(successes, n, confidence)
  return { interval, method: 'wilson', se: normalError(interval, confidence) }
}

/** The standard error that would make a normal interval as wide. */
export function normalError(interval: Interval, confidence: number): number {
  return (interval[1] - interval[0]) / (2 * criticalZ(confidence))
}

/** A loss is 0 or more, and a squared distance of probabilities at most 1; so is the interval of the mean. */
function byStudent(losses: Float64Array, { metric, confidence }: Terms): Uncertainty {
  const estimate = meanWithInterval(losses, confidence)
  if (estimate === null) return { interval: null, method: 't', se: null, because: whyNoSpread(losses) }
  const [low, high] = estimate.interval
  const most = metric.name === 'brier_score' ? 1 : Number.POSITIVE_INFINITY
  return { interval: [Math.max(0, low), Math.min(most, high)], method: 't', se: estimate.se }
}

/** Why numbers have no standard error. */
export function whyNoSpread({ length }: Float64Array): string {
  return length < 2 ? 'one row has no spread' : 'numbers are too large: their squares overflow'
}

/** An estimate that brings its own value, less that value. */
export function withoutValue<Whole extends { readonly value: number }>({
  value: _,
  ...rest
}: Whole): Omit<Whole, 'value'> {
  return rest
}
