import { type RateName, rateOf, rateValue } from './group-rate.ts'
import type { GroupKey } from './group-rows.ts'
import type { GroupTally } from './group-tally.ts'
import { pooledTally } from './pooled-tally.ts'

/** fairlearn's numbers by its own names. */
export interface FairlearnNumbers {
  readonly demographic_parity_difference: number | null
  readonly demographic_parity_ratio: number | null
  readonly equal_opportunity_difference: number | null
  readonly equal_opportunity_ratio: number | null
  readonly equalized_odds_difference: number | null
  readonly equalized_odds_ratio: number | null
  /** agg="mean" */
  readonly equalized_odds_difference_mean: number | null
  readonly false_positive_rate_difference: number | null
}

/** AIF360's numbers by its own names, one group against the privileged one. */
export interface Aif360Numbers {
  readonly group: GroupKey
  readonly statistical_parity_difference: number | null
  readonly disparate_impact: number | null
  readonly equal_opportunity_difference: number | null
  readonly average_odds_difference: number | null
  readonly average_abs_odds_difference: number | null
  readonly equalized_odds_difference: number | null
  readonly predictive_parity_difference: number | null
  readonly error_rate_difference: number | null
  /** Inequality of benefits 1 + prediction - label among the rows of both groups; null where rows have weights. */
  readonly theil_index: number | null
}

/** One table of counts, as both libraries would read it. */
export interface FairnessDefinitions {
  readonly fairlearn: {
    /** Largest minus smallest group, smallest over largest. */
    readonly between_groups: FairlearnNumbers
    /** Furthest from all rows together, which hold the group. */
    readonly to_overall: FairlearnNumbers
  }
  /** null without a privileged group. */
  readonly aif360: readonly Aif360Numbers[] | null
}

/**
 * The same counts under the definitions of fairlearn and of AIF360, side by side.
 *
 * Every group takes part, however small: that is what both libraries do. A rate that is 0/0 has no value here, where
 * fairlearn takes it as 0; the numbers are then over the groups that have one.
 *
 * @param tallies     counts of every group
 * @param privileged  index of the privileged group; null: nothing of AIF360's
 * @see fairlearn.metrics; aif360.metrics.ClassificationMetric
 */
export function fairnessDefinitions(tallies: readonly GroupTally[], privileged: number | null): FairnessDefinitions {
  const rates = (name: RateName) => tallies.map((tally) => rateValue(rateOf(tally, name)))
  const overall = tallies.length === 0 ? null : pooledTally(tallies)
  const whole = (name: RateName) => overall && rateValue(rateOf(overall, name))
  return {
    fairlearn: {
      between_groups: fairlearn((name) => betweenGroups(rates(name))),
      to_overall: fairlearn((name) => toOverall(rates(name), whole(name))),
    },
    aif360:
      privileged === null
        ? null
        : tallies.flatMap((tally, index) => (index === privileged ? [] : [aif360(tally, tallies[privileged]!)])),
  }
}

interface Spread {
  readonly difference: number | null
  readonly ratio: number | null
}

const NONE: Spread = { difference: null, ratio: null }

function betweenGroups(rates: readonly (number | null)[]): Spread {
  const known = rates.filter((rate) => rate !== null)
  if (known.length < 2) return NONE
  const [low, high] = [Math.min(...known), Math.max(...known)]
  return { difference: high - low, ratio: high === 0 ? null : low / high }
}

function toOverall(rates: readonly (number | null)[], overall: number | null): Spread {
  const known = rates.filter((rate) => rate !== null)
  if (known.length < 2 || overall === null) return NONE
  const difference = Math.max(...known.map((rate) => Math.abs(rate - overall)))
  if (overall === 0) return { difference, ratio: null }
  const folded = known.map((rate) => Math.min(rate / overall, rate === 0 ? 0 : overall / rate))
  return { difference, ratio: Math.min(...folded) }
}

function fairlearn(spread: (name: RateName) => Spread): FairlearnNumbers {
  const [selected, found, alarmed] = [
    spread('selection_rate'),
    spread('true_positive_rate'),
    spread('false_positive_rate'),
  ]
  return {
    demographic_parity_difference: selected.difference,
    demographic_parity_ratio: selected.ratio,
    equal_opportunity_difference: found.difference,
    equal_opportunity_ratio: found.ratio,
    equalized_odds_difference: both(found.difference, alarmed.difference, Math.max),
    equalized_odds_ratio: both(found.ratio, alarmed.ratio, Math.min),
    equalized_odds_difference_mean: both(found.difference, alarmed.difference, (a, b) => (a + b) / 2),
    false_positive_rate_difference: alarmed.difference,
  }
}

function both(a: number | null, b: number | null, of: (a: number, b: number) => number): number | null {
  return a === null || b === null ? null : of(a, b)
}

function aif360(tally: GroupTally, privileged: GroupTally): Aif360Numbers {
  const pair = (name: RateName) => [rateValue(rateOf(tally, name)), rateValue(rateOf(privileged, name))] as const
  const gap = (name: RateName) => both(...pair(name), (a, b) => a - b)
  const [found, alarmed] = [gap('true_positive_rate'), gap('false_positive_rate')]
  const right = gap('accuracy')
  return {
    group: tally.group,
    statistical_parity_difference: gap('selection_rate'),
    disparate_impact: ratioOf(...pair('selection_rate')),
    equal_opportunity_difference: found,
    average_odds_difference: both(found, alarmed, (a, b) => (a + b) / 2),
    average_abs_odds_difference: both(found, alarmed, (a, b) => (Math.abs(a) + Math.abs(b)) / 2),
    equalized_odds_difference: both(found, alarmed, (a, b) => Math.max(Math.abs(a), Math.abs(b))),
    predictive_parity_difference: gap('precision'),
    error_rate_difference: right === null ? null : 0 - right,
    theil_index: tally.weights === undefined ? theilIndex(pooledTally([tally, privileged])) : null,
  }
}

function ratioOf(a: number | null, b: number | null): number | null {
  return a === null || b === null || b === 0 ? null : a / b
}

/** Mean of b/m ln(b/m) with b = 1 + prediction - label: 1 where right, 2 for a false alarm, 0 for a miss. */
function theilIndex(tally: GroupTally): number | null {
  const { rows, positives, true_positives, false_positives } = tally
  const right = rows - false_positives - (positives - true_positives)
  const mean = (right + 2 * false_positives) / rows
  if (!(mean > 0)) return null
  const part = (benefit: number, count: number) =>
    count === 0 ? 0 : count * (benefit / mean) * Math.log(benefit / mean)
  return (part(1, right) + part(2, false_positives)) / rows
}
