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
import { countUnits, drawUnits, FEWEST_UNITS, sumOnce, type UnitDraws, unitsOfRows } from './unit-draws.ts'

/** More than this share of resamples without a rate, and there is no interval. */
const MOST_UNDEFINED = 0.01

/** Rows that belong to units, or count by weight, in groups; every array has a row each. */
export interface ClusteredRows {
  readonly grouping: Grouping
  /** null: each row is a unit of its own. */
  readonly unit: Int32Array | null
  /** 0 or more; null: rows count alike. */
  readonly weight?: Float64Array | null
  readonly label: Float64Array
  readonly prediction: Float64Array
}

/** The tallies of all groups with what each resample of units makes of them. */
export interface DrawnTallies {
  readonly tallies: readonly GroupTally[]
  readonly units: number
  readonly byUnit: boolean
}

/**
 * One disparity where rows of a unit belong together: the same numbers, with intervals from resamples of whole units.
 *
 * Pairs of groups are combined as among independent rows; only the interval of a pair is the percentile one of its
 * resampled difference, or ratio. `method` ends in `-clustered`; in `-bootstrap` where rows have weights and no units.
 *
 * @returns intervals null, with `because`, below 20 units, or when a rate is 0/0 in more than 1 % of the resamples
 */
export function measureClusteredDisparity(rows: ClusteredRows, options: DisparityOptions): Disparity {
  return measureDrawnDisparity(drawTallies(rows, disparityNamed(options.metric).task), options)
}

/** One disparity out of tallies that were drawn once for all of them. */
export function measureDrawnDisparity({ tallies, units, byUnit }: DrawnTallies, options: DisparityOptions): Disparity {
  if (units < FEWEST_UNITS) return withoutIntervals(measureDisparity(tallies, options), tooFew(units))
  const measured = named(measureDisparity(tallies, options), byUnit)
  const why = undefinedRate(tallies, measured, options)
  return why === null ? measured : withoutIntervals(measured, why)
}

/**
 * Counts, or sums of weights, of every group, and the same in each resample of units.
 *
 * @param task  decides what is summed: cells of label and prediction, or predictions and errors
 */
export function drawTallies(rows: ClusteredRows, task: 'binary' | 'regression'): DrawnTallies {
  const isRegression = task === 'regression'
  const tallies = (isRegression ? tallyRegression : tallyGroups)(rows.grouping, rows.label, rows.prediction)
  const unit = rows.unit ?? unitsOfRows(rows.label.length)
  const weight = rows.weight ?? null
  const summed = { ...rows, unit, weight }
  const units = rows.unit === null ? rows.label.length : countUnits(summed.unit)
  const sums = isRegression ? regressionSums : binarySums
  const weights = weight === null ? null : sums(summed, tallies.length, 'once')
  const draws = units < FEWEST_UNITS ? null : sums(summed, tallies.length, 'resampled')
  return {
    tallies: tallies.map((tally, group) => ({
      ...tally,
      ...(weights && { weights: weights[group]! }),
      ...(draws && { draws: draws[group]! }),
    })),
    units,
    byUnit: rows.unit !== null,
  }
}

function named(measured: Disparity, byUnit: boolean): Disparity {
  const { estimate } = measured
  if (byUnit || estimate.method === null) return measured
  return { ...measured, estimate: { ...estimate, method: estimate.method.replace(/clustered$/, 'bootstrap') } }
}

/** How much the candidate's disparity exceeds the incumbent's, from the same resamples of units for both. */
export function measureClusteredDifference(
  rows: ClusteredRows,
  incumbent: Float64Array,
  options: DisparityOptions,
): Estimate {
  const { grouping, label, prediction } = rows
  const unit = rows.unit ?? unitsOfRows(label.length)
  const weight = rows.weight ?? null
  const put: Put = (row, add) =>
    add(label[row]! * 4 + incumbent[row]! * 2 + prediction[row]!, weight === null ? 1 : weight[row]!)
  const cells = cellsByGroup(grouping, label, incumbent, prediction).map((one, group) =>
    weight === null ? one : { ...one, weights: weightsOf(grouping, put, group) },
  )
  const units = countUnits(unit)
  const draws = drawUnits(grouping, unit, CELLS, put, streamOf(grouping))
  const measured = measureDisparityDifference(cells, options, (counted) => redrawn(draws, grouping, counted))
  const isByRow = rows.unit === null && measured.method !== null
  if (units >= FEWEST_UNITS || measured.value === null) return isByRow ? { ...measured, method: 'bootstrap' } : measured
  return { ...measured, interval: null, method: null, se: null, p_value: null, because: tooFew(units) }
}

const CELLS = 8

function weightsOf(grouping: Grouping, put: Put, group: number): Float64Array {
  const sums = sumOnce(grouping, CELLS, put)
  return new Float64Array(CELLS).map((_, cell) => sums.of(group, cell)[0]!)
}

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

interface Summed extends ClusteredRows {
  readonly unit: Int32Array
  readonly weight: Float64Array | null
}

/** Sums over all rows, or over those of each resample. */
type Times = 'once' | 'resampled'
type Put = (row: number, add: (slot: number, amount: number) => void) => void

function sumsOf({ grouping, unit }: Summed, slots: number, put: Put, times: Times): UnitDraws {
  return times === 'once' ? sumOnce(grouping, slots, put) : drawUnits(grouping, unit, slots, put, streamOf(grouping))
}

function binarySums(rows: Summed, groups: number, times: Times): readonly TallyDraws[] {
  const { weight, label, prediction } = rows
  const put: Put = (row, add) => add(label[row]! * 2 + prediction[row]!, weight === null ? 1 : weight[row]!)
  const draws = sumsOf(rows, 4, put, times)
  return Array.from({ length: groups }, (_, group) => {
    const [no, false_positives, missed, true_positives] = [0, 1, 2, 3].map((cell) => draws.of(group, cell))
    const positives = sum(missed!, true_positives!)
    const negatives = sum(no!, false_positives!)
    return {
      rows: sum(positives, negatives),
      positives,
      negatives,
      predicted_positives: sum(true_positives!, false_positives!),
      true_positives: true_positives!,
      false_positives: false_positives!,
    }
  })
}

function regressionSums(rows: Summed, groups: number, times: Times): readonly TallyDraws[] {
  const { weight, label, prediction } = rows
  const put: Put = (row, add) => {
    const amount = weight === null ? 1 : weight[row]!
    add(0, amount)
    add(1, amount * prediction[row]!)
    add(2, amount * Math.abs(prediction[row]! - label[row]!))
    add(3, amount * (prediction[row]! - label[row]!))
  }
  const draws = sumsOf(rows, 4, put, times)
  return Array.from({ length: groups }, (_, group) => {
    const none = draws.of(group, 0).map(() => 0)
    const counts = { positives: none, negatives: none, predicted_positives: none }
    const cells = { true_positives: none, false_positives: none }
    const means = { prediction: draws.of(group, 1), absolute_error: draws.of(group, 2), error: draws.of(group, 3) }
    return { rows: draws.of(group, 0), ...counts, ...cells, ...means }
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
