import { type Comparison, ratioInterval } from './all-pairs.ts'
import type { DisparityDefinition } from './disparities.ts'
import { pairValue } from './disparity-value.ts'
import type { Interval } from './estimate.ts'
import { folded, sizeInterval } from './fold.ts'
import { gapInterval, type Rate, rateValue } from './group-rate.ts'

/** One group against the privileged one. */
export interface AgainstPrivileged {
  /** Index of the group. */
  readonly index: number
  /** Signed difference (group - privileged) or ratio (group / privileged). */
  readonly value: number
  /** At the level asked for: a rule passes when this lies inside for every group. */
  readonly interval: Interval
  /** At the level corrected for the number of groups: a rule fails when this lies outside for any group. */
  readonly corrected: Interval
}

/**
 * Every group against a privileged one, as AIF360 defines it, and the worst of them as the disparity.
 *
 * Differences fold all groups into one interval: its far end is the worst of the groups' ends (intersection-union),
 * its near end the largest of the groups' ends under Bonferroni. A ratio has two sides, so its interval spans all
 * groups' intervals: sound for passing; what fails among three groups and more, `corrected` shows group by group.
 *
 * @param rates       [rate][group], rates that exist
 * @param privileged  index of the privileged group
 * @param confidence  two-sided level, 0 to 1
 * @returns null when the ratio does not exist, since the privileged group's rate is 0
 */
export function compareToPrivileged(
  definition: DisparityDefinition,
  rates: readonly (readonly Rate[])[],
  privileged: number,
  confidence: number,
): { readonly comparison: Comparison; readonly groups: readonly AgainstPrivileged[] } | null {
  if (definition.better === 'one' && rateValue(rates[0]![privileged]!) === 0) return null
  const alpha = (1 - confidence) / 2
  const values = rates.map((groups) => groups.map((rate) => rateValue(rate)!))
  const others = rates[0]!.flatMap((_, index) => (index === privileged ? [] : [index]))
  const groups = others.map((index): AgainstPrivileged => {
    const pairs = rates.map((rate) => [rate[index]!, rate[privileged]!] as const)
    const interval = pairInterval(definition, pairs, alpha)
    const corrected = pairInterval(definition, pairs, alpha / others.length)
    return { index, value: pairValue(definition, values, index, privileged), interval, corrected }
  })
  return { comparison: worstGroup(definition, groups, rates, privileged), groups }
}

type Pair = readonly [group: Rate, privileged: Rate]

/** Two rates share the level: the near end of the worse of both, and each end of a mean, take half of alpha. */
function pairInterval(definition: DisparityDefinition, pairs: readonly Pair[], alpha: number): Interval {
  const { of, better } = definition
  const [first] = pairs
  if (better === 'one') {
    const [low, high] = ratioInterval(...first!, 1 - 2 * alpha)
    return [low, high!]
  }
  if (of === 'one') return gapInterval(...first!, 1 - 2 * alpha)
  const at = (level: number) => pairs.map((pair) => gapInterval(...pair, 1 - 2 * level))
  const halved = at(alpha / pairs.length)
  if (of === 'signed-mean') return meanEnds(halved)
  if (of === 'mean') return meanEnds(halved.map(sizeInterval))
  const near = Math.max(...halved.map((interval) => sizeInterval(interval)[0]))
  return [near, Math.max(...at(alpha).map((interval) => sizeInterval(interval)[1]))]
}

function meanEnds(intervals: readonly Interval[]): Interval {
  const mean = (end: 0 | 1) => intervals.reduce((sum, interval) => sum + interval[end], 0) / intervals.length
  return [mean(0), mean(1)]
}

function worstGroup(
  definition: DisparityDefinition,
  groups: readonly AgainstPrivileged[],
  rates: readonly (readonly Rate[])[],
  privileged: number,
): Comparison {
  const { better } = definition
  const badness = (value: number) => (better === 'zero' ? folded(better, value) : -folded(better, value))
  const worst = groups.reduce((a, b) => (badness(b.value) > badness(a.value) ? b : a))
  const farEnd = ({ interval }: AgainstPrivileged) => Math.max(...interval.map(badness))
  const binding = groups.reduce((a, b) => (farEnd(b) > farEnd(a) ? b : a))
  return {
    value: worst.value,
    interval: better === 'zero' ? foldedSpan(worst.value, groups) : span(groups),
    between: ordered(widestRate(rates, worst.index, privileged), worst.index, privileged),
    binding: { rate: widestRateIndex(rates, binding.index, privileged), pair: [binding.index, privileged] },
  }
}

/** On the side of the worst group where all agree that there is a gap; around 0 otherwise. */
function foldedSpan(value: number, groups: readonly AgainstPrivileged[]): Interval {
  const near = Math.max(...groups.map(({ corrected }) => sizeInterval(corrected)[0]))
  const [low, high] = span(groups)
  if (near === 0) return [Math.min(0, low), Math.max(0, high)]
  const far = Math.max(...groups.map(({ interval }) => sizeInterval(interval)[1]))
  return value < 0 ? [-far, -near] : [near, far]
}

function span(groups: readonly AgainstPrivileged[]): Interval {
  return [Math.min(...groups.map((g) => g.interval[0])), Math.max(...groups.map((g) => g.interval[1]))]
}

function widestRateIndex(rates: readonly (readonly Rate[])[], group: number, privileged: number): number {
  const sizes = rates.map((rate) => Math.abs(rateValue(rate[group]!)! - rateValue(rate[privileged]!)!))
  return sizes.indexOf(Math.max(...sizes))
}

function widestRate(rates: readonly (readonly Rate[])[], group: number, privileged: number): readonly Rate[] {
  return rates[widestRateIndex(rates, group, privileged)]!
}

function ordered(rate: readonly Rate[], a: number, b: number): readonly [number, number] {
  return rateValue(rate[a]!)! >= rateValue(rate[b]!)! ? [a, b] : [b, a]
}
