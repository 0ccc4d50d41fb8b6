import type { DisparityDefinition } from './disparities.ts'
import { folded } from './fold.ts'
import { type Rate, rateValue } from './group-rate.ts'

/**
 * The disparity itself, without an interval.
 *
 * Without a privileged group largest minus smallest, or smallest over largest; with one the worst group's
 * signed difference from it, or ratio to it.
 *
 * @param rates       [rate][group]
 * @param privileged  index of the privileged group
 * @returns null where a rate or a ratio does not exist
 */
export function disparityValue(
  definition: DisparityDefinition,
  rates: readonly (readonly Rate[])[],
  privileged?: number,
): number | null {
  const values = rates.map((groups) => groups.map(rateValue))
  if (values.some((groups) => groups.includes(null))) return null
  const known = values as readonly (readonly number[])[]
  return privileged === undefined ? overall(definition, known) : worst(definition, known, privileged)
}

function overall(definition: DisparityDefinition, values: readonly (readonly number[])[]): number | null {
  const ends = values.map((groups) => [Math.min(...groups), Math.max(...groups)] as const)
  if (definition.better === 'one') return ends[0]![1] === 0 ? null : ends[0]![0] / ends[0]![1]
  return combinedGaps(
    definition,
    ends.map(([low, high]) => high - low),
  )
}

function worst(definition: DisparityDefinition, values: readonly (readonly number[])[], at: number): number | null {
  const { better } = definition
  if (better === 'one' && values[0]![at] === 0) return null
  const all = values[0]!.flatMap((_, index) => (index === at ? [] : [pairValue(definition, values, index, at)]))
  const isWorse = (a: number, b: number) =>
    better === 'zero' ? folded(better, b) > folded(better, a) : folded(better, b) < folded(better, a)
  return all.reduce((a, b) => (isWorse(a, b) ? b : a))
}

/** One group against the privileged one: a difference, or a ratio. */
export function pairValue(
  definition: DisparityDefinition,
  values: readonly (readonly number[])[],
  group: number,
  privileged: number,
): number {
  if (definition.better === 'one') return values[0]![group]! / values[0]![privileged]!
  return combinedGaps(
    definition,
    values.map((groups) => groups[group]! - groups[privileged]!),
  )
}

function combinedGaps({ of }: DisparityDefinition, gaps: readonly number[]): number {
  if (of === 'one') return gaps[0]!
  if (of === 'worst') return Math.max(...gaps.map(Math.abs))
  const summed = of === 'mean' ? gaps.map(Math.abs) : gaps
  return summed.reduce((sum, gap) => sum + gap, 0) / summed.length
}
