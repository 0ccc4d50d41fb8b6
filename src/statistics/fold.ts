import type { Interval } from './estimate.ts'

/**
 * How good a disparity is: its distance from 0, or its ratio turned to at most 1.
 *
 * @returns |x| where zero is best; min(x, 1/x) where one is best
 * @example folded('one', 1.25) // => 0.8
 */
export function folded(better: 'zero' | 'one', value: number): number {
  if (better === 'zero') return Math.abs(value)
  return value <= 1 ? value : 1 / value
}

/** The interval of |x|: from 0 where the interval holds 0. */
export function sizeInterval([low, high]: Interval): Interval {
  const ends = [Math.abs(low), Math.abs(high)] as const
  return [low <= 0 && high >= 0 ? 0 : Math.min(...ends), Math.max(...ends)]
}
