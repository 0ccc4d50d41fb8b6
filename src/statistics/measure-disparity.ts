import { type Comparison, compareAllPairs } from './all-pairs.ts'
import { groupList, isCounted, isGroup, type SmallGroups, splitBySize } from './counted-groups.ts'
import { type DisparityDefinition, disparityNamed } from './disparities.ts'
import type { Disparity } from './disparity.ts'
import type { Estimate, Interval, Support } from './estimate.ts'
import { groupMeasured } from './group-measured.ts'
import { DENOMINATORS, type Rate, rateOf, rateValue } from './group-rate.ts'
import type { GroupKey } from './group-rows.ts'
import type { GroupTally } from './group-tally.ts'
import { criticalZ } from './normal.ts'
import { pooledTally } from './pooled-tally.ts'
import { compareToPrivileged } from './to-privileged.ts'

export interface DisparityOptions {
  /** Name of a disparity. */
  readonly metric: string
  /** Two-sided level of all intervals, 0 to 1. */
  readonly confidence: number
  /** Smallest denominator of each rate with which a group counts. */
  readonly min_rows: number
  readonly small_groups: SmallGroups
  /** A value of each column: AIF360's signed definitions against that group. Without it fairlearn's, over all groups. */
  readonly privileged?: GroupKey
}

/** Pairs grow with the square of the groups; more than this many is a column that should not be one. */
const MOST_GROUPS = 200

/**
 * One disparity over groups, with an interval that holds although the extreme groups were searched for.
 *
 * Groups with too few rows, positives, negatives or predicted positives for the rates of this disparity are left
 * out, or pooled. `uncounted` says how many rows that leaves out; whether that may pass is the gate's affair.
 *
 * @param tallies  counts of every group, the missing value's too
 * @returns value null, with `because`, when fewer than two groups count or no rate exists
 * @throws {RangeError} when the metric is unknown, or the confidence not between 0 and 1
 * @example measureDisparity([], { metric: 'disparate_impact', confidence: 0.9, min_rows: 30, small_groups: 'report' }).estimate.value // => null
 */
export function measureDisparity(tallies: readonly GroupTally[], options: DisparityOptions): Disparity {
  const definition = disparityNamed(options.metric)
  criticalZ(options.confidence)
  const { counted, small, pool, uncounted } = splitBySize({
    groups: tallies,
    isLarge: (tally) => isCounted(tally, definition.rates, options.min_rows),
    rowsOf: (tally) => tally.rows,
    pooled: options.small_groups === 'pool' ? pooledTally : undefined,
  })
  const isPooled = pool !== null && counted.includes(pool)
  const groups = (isPooled ? [...tallies, pool] : tallies).map((tally) =>
    groupMeasured(tally, counted.includes(tally), definition.task, options.confidence),
  )
  const warnings = warningsOn(definition, small, isPooled)
  const asked = { definition, options, counted, warnings }
  return { ...compared(asked), groups, uncounted }
}

interface Asked {
  readonly definition: DisparityDefinition
  readonly options: DisparityOptions
  readonly counted: readonly GroupTally[]
  readonly warnings: Warnings
}
type Warnings = NonNullable<Estimate['warnings']>
type Compared = Pick<Disparity, 'estimate' | 'between' | 'by_group' | 'binding'>

function compared(asked: Asked): Compared {
  const { definition, options, counted } = asked
  if (counted.length < 2) {
    return nothing(
      asked,
      `${counted.length} group${counted.length === 1 ? ' has' : 's have'} ${enough(asked)}; two are needed`,
    )
  }
  if (counted.length > MOST_GROUPS) return nothing(asked, `${counted.length} groups are more than ${MOST_GROUPS}`)
  const rates = definition.rates.map((name) => counted.map((tally) => rateOf(tally, name)))
  if (options.privileged !== undefined) return againstPrivileged(asked, rates, options.privileged)
  const comparison = compareAllPairs(definition, rates, options.confidence)
  if (comparison === null) return nothing(asked, 'no group has a predicted positive: the ratio is 0/0')
  return finished(asked, rates, comparison)
}

