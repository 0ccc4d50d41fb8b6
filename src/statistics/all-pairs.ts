import type { DisparityDefinition } from './disparities.ts'
import type { Interval } from './estimate.ts'
import { gapInterval, type Rate, rateValue } from './group-rate.ts'
import { moverR } from './mover-r.ts'
import { percentileInterval } from './percentile-interval.ts'

/** A disparity over groups, by index of the group. */
export interface Comparison {
  readonly value: number
  readonly interval: Interval | null
  /** The groups whose rates make the value, larger rate first. */
  readonly between: readonly [number, number]
  /** The groups, and the rate, that keep the rule from passing: where the interval's worse end comes from. */
  readonly binding: { readonly rate: number; readonly pair: readonly [number, number] }
}

/**
 * The disparity between the extreme groups, with an interval that knows that they were searched for.
 *
 * A rule passes only if every ordered pair does, so the worse end is the worst of the pairs' ends at
 * alpha = (1 - confidence) / 2, without correction (Berger 1982); the better end takes Bonferroni over all pairs
 * and rates. Intervals of a pair are Newcombe's, Welch's (means) or MOVER-R (ratio).
 *
 * @param rates       [rate][group], two or more groups whose rates exist
 * @param confidence  two-sided level, 0 to 1
 * @returns null when the ratio does not exist, since every rate is 0
 */
export function compareAllPairs(
  definition: DisparityDefinition,
  rates: readonly (readonly Rate[])[],
  confidence: number,
): Comparison | null {
  const alpha = (1 - confidence) / 2
  if (definition.better === 'one') return smallestRatio(rates[0]!, alpha)
  if (definition.of === 'one') return widestGap(rates[0]!, 0, alpha, 1)
  if (definition.of === 'worst')
    return worstOf(rates.map((groups, rate) => widestGap(groups, rate, alpha, rates.length)))
  return meanOf(rates.map((groups, rate) => widestGap(groups, rate, alpha / 2, 1)))
}

type Gap = Comparison & { readonly interval: Interval }

function worstOf(gaps: readonly Gap[]): Gap {
  const widest = gaps.reduce((a, b) => (b.value > a.value ? b : a))
  const highest = gaps.reduce((a, b) => (b.interval[1] > a.interval[1] ? b : a))
  const low = Math.max(...gaps.map(({ interval }) => interval[0]))
  return { ...widest, interval: [low, highest.interval[1]], binding: highest.binding }
}

function meanOf(gaps: readonly Gap[]): Gap {
  const mean = (of: (gap: Gap) => number) => gaps.reduce((sum, gap) => sum + of(gap), 0) / gaps.length
  const widest = gaps.reduce((a, b) => (b.value > a.value ? b : a))
  const highest = gaps.reduce((a, b) => (b.interval[1] > a.interval[1] ? b : a))
  const interval = [mean((gap) => gap.interval[0]), mean((gap) => gap.interval[1])] as const
  return { value: mean((gap) => gap.value), interval, between: widest.between, binding: highest.binding }
}

function widestGap(groups: readonly Rate[], rate: number, alpha: number, rates: number): Gap {
  const corrected = alpha / (groups.length * (groups.length - 1) * rates)
  const { largest, smallest } = extremes(groups)
  const between = [largest, smallest] as const
  const value = rateValue(groups[largest]!)! - rateValue(groups[smallest]!)!
  let low = 0
  let high = value
  let pair: readonly [number, number] = between
  for (let i = 0; i < groups.length; i++) {
    for (let j = i + 1; j < groups.length; j++) {
      const [below, above] = gapInterval(groups[i]!, groups[j]!, 1 - 2 * alpha)
      const reach = Math.max(above, -below)
      if (reach > high) {
        high = reach
        pair = above >= -below ? [i, j] : [j, i]
      }
      const [lower, upper] = gapInterval(groups[i]!, groups[j]!, 1 - 2 * corrected)
      low = Math.max(low, lower, -upper)
    }
  }
  return { value, interval: [Math.min(low, value), high], between, binding: { rate, pair } }
}

function smallestRatio(groups: readonly Rate[], alpha: number): Comparison | null {
  const { largest, smallest } = extremes(groups)
  const top = rateValue(groups[largest]!)!
  if (top === 0) return null
  const corrected = alpha / (groups.length * (groups.length - 1))
  const value = rateValue(groups[smallest]!)! / top
  let [low, high] = [value, 1]
  let pair: readonly [number, number] = [smallest, largest]
  for (const [i, above] of groups.entries()) {
    for (const [j, below] of groups.entries()) {
      if (i === j) continue
      const [worst] = ratioInterval(above, below, 1 - 2 * alpha)
      if (worst < low) {
        low = worst
        pair = [i, j]
      }
      high = Math.min(high, ratioInterval(above, below, 1 - 2 * corrected)[1] ?? 1)
    }
  }
  const binding = { rate: 0, pair: [pair[1], pair[0]] as const }
  return { value, interval: [low, Math.max(high, value)], between: [largest, smallest], binding }
}

/** MOVER-R of two shares, or percentiles of their resampled ratio. */
export function ratioInterval(a: Rate, b: Rate, confidence: number): readonly [low: number, high: number | null] {
  if (a.draws && b.draws) {
    const { draws } = b
    const ratios = a.draws.map((rate, draw) => (draws[draw] === 0 ? Number.NaN : rate / draws[draw]!))
    return percentileInterval(ratios, confidence) ?? [0, null]
  }
  if (a.kind !== 'share' || b.kind !== 'share') throw new RangeError('only shares have a ratio here')
  return moverR(a.hits, a.count, b.hits, b.count, confidence)
}

/** The first group with the largest rate and another one with the smallest. */
function extremes(groups: readonly Rate[]): { readonly largest: number; readonly smallest: number } {
  const values = groups.map((rate) => rateValue(rate)!)
  const largest = values.indexOf(Math.max(...values))
  return { largest, smallest: values.lastIndexOf(Math.min(...values)) }
}
