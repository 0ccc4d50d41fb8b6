import { DENOMINATORS, type DenominatorName } from '../statistics/group-rate.ts'
import type { GroupMeasured } from './evidence.ts'
import { isFew } from './shared-estimates.ts'
import type { HiddenBy } from './shared-listings.ts'
import type { Renaming } from './shared-names.ts'

/** What stands in a listing for the groups that are too small to be shown, in every column. */
export const SMALL_GROUPS = '(too small to show)'

/** Small groups as one line without numbers; others that must hide keep their name and lose their numbers. */
export function sharedGroups(
  groups: readonly GroupMeasured[],
  names: Renaming,
  isHidden: HiddenBy,
  floor: number,
): readonly GroupMeasured[] {
  const small = groups.filter((group) => isFew(group.rows ?? 0, floor))
  const shown = groups
    .filter((group) => !small.includes(group))
    .map((group) => sharedGroup(group, names, (of) => isHidden(group, of)))
  return small.length === 0 ? shown : [...shown, smallGroup(small)]
}

const NO_COUNTS = { positives: null, negatives: null, predicted_positives: null }

function smallGroup(small: readonly GroupMeasured[]): GroupMeasured {
  const columns = Object.keys(small[0]?.group ?? {})
  return {
    group: Object.fromEntries(columns.map((column) => [column, SMALL_GROUPS])),
    rows: null,
    counted: small.some((group) => group.counted),
    counts: NO_COUNTS,
    metrics: {},
    intervals: {},
  }
}

function sharedGroup(group: GroupMeasured, names: Renaming, isHidden: (of: DenominatorName) => boolean): GroupMeasured {
  const isShown = (rate: string) =>
    !isHidden('rows') && !isHidden(DENOMINATORS[rate as keyof typeof DENOMINATORS] ?? 'rows')
  const pick = <Value>(values: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(values).filter(([rate]) => isShown(rate)))
  return {
    group: names(group.group),
    rows: isHidden('rows') ? null : group.rows,
    counted: group.counted,
    counts: NO_COUNTS,
    metrics: pick(group.metrics),
    intervals: pick(group.intervals),
  }
}
