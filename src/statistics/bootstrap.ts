import { bcaInterval } from './bca-interval.ts'
import type { Interval } from './estimate.ts'
import { quantile } from './quantile.ts'
import type { Resample } from './resample.ts'
import type { WeightedValue } from './weighted-mean.ts'

/** What the resamples say; all null, with the reason, where they say nothing. */
export interface Spread {
  readonly interval: Interval | null
  readonly se: number | null
  readonly p_value: number | null
  readonly because?: string
}

/** More than this share of undefined resamples, and there is no interval. */
const MOST_DROPPED = 0.01

/** 2,000 resamples, 1,000 above 100,000 rows. */
export function resamplesFor(rows: number): number {
  return rows > 100_000 ? 1000 : 2000
}

/**
 * The percentile bootstrap of a number.
 *
 * The interval holds the middle `confidence` of the resamples; p is twice the smaller share of resamples on either
 * side of 0, at least 2/(B + 1). Resamples without a value are dropped; if more than 1 % are, there is no interval.
 *
 * @param value       the number as a function of how often each row counts
 * @param resample    draws how often each row counts
 * @param rows        length of the weights
 * @param resamples   B, 1 or more
 * @param counts      how often each row counts in truth, if the percentiles are to be moved by BCa
 * @see Efron, Tibshirani, An Introduction to the Bootstrap (1993), 13
 */
export function bootstrap(terms: {
  readonly value: WeightedValue
  readonly resample: Resample
  readonly rows: number
  readonly resamples: number
  readonly confidence: number
  readonly counts?: Float64Array
}): Spread {
  const { resamples, confidence, value, counts } = terms
  const values = resampledValues(terms)
  const dropped = resamples - values.length
  if (dropped > MOST_DROPPED * resamples) {
    const because = `the number does not exist in ${dropped} of ${resamples} resamples of these rows`
    return { interval: null, se: null, p_value: null, because }
  }
  const tail = (1 - confidence) / 2
  const percentiles = [quantile(values, tail), quantile(values, 1 - tail)] as const
  const interval = (counts && bcaInterval({ values, value, counts, confidence })) ?? percentiles
  return { interval, se: deviation(values), p_value: twoSidedP(values) }
}

function resampledValues({ value, resample, rows, resamples }: Parameters<typeof bootstrap>[0]): Float64Array {
  const weights = new Float64Array(rows)
  const values = new Float64Array(resamples)
  let kept = 0
  for (let draw = 0; draw < resamples; draw++) {
    resample(weights)
    const drawn = value(weights)
    if (drawn !== null) values[kept++] = drawn
  }
  return values.subarray(0, kept).sort()
}

function twoSidedP(values: Float64Array): number {
  const atMost = values.reduce((count, value) => count + (value <= 0 ? 1 : 0), 0)
  const atLeast = values.reduce((count, value) => count + (value >= 0 ? 1 : 0), 0)
  return Math.min(1, (2 * (1 + Math.min(atMost, atLeast))) / (values.length + 1))
}

function deviation(values: Float64Array): number {
  if (values[0] === values.at(-1)) return 0
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
