import { pooledKey } from '../statistics/counted-groups.ts'
import { disparityNamed } from '../statistics/disparities.ts'
import type { Disparity } from '../statistics/disparity.ts'
import { measureDisparityDifference } from '../statistics/disparity-difference.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { rateOf } from '../statistics/group-rate.ts'
import { type Grouping, type GroupKey, groupText } from '../statistics/group-rows.ts'
import {
  cellsByGroup,
  type GroupTally,
  type TallyDraws,
  tallyGroups,
  tallyRegression,
} from '../statistics/group-tally.ts'
import { type DisparityOptions, measureDisparity } from '../statistics/measure-disparity.ts'
import type { Resample } from '../statistics/resample.ts'
import { countUnits, drawUnits, FEWEST_UNITS, type UnitDraws } from './unit-draws.ts'

/** More than this share of resamples without a rate, and there is no interval. */
const MOST_UNDEFINED = 0.01

/** Rows that belong to units, in groups; every array has a row each. */
export interface ClusteredRows {
  readonly grouping: Grouping
  readonly unit: Int32Array
  readonly label: Float64Array
  readonly prediction: Float64Array
}

/**
 * One disparity where rows of a unit belong together: the same numbers, with intervals from resamples of whole units.
 *
 * Pairs of groups are combined as among independent rows; only the interval of a pair is the percentile one of its
 * resampled difference, or ratio. `method` ends in `-clustered`.
 *
 * @returns intervals null, with `because`, below 20 units, or when a rate is 0/0 in more than 1 % of the resamples
 */
export function measureClusteredDisparity(rows: ClusteredRows, options: DisparityOptions): Disparity {
  const isRegression = disparityNamed(options.metric).task === 'regression'
  const tallies = (isRegression ? tallyRegression : tallyGroups)(rows.grouping, rows.label, rows.prediction)
  const units = countUnits(rows.unit)
  if (units < FEWEST_UNITS) return withoutIntervals(measureDisparity(tallies, options), tooFew(units))
  const drawn = isRegression ? regressionDraws(rows, tallies) : binaryDraws(rows, tallies)
  const measured = measureDisparity(drawn, options)
  const why = undefinedRate(drawn, measured, options)
  return why === null ? measured : withoutIntervals(measured, why)
}

/** How much the candidate's disparity exceeds the incumbent's, from the same resamples of units for both. */
export function measureClusteredDifference(
  rows: ClusteredRows,
  incumbent: Float64Array,
  options: DisparityOptions,
): Estimate {
  const { grouping, unit, label, prediction } = rows
  const cells = cellsByGroup(grouping, label, incumbent, prediction)
  const units = countUnits(unit)
  const draws = drawUnits(
    grouping,
    unit,
    CELLS,
    (row, add) => add(label[row]! * 4 + incumbent[row]! * 2 + prediction[row]!, 1),
    streamOf(grouping),
  )
  const measured = measureDisparityDifference(cells, options, (counted) => redrawn(draws, grouping, counted))
  if (units >= FEWEST_UNITS || measured.value === null) return measured
  return { ...measured, interval: null, method: null, se: null, p_value: null, because: tooFew(units) }
}

const CELLS = 8

/** Fills in the cells of the counted groups, draw by draw; what is in none of them is in the pool, if there is one. */
function redrawn(draws: UnitDraws, { groups }: Grouping, counted: readonly GroupKey[]): Resample {
  const places = new Map(counted.map((group, place) => [groupText(group), place]))
  const pool = groups[0] === undefined ? undefined : places.get(groupText(pooledKey(groups[0])))
  let draw = 0
  return (weights) => {
    weights.fill(0)
    for (const [group, key] of groups.entries()) {
      const place = places.get(groupText(key)) ?? pool
      if (place === undefined) continue
      for (let cell = 0; cell < CELLS; cell++) weights[place * CELLS + cell]! += draws.of(group, cell)[draw]!
    }
    draw = (draw + 1) % draws.resamples
  }
}

function binaryDraws(rows: ClusteredRows, tallies: readonly GroupTally[]): readonly GroupTally[] {
  const { grouping, unit, label, prediction } = rows
  const put = (row: number, add: (slot: number, amount: number) => void) => add(label[row]! * 2 + prediction[row]!, 1)
  const draws = drawUnits(grouping, unit, 4, put, streamOf(grouping))
  return tallies.map((tally, group) => {
    const [no, false_positives, missed, true_positives] = [0, 1, 2, 3].map((cell) => draws.of(group, cell))
    const positives = sum(missed!, true_positives!)
    const negatives = sum(no!, false_positives!)
    const counts: TallyDraws = {
      rows: sum(positives, negatives),
      positives,
      negatives,
      predicted_positives: sum(true_positives!, false_positives!),
      true_positives: true_positives!,
      false_positives: false_positives!,
    }
    return { ...tally, draws: counts }
  })
}

function regressionDraws(rows: ClusteredRows, tallies: readonly GroupTally[]): readonly GroupTally[] {
  const { grouping, unit, label, prediction } = rows
  const put = (row: number, add: (slot: number, amount: number) => void) => {
    add(0, 1)
    add(1, prediction[row]!)
    add(2, Math.abs(prediction[row]! - label[row]!))
  }
  const draws = drawUnits(grouping, unit, 3, put, streamOf(grouping))
  return tallies.map((tally, group) => {
    const count = draws.of(group, 0)
    const none = count.map(() => 0)
    const nothing = {
      positives: none,
      negatives: none,
      predicted_positives: none,
      true_positives: none,
      false_positives: none,
    }
    return {
      ...tally,
      draws: { rows: count, ...nothing, prediction: draws.of(group, 1), absolute_error: draws.of(group, 2) },
    }
  })
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, draw) => value + b[draw]!)
}

/** One stream of chance a crossing, so that candidate and incumbent meet the same resamples. */
function streamOf({ groups }: Grouping): string {
  return `units across ${Object.keys(groups[0] ?? {}).join(',')}`
}

function tooFew(units: number): string {
  return `the rows belong to ${units} units; an interval needs ${FEWEST_UNITS}`
}

/** Why resamples cannot show the spread: a group so bound to few units that some resamples hold none of it. */
function undefinedRate(
  tallies: readonly GroupTally[],
  { groups }: Disparity,
  { metric }: DisparityOptions,
): string | null {
  const counted = tallies.filter((tally) => groups.some((one) => one.counted && one.group === tally.group))
  for (const name of disparityNamed(metric).rates)
    for (const tally of counted) {
      const draws = rateOf(tally, name).draws ?? new Float64Array()
      const missing = draws.reduce((count, rate) => count + (Number.isNaN(rate) ? 1 : 0), 0)
      if (missing > MOST_UNDEFINED * draws.length)
        return `${groupText(tally.group)} stands in so few units that ${missing} of ${draws.length} resamples hold none of its ${name.replaceAll('_', ' ')}`
    }
  return null
}

function withoutIntervals(measured: Disparity, because: string): Disparity {
  const { estimate, groups } = measured
  const known = { ...estimate, interval: null, method: null, se: null }
  return {
    ...measured,
    estimate: estimate.value === null ? estimate : { ...known, because },
    groups: groups.map((group) => ({
      ...group,
      intervals: Object.fromEntries(Object.keys(group.intervals).map((name) => [name, null])),
    })),
    ...(measured.by_group && { by_group: [] }),
  }
}
