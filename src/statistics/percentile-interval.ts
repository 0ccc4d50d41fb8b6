import type { Interval } from './estimate.ts'
import { quantile } from './quantile.ts'

/**
 * The middle share of resampled numbers; NaN, where a resample has no value, is left out.
 *
 * @param draws       one number a resample, any order
 * @param confidence  two-sided level, 0 to 1
 * @returns null when no resample has a value
 * @example percentileInterval(Float64Array.of(1, 2, 3, 4, 5), 0.5) // => [2, 4]
 */
export function percentileInterval(draws: Float64Array, confidence: number): Interval | null {
  const known = draws.filter((draw) => !Number.isNaN(draw)).sort()
  if (known.length === 0) return null
  const tail = (1 - confidence) / 2
  return [quantile(known, tail), quantile(known, 1 - tail)]
}
