import { chiSquaredTail } from './chi-squared-tail.ts'

/** The limit law is trusted where each arm expects at least this many. */
const SMALLEST_EXPECTED = 5

/** Splits rarer than this are not chance but routing: sticky clients, retries, lost telemetry. */
export const SAMPLE_RATIO_MISMATCH = 0.001

export interface SampleRatio {
  /** The canary's share of the requests as measured, 0 to 1. */
  readonly measured: number
  /** null where an arm expects under 5 requests: too few to tell. */
  readonly p_value: number | null
  readonly isMismatch: boolean
}

/**
 * Whether requests were split between canary and baseline as the rollout's weights say.
 *
 * Pearson's chi-squared of both counts against the planned share, one degree of freedom; a mismatch under 0.001.
 *
 * @param canary, baseline  requests, 0 or more, together over 0; finite
 * @param planned           the canary's share by the weights, over 0 and under 1
 * @throws {RangeError} when there are no requests, or a number is out of range
 * @see Fabijan et al., Diagnosing sample ratio mismatch in online controlled experiments (KDD 2019)
 * @example sampleRatio(70, 930, 0.05) // => { measured: 0.07, p_value: 0.003709, isMismatch: false }
 * @example sampleRatio(0, 60, 0.05) // => { measured: 0, p_value: null, isMismatch: false }
 */
export function sampleRatio(canary: number, baseline: number, planned: number): SampleRatio {
  const requests = canary + baseline
  if (!(canary >= 0 && baseline >= 0 && requests > 0 && requests < Infinity && planned > 0 && planned < 1)) {
    throw new RangeError(`sampleRatio: ${canary} and ${baseline} requests at a share of ${planned} cannot be compared`)
  }
  const measured = canary / requests
  if (requests * Math.min(planned, 1 - planned) < SMALLEST_EXPECTED)
    return { measured, p_value: null, isMismatch: false }
  const statistic = (canary - requests * planned) ** 2 / (requests * planned * (1 - planned))
  const p_value = chiSquaredTail(statistic, 1)
  return { measured, p_value, isMismatch: p_value < SAMPLE_RATIO_MISMATCH }
}
