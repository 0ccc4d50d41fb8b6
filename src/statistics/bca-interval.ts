import type { Interval } from './estimate.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { quantile } from './quantile.ts'
import type { WeightedValue } from './weighted-mean.ts'

/**
 * Percentiles of resampled numbers, moved by what resampling is off by in the middle and by how skewed the number is.
 *
 * @param terms.values      resampled numbers, ascending
 * @param terms.value       the number as a function of how often each row counts
 * @param terms.counts      how often each row counts in truth: whole numbers
 * @param terms.confidence  two-sided level, 0 to 1
 * @returns null where the number does not exist without one of the rows, or never moves
 * @see Efron, Better bootstrap confidence intervals (1987); Efron, Tibshirani (1993), 14.3
 */
export function bcaInterval(terms: {
  readonly values: Float64Array
  readonly value: WeightedValue
  readonly counts: Float64Array
  readonly confidence: number
}): Interval | null {
  const { values, value, counts, confidence } = terms
  const own = value(counts)
  const acceleration = own === null ? null : accelerationOf(value, counts)
  if (own === null || acceleration === null) return null
  const bias = normalQuantile(shareBelow(values, own))
  const moved = (share: number) => {
    const z = bias + normalQuantile(share)
    return normalCdf(bias + z / (1 - acceleration * z))
  }
  const tail = (1 - confidence) / 2
  return [quantile(values, moved(tail)), quantile(values, moved(1 - tail))]
}

/** Share of the numbers below, equal ones counted half; never 0 or 1. */
function shareBelow(values: Float64Array, own: number): number {
  const slack = 1e-12 * Math.max(1, Math.abs(own))
  const below = values.reduce((sum, x) => sum + (x < own - slack ? 1 : x <= own + slack ? 0.5 : 0), 0)
  return (below + 0.5) / (values.length + 1)
}

/** A sixth of the skewness of what each row adds, by leaving out one row after the other. */
function accelerationOf(value: WeightedValue, counts: Float64Array): number | null {
  const without = counts.slice()
  const left = new Float64Array(counts.length)
  for (let row = 0; row < counts.length; row++) {
    without[row]! -= 1
    const one = value(without)
    without[row]! += 1
    if (one === null) return null
    left[row] = one
  }
  const mean = left.reduce((sum, one) => sum + one, 0) / left.length
  const squares = left.reduce((sum, one) => sum + (mean - one) ** 2, 0)
  const cubes = left.reduce((sum, one) => sum + (mean - one) ** 3, 0)
  const acceleration = cubes / (6 * squares ** 1.5)
  // cubes of numbers near the end of the doubles overflow
  return squares > 0 && Number.isFinite(acceleration) ? acceleration : null
}
