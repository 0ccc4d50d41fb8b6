import type { Interval } from './estimate.ts'
import { studentQuantile, studentTwoSidedP } from './student.ts'

export interface MeanEstimate {
  readonly mean: number
  readonly se: number
  readonly interval: Interval
  /** Two-sided p-value of "the mean is 0". */
  readonly p_value: number
}

/**
 * The mean of independent numbers with Student's interval; over paired differences, the paired t test.
 *
 * @param values      2 or more finite numbers
 * @param confidence  two-sided level, 0 to 1
 * @returns null with fewer than 2 numbers, or where their squares overflow; numbers that are all 0 have se 0, [0, 0]
 * and p 1
 * @see Student (1908)
 */
export function meanWithInterval(values: Float64Array, confidence: number): MeanEstimate | null {
  const n = values.length
  if (n < 2) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const se = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n)
  if (!Number.isFinite(se)) return null
  const reach = se * studentQuantile((1 + confidence) / 2, n - 1)
  return {
    mean,
    se,
    interval: [mean - reach, mean + reach],
    p_value: mean === 0 ? 1 : studentTwoSidedP(mean / se, n - 1),
  }
}
