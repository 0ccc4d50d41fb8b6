/** What was seen in one stretch of time of a canary, a minute or more. */
export interface SplitMinute {
  /** Events (errors, conversions ...) of the canary, 0 or more. */
  readonly canaryEvents: number
  /** Events of both arms together, at least the canary's. */
  readonly events: number
  /** The canary's measured share of the requests, 0 to 1. */
  readonly share: number
}

/** How many times as often the canary might have the event: more often is worse, or less often is. */
const RATIOS = { lower: [1.25, 1.5, 2, 3, 5], higher: [0.8, 0.67, 0.5] } as const

/** The most that a minute counts for, so that one burst of repeated errors is not many witnesses. */
const MINUTE_CAP = 2.5

/**
 * The evidence that a canary is worse than its baseline, after each minute: look as often as you like.
 *
 * Were the arms equal, each of a minute's t events would be the canary's with the canary's share w of the requests,
 * whatever the rate of events does over the day. Each minute multiplies r^k / (1 - w + w r)^t, at most `cap`, for
 * several ratios r; E is the mean over r. In equal arms E reaches 1/alpha at any time with probability alpha or less
 * (Ville). Exact for rare whole counts, on the safe side for common ones; a share of 0 or 1 and no events add nothing.
 *
 * @param minutes  in order; of one step of the rollout: the E of steps multiply
 * @param better   what is better of the rate of events: `lower` for errors, `higher` for conversions
 * @param cap      most that one minute multiplies, 1 or more; Infinity for the bare test
 * @returns E after each minute, 0 or more and finite
 * @throws {RangeError} when a count is negative or not finite, a share leaves 0 to 1, or the canary has more than all
 * @see Robbins (1970); Grunwald, de Heide, Koolen, Safe testing (2024); on the cap: min(factor, cap) has mean 1 or less
 * @example binomialSplit([{ canaryEvents: 8, events: 40, share: 0.05 }], 'lower', Infinity) // => [92.05450527740655]
 * @example binomialSplit([{ canaryEvents: 8, events: 40, share: 0.05 }], 'lower') // => [2.5]
 */
export function binomialSplit(
  minutes: readonly SplitMinute[],
  better: 'lower' | 'higher',
  cap = MINUTE_CAP,
): readonly number[] {
  for (const minute of minutes) requireCounts(minute)
  const sums = RATIOS[better].map((ratio) => ({ ratio, log: 0 }))
  return minutes.map((minute) => {
    for (const sum of sums) sum.log += Math.min(Math.log(cap), logFactor(minute, sum.ratio))
    const mean = sums.reduce((total, { log }) => total + Math.exp(log) / sums.length, 0)
    return Math.min(Number.MAX_VALUE, mean)
  })
}

function logFactor({ canaryEvents, events, share }: SplitMinute, ratio: number): number {
  if (share === 0 || share === 1) return 0
  return canaryEvents * Math.log(ratio) - events * Math.log1p(share * (ratio - 1))
}

function requireCounts({ canaryEvents, events, share }: SplitMinute): void {
  const isSound = canaryEvents >= 0 && canaryEvents <= events && events < Infinity && share >= 0 && share <= 1
  if (isSound) return
  throw new RangeError(
    `binomialSplit: ${canaryEvents} of ${events} events at a share of ${share}; events are finite, 0 or more, the canary's no more than all, the share 0 to 1`,
  )
}
