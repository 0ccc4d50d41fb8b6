import type { Interval } from '../statistics/estimate.ts'

/** Limits on one number; closed. A relative rule is a pair of limits on the difference. */
export interface Bounds {
  readonly min?: number | undefined
  readonly max?: number | undefined
}

export interface Weighed {
  readonly status: 'passed' | 'failed' | 'inconclusive'
  /** The limit that decides: the one broken, else the one in doubt, else the nearer one. */
  readonly side: 'min' | 'max'
  readonly limit: number
}

/** Arithmetic on doubles may miss a closed end by this much (relative above 1): 0.70 - 0.75 is not -0.05. */
const ROUNDING = 1e-12

/**
 * Judges a number against closed limits.
 *
 * With an interval: passed when low >= min and high <= max, failed when high < min or low > max, else inconclusive
 * (two one-sided tests, Schuirmann 1987). Without one the value itself is judged and nothing is inconclusive.
 *
 * @param value     finite
 * @param interval  finite, low <= high, or null to judge by the value
 * @throws {RangeError} when there is no limit, or a number is not finite
 */
export function weighBounds(value: number, interval: Interval | null, bounds: Bounds): Weighed {
  const [low, high] = interval ?? [value, value]
  if (![value, low, high].every(Number.isFinite)) throw new RangeError('weighBounds: a number is not finite')
  const sides = (['min', 'max'] as const).flatMap((side) => {
    const limit = bounds[side]
    return limit === undefined ? [] : [weighSide(side, limit, value, low, high)]
  })
  const worst = sides.toSorted((a, b) => b.badness - a.badness || a.room - b.room)[0]
  if (worst === undefined) throw new RangeError('weighBounds: no limit')
  const status = (['passed', 'inconclusive', 'failed'] as const)[worst.badness]
  return { status, side: worst.side, limit: worst.limit }
}

interface Side {
  readonly side: 'min' | 'max'
  readonly limit: number
  readonly badness: 0 | 1 | 2
  readonly room: number
}

function weighSide(side: 'min' | 'max', limit: number, value: number, low: number, high: number): Side {
  const slack = ROUNDING * Math.max(1, Math.abs(limit))
  const worse = side === 'min' ? low - limit : limit - high
  const better = side === 'min' ? high - limit : limit - low
  const badness = worse >= -slack ? 0 : better >= -slack ? 1 : 2
  return { side, limit, badness, room: side === 'min' ? value - limit : limit - value }
}
