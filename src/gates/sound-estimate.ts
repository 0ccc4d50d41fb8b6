import type { Estimate, Interval } from '../statistics/estimate.ts'

/** An estimate whose value exists. */
export type Valued = Estimate & { readonly value: number }

/** Whether a number exists that may be judged; whatever is null, NaN or infinite is not one. */
export function isValued(estimate: Estimate | null | undefined): estimate is Valued {
  return typeof estimate?.value === 'number' && Number.isFinite(estimate.value)
}

/** The interval, if it is one at the level asked for. */
export function intervalAt(estimate: Estimate, confidence: number): Interval | null {
  const interval = estimate.interval
  if (!Array.isArray(interval) || interval.length !== 2 || estimate.confidence !== confidence) return null
  const [low, high] = interval as Interval
  return Number.isFinite(low) && Number.isFinite(high) && low <= high ? [low, high] : null
}

/** Why an estimate has no value, in its own words. */
export function whyNull(estimate: Estimate | null | undefined): string {
  return estimate?.because ?? 'the number does not exist on these rows'
}
