import type { Support } from '../statistics/estimate.ts'
import type { Denominator } from '../statistics/metrics.ts'
import { DEFAULT_MIN_ROWS } from './limit-keys.ts'
import { countText } from './number-text.ts'
import { type Part, undecided } from './part.ts'

/** What a number is a share or a mean of. */
export type CountedBy = Denominator | 'units'

/** How much of it there is; null when the estimate does not say. Both classes: the smaller one. */
export function denominatorCount(of: CountedBy, support: Support): number | null {
  if (of !== 'both_classes') return support[of] ?? null
  const { positives, negatives, smallest_class } = support
  if (positives === undefined || negatives === undefined) return smallest_class ?? null
  return Math.min(positives, negatives)
}

/** The denominator in words. */
export function denominatorText(of: CountedBy): string {
  return of === 'both_classes' ? 'rows of each class' : of.replace('_', ' ')
}

/** Whether a number rests on too little to be judged; null when it does not. */
export function tooFew(name: string, of: CountedBy, support: Support, minRows: number | undefined): Part | null {
  const least = minRows ?? DEFAULT_MIN_ROWS
  const count = denominatorCount(of, support)
  if (count !== null && count >= least) return null
  const noun = denominatorText(of)
  if (count === null)
    return undecided(`${name} rests on an unknown number of ${noun}`, `At least ${least} are asked for.`)
  return undecided(
    `${name} rests on too few ${noun}`,
    `It rests on ${countText(count, noun)}; under ${least} nothing is decided.`,
    { flips: `${countText(least - count, `more ${noun}`)}, or a smaller min_rows`, reason: `too-few:${name}` },
  )
}
