import { bootstrap, resamplesFor } from './bootstrap.ts'
import { groupList, isCounted, isGroup, pooledKey, splitBySize } from './counted-groups.ts'
import { type DisparityDefinition, disparityNamed } from './disparities.ts'
import { disparityValue } from './disparity-value.ts'
import type { Estimate } from './estimate.ts'
import { folded } from './fold.ts'
import { rateOf } from './group-rate.ts'
import type { GroupKey } from './group-rows.ts'
import { type GroupCells, type GroupTally, tallyOf } from './group-tally.ts'
import type { DisparityOptions } from './measure-disparity.ts'
import { multinomial } from './multinomial.ts'
import { pcg32 } from './pcg32.ts'
import type { Resample } from './resample.ts'

const CELLS = 8

/**
 * How much wider (or closer to one) the candidate's disparity is than the incumbent's, on the same rows.
 *
 * Both are folded, |x| for differences and min(r, 1/r) for ratios, then candidate - incumbent. Percentile bootstrap:
 * rows are drawn anew within each group, so that group sizes stay, with both versions' predictions kept together.
 *
 * @param groups   rows of each group by label and both predictions
 * @param options  of the rule; groups count when they are large enough under both versions
 * @param redraw   resamples of units instead, where rows belong to units: fills in eight cells for each counted group
 * @returns value null, with `because`, when fewer than two groups count, a rate does not exist, or for regression
 * @throws {RangeError} when the metric is unknown
 * @example measureDisparityDifference([], { metric: 'disparate_impact', confidence: 0.9, min_rows: 30, small_groups: 'report' }).value // => null
 */
export function measureDisparityDifference(
  groups: readonly GroupCells[],
  options: DisparityOptions,
  redraw?: (counted: readonly GroupKey[]) => Resample,
): Estimate {
  const definition = disparityNamed(options.metric)
  const counted = definition.task === 'binary' ? largeUnderBoth(groups, definition, options) : []
  const rows = counted.reduce((sum, cells) => sum + rowsOf(cells), 0)
  const none = { value: null, interval: null, confidence: options.confidence, method: null, support: { rows } }
  if (definition.task !== 'binary') return { ...none, because: `${definition.name} is not compared row by row` }
  if (counted.length < 2) return { ...none, because: 'fewer than two groups are large enough under both versions' }
  const privileged = privilegedIndex(counted, options.privileged)
  if (privileged === null) {
    return {
      ...none,
      because: `the privileged group ${groupList([options.privileged!])} is not large enough, or not there`,
    }
  }
  const value = differenceOf(counted, definition, privileged)
  const weights = Float64Array.from(counted.flatMap(({ counts, weights: own }) => [...(own ?? counts)]))
  const measured = value(weights)
  if (measured === null) return { ...none, because: 'the disparity of a version is 0/0' }
  const resample =
    redraw?.(counted.map(({ group }) => group)) ??
    withinGroups(pcg32(0, streamOf(counted[0]!.group, definition)), counted)
  const terms = { rows: weights.length, resamples: resamplesFor(rows), confidence: options.confidence }
  const { interval, ...spread } = bootstrap({ value, resample, ...terms })
  if (interval === null) return { ...none, ...spread, value: measured }
  const around = [Math.min(interval[0], measured), Math.max(interval[1], measured)] as const
  return { ...none, ...spread, value: measured, interval: around, method: redraw ? 'bootstrap-clustered' : 'bootstrap' }
}

function largeUnderBoth(groups: readonly GroupCells[], { rates }: DisparityDefinition, options: DisparityOptions) {
  const isLargeUnder = (cells: GroupCells, version: 'incumbent' | 'candidate') =>
    isCounted(tallyOf(cells, version), rates, options.min_rows)
  return splitBySize({
    groups,
    isLarge: (cells) => isLargeUnder(cells, 'incumbent') && isLargeUnder(cells, 'candidate'),
    rowsOf,
    pooled: options.small_groups === 'pool' ? pooledCells : undefined,
  }).counted
}

function rowsOf({ counts }: GroupCells): number {
  return counts.reduce((sum, rows) => sum + rows, 0)
}

function privilegedIndex(counted: readonly GroupCells[], wanted: GroupKey | undefined): number | undefined | null {
  if (wanted === undefined) return undefined
  const index = counted.findIndex(({ group }) => isGroup(group, wanted))
  return index < 0 ? null : index
}

/** One stream of chance a metric and crossing. */
function streamOf(group: GroupKey, { name }: DisparityDefinition): string {
  return `${name} across ${Object.keys(group).join(',')}`
}

function withinGroups(generator: ReturnType<typeof pcg32>, groups: readonly GroupCells[]) {
  return (weights: Float64Array): void => {
    for (const [index, { counts }] of groups.entries()) {
      multinomial(generator, counts, weights.subarray(index * CELLS, (index + 1) * CELLS))
    }
  }
}

function differenceOf(groups: readonly GroupCells[], definition: DisparityDefinition, privileged: number | undefined) {
  return (weights: Float64Array): number | null => {
    const resampled = groups.map(({ group }, index) => ({
      group,
      counts: weights.subarray(index * CELLS, (index + 1) * CELLS),
    }))
    const sizeOf = (version: 'incumbent' | 'candidate') => {
      const tallies = resampled.map((cells) => tallyOf(cells, version))
      const value = disparityValue(definition, ratesOf(tallies, definition), privileged)
      return value === null ? null : folded(definition.better, value)
    }
    const [candidate, incumbent] = [sizeOf('candidate'), sizeOf('incumbent')]
    return candidate === null || incumbent === null ? null : candidate - incumbent
  }
}

function ratesOf(tallies: readonly GroupTally[], definition: DisparityDefinition) {
  return definition.rates.map((name) => tallies.map((tally) => rateOf(tally, name)))
}

function pooledCells(groups: readonly GroupCells[]): GroupCells {
  const summed = (of: (group: GroupCells) => Float64Array) =>
    new Float64Array(CELLS).map((_, cell) => groups.reduce((sum, group) => sum + of(group)[cell]!, 0))
  const counts = summed((group) => group.counts)
  const isWeighted = groups[0]!.weights !== undefined
  const weights = isWeighted && { weights: summed((group) => group.weights ?? group.counts) }
  return { group: pooledKey(groups[0]!.group), counts, ...weights }
}