function againstPrivileged(asked: Asked, rates: readonly (readonly Rate[])[], wanted: GroupKey): Compared {
  const { definition, options, counted } = asked
  const index = counted.findIndex(({ group }) => isGroup(group, wanted))
  if (index < 0)
    return nothing(asked, `the privileged group ${groupList([wanted])} is not among those with ${enough(asked)}`)
  const against = compareToPrivileged(definition, rates, index, options.confidence)
  if (against === null) return nothing(asked, 'the privileged group has no predicted positive: there is no ratio to it')
  const by_group = against.groups.map(({ index: at, value, interval, corrected }) => ({
    group: counted[at]!.group,
    value,
    interval,
    corrected,
  }))
  return { ...finished(asked, rates, against.comparison), by_group }
}

function nothing({ options, counted, warnings }: Asked, because: string): Compared {
  const { confidence } = options
  const estimate = {
    value: null,
    interval: null,
    confidence,
    method: null,
    support: supportOf(counted),
    because,
    warnings,
  }
  return { estimate, between: null, binding: null }
}

function finished(asked: Asked, rates: readonly (readonly Rate[])[], comparison: Comparison): Compared {
  const { definition, options, counted, warnings } = asked
  const { value, interval, between, binding } = comparison
  const [large, other] = binding.pair.map((group) => rates[binding.rate]![group]!)
  const method = `${options.privileged ? 'privileged' : 'all-pairs'}-${large!.draws ? 'clustered' : methodOf(definition)}`
  const estimate = {
    value,
    interval,
    confidence: options.confidence,
    method,
    support: supportOf(counted),
    se: errorOf(definition, value, interval, options.confidence),
    warnings,
  }
  return {
    estimate,
    between: [counted[between[0]]!.group, counted[between[1]]!.group],
    binding: { of: large!.of, count: Math.min(large!.count, other!.count) },
  }
}

function methodOf({ better, task }: DisparityDefinition): string {
  if (task === 'regression') return 'welch'
  return better === 'one' ? 'mover-r' : 'newcombe'
}

/** The standard error that a normal interval with this worse end would have: what more rows have to shrink. */
function errorOf({ better }: DisparityDefinition, value: number, interval: Interval | null, confidence: number) {
  if (interval === null) return null
  const isLow = better === 'one' ? value <= 1 : value < 0
  return Math.abs(isLow ? value - interval[0] : interval[1] - value) / criticalZ(confidence)
}

function enough({ definition, options }: Asked): string {
  const denominators = definition.rates.map((name) => DENOMINATORS[name].replace('_', ' '))
  return `${options.min_rows} or more ${denominators.join(' and ')}`
}

function supportOf(tallies: readonly GroupTally[]): Support {
  const { rows, positives, negatives, predicted_positives, prediction } = pooledTally(tallies)
  return prediction === undefined ? { rows, positives, negatives, predicted_positives } : { rows }
}

function warningsOn({ rates }: DisparityDefinition, small: readonly GroupTally[], isPooled: boolean): Warnings {
  const hasNoRate = (tally: GroupTally) => rates.some((name) => rateValue(rateOf(tally, name)) === null)
  const undefinedGroups = small.filter(hasNoRate)
  const tooSmall = small.filter((tally) => !hasNoRate(tally))
  const action = isPooled ? 'pooled' : 'left out'
  const warning = (code: string, groups: readonly GroupTally[], why: string) =>
    groups.length === 0 ? [] : [{ code, message: `${action}, ${why}: ${groupList(groups.map(({ group }) => group))}` }]
  return [
    ...warning('small-groups', tooSmall, 'since too small'),
    ...warning('undefined-rates', undefinedGroups, 'since a rate is 0/0'),
  ]
}
