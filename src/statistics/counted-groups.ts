import { fewestOf, type RateName, rateOf, rateValue } from './group-rate.ts'
import { type GroupKey, groupText } from './group-rows.ts'
import type { GroupTally } from './group-tally.ts'

export type SmallGroups = 'report' | 'pool' | 'hold'

/** Value that stands for all groups of a pool. */
export const POOLED = '(others)'

/** Groups that take part in a disparity, and those that do not. */
export interface CountedGroups<Group> {
  readonly counted: readonly Group[]
  /** Too small to be judged; what a pool holds is here too, and the pool stands in its place. */
  readonly small: readonly Group[]
  /** The pool of the small groups, whether it is large enough or not. */
  readonly pool: Group | null
  readonly uncounted: { readonly groups: number; readonly share: number }
}

/**
 * Whether a group has enough of what each rate is a share of: rows, positives, negatives, predicted positives;
 * rows without weight are none.
 *
 * @param minRows  smallest denominator, at least 1 whatever it says
 */
export function isCounted(tally: GroupTally, rates: readonly RateName[], minRows: number): boolean {
  return rates
    .map((name) => rateOf(tally, name))
    .every((rate) => rate.count >= Math.max(minRows, fewestOf(rate)) && rateValue(rate) !== null)
}

/**
 * Splits groups into those large enough and the rest, and pools the rest where asked.
 *
 * @param groups     all groups
 * @param isLarge    whether a group is large enough
 * @param rowsOf     rows of a group
 * @param pooled     one group made of several; undefined leaves the small ones as they are
 */
export function splitBySize<Group>(terms: {
  readonly groups: readonly Group[]
  readonly isLarge: (group: Group) => boolean
  readonly rowsOf: (group: Group) => number
  readonly pooled?: ((groups: readonly Group[]) => Group) | undefined
}): CountedGroups<Group> {
  const { groups, isLarge, rowsOf, pooled } = terms
  const large = groups.filter(isLarge)
  const small = groups.filter((group) => !isLarge(group))
  const pool = pooled && small.length > 0 ? pooled(small) : null
  const isPoolLarge = pool !== null && isLarge(pool)
  const left = isPoolLarge ? [] : small
  const total = (some: readonly Group[]) => some.reduce((sum, group) => sum + rowsOf(group), 0)
  return {
    counted: isPoolLarge ? [...large, pool] : large,
    small,
    pool,
    uncounted: { groups: left.length, share: left.length === 0 ? 0 : total(left) / total(groups) },
  }
}

/** The key of a pool: "(others)" in every column. */
export function pooledKey(example: GroupKey): GroupKey {
  return Object.fromEntries(Object.keys(example).map((name) => [name, POOLED]))
}

/** Whether two keys name one group; values are compared as text, since tables store 1 and "1" alike. */
export function isGroup(group: GroupKey, wanted: GroupKey): boolean {
  const names = Object.keys(group)
  return (
    names.length === Object.keys(wanted).length &&
    names.every((name) => Object.hasOwn(wanted, name) && sameValue(group[name]!, wanted[name]!))
  )
}

function sameValue(a: GroupKey[string], b: GroupKey[string]): boolean {
  return a === null || b === null ? a === b : String(a) === String(b)
}

const SHOWN_GROUPS = 10

/** Names of groups for a message; "and 3 more" after ten. */
export function groupList(groups: readonly GroupKey[]): string {
  const shown = groups.slice(0, SHOWN_GROUPS).map(groupText).join('; ')
  return groups.length > SHOWN_GROUPS ? `${shown}; and ${groups.length - SHOWN_GROUPS} more` : shown
}
