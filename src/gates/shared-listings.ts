import { DENOMINATORS, type DenominatorName } from '../statistics/group-rate.ts'
import type { Disparity, DisparityMeasure, FairnessFacts, GroupMeasured } from './evidence.ts'
import { findDisparity } from './fairness-rule.ts'
import { groupId, type Listing } from './shared-cells.ts'
import { hiddenGroups } from './shared-hidden.ts'
import { isPool } from './shared-names.ts'

export type Arm = 'candidate' | 'incumbent'
/** Whether a group's number of something, and every rate of it, must not be shown. */
export type HiddenBy = (group: GroupMeasured, of: DenominatorName) => boolean

const COUNTED_BY: readonly DenominatorName[] = ['rows', 'positives', 'negatives', 'predicted_positives']

/** Which groups of one version must hide which of their numbers, worked out over all rules together. */
export function hiddenOf(
  facts: FairnessFacts,
  measures: readonly DisparityMeasure[],
  arm: Arm,
  floor: number,
): HiddenBy {
  const hidden = new Map(COUNTED_BY.map((of) => [of, idsHidden(facts, measures, arm, of, floor)]))
  return ({ group }, of) => hidden.get(of)?.has(groupId(group)) ?? true
}

function idsHidden(
  facts: FairnessFacts,
  measures: readonly DisparityMeasure[],
  arm: Arm,
  of: DenominatorName,
  floor: number,
): ReadonlySet<string> {
  const all = facts.measured.flatMap((measured, index) => {
    const disparity = measured[arm]
    return disparity ? [listingOf(disparity, measures[index], of)] : []
  })
  const byColumns = Map.groupBy(all, ({ across }) => across.toSorted().join('\n'))
  const listings = [...byColumns.values()].map(together)
  return new Set(hiddenGroups(listings, floor).flatMap((ids) => [...ids]))
}

/** Rules across the same columns list the same groups; their pools and disparities add up. */
function together(listings: readonly Listing[]): Listing {
  const [first] = listings
  return {
    across: first?.across ?? [],
    groups: listings.find(({ groups }) => groups.length > 0)?.groups ?? [],
    pools: listings.flatMap(({ pools }) => pools),
    links: listings.flatMap(({ links }) => links),
  }
}

function listingOf(disparity: Disparity, measure: DisparityMeasure | undefined, of: DenominatorName): Listing {
  const own = disparity.groups.filter(({ group }) => !isPool(group))
  const members = own.filter(({ counted }) => !counted).map(({ group }) => group)
  const pools = disparity.groups.filter(({ group }) => isPool(group))
  return {
    across: Object.keys(own[0]?.group ?? {}),
    groups: own.map((group) => ({ group: group.group, size: sizeOf(group, of) })),
    pools: pools.map((pool) => ({ group: pool.group, size: sizeOf(pool, of), members })),
    links: denominatorsOf(measure).includes(of) ? linksOf(disparity) : [],
  }
}

/** With one rate and the disparity the other is known; against a privileged group that holds for every group. */
function linksOf({ estimate, between, by_group, groups }: Disparity): Listing['links'] {
  if (estimate.value === null) return []
  const others = new Set((by_group ?? []).map(({ group }) => groupId(group)))
  const privileged = by_group && groups.find(({ group, counted }) => counted && !others.has(groupId(group)))
  return [
    ...(between ? [between] : []),
    ...(privileged ? (by_group ?? []).map(({ group }) => [group, privileged.group] as const) : []),
  ]
}

/** How many of something a group has. */
export function sizeOf(group: GroupMeasured, of: DenominatorName): number {
  return (of === 'rows' ? group.rows : group.counts[of]) ?? 0
}

/** What the rates of a disparity are shares of; its rows in any case. */
export function denominatorsOf(measure: DisparityMeasure | undefined): readonly DenominatorName[] {
  const rates = measure === undefined ? [] : (findDisparity(measure.metric)?.rates ?? [])
  return [...new Set<DenominatorName>(['rows', ...rates.map((rate) => DENOMINATORS[rate])])]
}
