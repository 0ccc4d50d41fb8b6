import { compareAllPairs } from '../statistics/all-pairs.ts'
import type { DisparityDefinition } from '../statistics/disparities.ts'
import { type Rate, rateValue } from '../statistics/group-rate.ts'
import type { Grouping } from '../statistics/group-rows.ts'
import { momentsByGroup } from '../statistics/group-tally.ts'
import type { GapFairness } from './fairness-document.ts'
import { countUnits, drawUnits, FEWEST_UNITS, sumOnce, unitsOfRows } from './unit-draws.ts'

/** Rows in groups, with what makes them depend on each other or count differently. */
export interface GroupedRows {
  readonly grouping: Grouping
  readonly unit: Int32Array | null
  readonly weight: Float64Array | null
}

/** Mean of a number in each group, as a rate that has an interval: t, or percentiles of resampled units. */
export function meanRates({ grouping, unit, weight }: GroupedRows, of: (row: number) => number): readonly Rate[] {
  const { groups, indexOf } = grouping
  const moments = momentsByGroup(indexOf, groups.length, of)
  const weightOf = (row: number) => (weight === null ? 1 : weight[row]!)
  const put = (row: number, add: (slot: number, amount: number) => void) => {
    add(0, weightOf(row))
    add(1, weightOf(row) * of(row))
  }
  const once = weight === null ? null : sumOnce(grouping, 2, put)
  const isDrawn = (unit !== null && countUnits(unit) >= FEWEST_UNITS) || (unit === null && weight !== null)
  const stream = `units across ${Object.keys(groups[0] ?? {}).join(',')}`
  const draws = isDrawn ? drawUnits(grouping, unit ?? unitsOfRows(indexOf.length), 2, put, stream) : null
  return moments.map((own, group) => ({
    kind: 'mean',
    moments: own,
    count: own.rows,
    of: 'rows',
    ...(once && { weighted: once.of(group, 1)[0]! / once.of(group, 0)[0]! }),
    ...(draws && { draws: draws.of(group, 1).map((sum, draw) => sum / draws.of(group, 0)[draw]!) }),
  }))
}

const GAP: DisparityDefinition = {
  name: 'mean_difference',
  task: 'regression',
  better: 'zero',
  rates: ['mean_prediction'],
  of: 'one',
  gateable: false,
  about: 'Gap between the means of groups.',
}

/**
 * The widest gap between the means of groups, with an interval that knows of the search.
 *
 * @param counted  indexes of the groups that take part
 */
export function meanGap(
  rows: GroupedRows,
  rates: readonly Rate[],
  counted: readonly number[],
  confidence: number,
): GapFairness {
  const taking = counted.map((group) => rates[group]!)
  if (taking.length < 2 || taking.some((rate) => rateValue(rate) === null)) {
    const because = 'fewer than two groups have enough rows'
    return { value: null, interval: null, between: null, method: null, because }
  }
  const found = compareAllPairs(GAP, [taking], confidence)!
  const [a, b] = found.between.map((place) => rows.grouping.groups[counted[place]!]!)
  const known = { value: found.value, between: [a!, b!] as const }
  const isDrawn = taking[0]!.draws !== undefined
  if (rows.unit !== null && !isDrawn) {
    const because = `the rows belong to ${countUnits(rows.unit)} units; an interval needs ${FEWEST_UNITS}`
    return { ...known, interval: null, method: null, because }
  }
  const method = `all-pairs-${isDrawn ? (rows.unit === null ? 'bootstrap' : 'clustered') : 'welch'}`
  return { ...known, interval: found.interval, method }
}
