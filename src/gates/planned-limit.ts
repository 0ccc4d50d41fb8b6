import type { Better, Estimate } from '../statistics/estimate.ts'
import { sizeInterval } from '../statistics/fold.ts'
import { passChanceOfEqual, rowsThatDecide, smallestPassableMargin } from '../statistics/margin.ts'
import { criticalZ, normalCdf } from '../statistics/normal.ts'
import { chanceOfEqualText, standardError } from './enough-rows.ts'
import type { Limits } from './limit-keys.ts'
import { intervalAt, isValued } from './sound-estimate.ts'

export type LimitKey = 'max_drop' | 'max_rise' | 'min' | 'max'

/** How often an equally good model keeps one limit, and what would make it 4 times of 5. */
export interface PlannedLimit {
  readonly key: LimitKey
  readonly limit: number
  /** 0 to 1. */
  readonly chance: number
  /** Standard error of what is judged, on this exam. */
  readonly se: number
  /** What `se` rests on: so many rows, positives, units ...; null when it is not known. */
  readonly n: number | null
  readonly of: string
  /** The limit that an equally good model would keep 4 times of 5. */
  readonly passable: number
  /** How many in all would do for the limit as it is; null: no number would. */
  readonly enough: number | null
  /** The line that findings say of a rule against the incumbent. */
  readonly text: string | null
}

/** What a rule asks of a number, and the numbers of a version that stands for an equally good one. */
export interface PlannedNumbers {
  readonly limits: Limits
  readonly better: Better
  /** Its value and interval; null where they are not known. */
  readonly estimate: Estimate | null
  /** Standard error of the difference of two versions; null where they are not known. */
  readonly differenceSe: number | null
  readonly n: number | null
  readonly of: string
}

const FOUR_OF_FIVE = 0.842

/**
 * Every limit of a rule, for a model exactly as good as the one whose numbers these are.
 *
 * Against the incumbent its true difference is 0: it passes with Phi(margin / se - z). An absolute limit it keeps with
 * Phi(distance / se - z), where distance is how far the incumbent's own value lies inside. Without confidence in the
 * rule z is 0: the measured number decides.
 *
 * @returns none where the standard error is not known
 */
export function plannedLimits(numbers: PlannedNumbers): readonly PlannedLimit[] {
  return [...relative(numbers), ...absolute(numbers)]
}

function relative({ limits, differenceSe: se, n, of }: PlannedNumbers): readonly PlannedLimit[] {
  const { max_drop, max_rise, confidence } = limits
  const key = max_drop !== undefined ? 'max_drop' : 'max_rise'
  const margin = max_drop ?? max_rise
  if (limits.against === undefined || margin === undefined || se === null) return []
  const chance = confidence === undefined ? byValue(margin, se) : passChanceOfEqual(margin, se, confidence)
  const passable = confidence === undefined ? FOUR_OF_FIVE * se : smallestPassableMargin(se, confidence)
  const text = confidence === undefined ? null : chanceOfEqualText({ n, of, se, confidence, margin, key, value: 0 })
  return [{ key, limit: margin, chance, se, n, of, passable, enough: enough(n, se, margin, confidence), text }]
}

function absolute(numbers: PlannedNumbers): readonly PlannedLimit[] {
  const { limits, estimate, better, n, of } = numbers
  if (!isValued(estimate)) return []
  const own = intervalAt(estimate, estimate.confidence)
  const interval = own && better === 'zero' ? sizeInterval(own) : own
  const se = standardError(estimate, interval)
  if (se === null) return []
  const value = better === 'zero' ? Math.abs(estimate.value) : estimate.value
  return (['min', 'max'] as const).flatMap((key) => {
    const limit = limits[key]
    if (limit === undefined) return []
    const inside = key === 'min' ? value - limit : limit - value
    const z = limits.confidence === undefined ? 0 : criticalZ(limits.confidence)
    const chance = se === 0 ? (inside >= 0 ? 1 : 0) : normalCdf(inside / se - z)
    const reach = (z + FOUR_OF_FIVE) * se
    const passable = key === 'min' ? value - reach : value + reach
    const needed = enough(n, se, inside, limits.confidence)
    return [{ key, limit, chance, se, n, of, passable, enough: needed, text: null }]
  })
}

function byValue(margin: number, se: number): number {
  return se === 0 ? 1 : normalCdf(margin / se)
}

function enough(n: number | null, se: number, inside: number, confidence: number | undefined): number | null {
  if (n === null || !(inside > 0)) return null
  if (confidence !== undefined) return rowsThatDecide(n, se, inside, confidence)
  return Math.ceil(n * ((FOUR_OF_FIVE * se) / inside) ** 2)
}
