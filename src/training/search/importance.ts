import type { Parameters } from '../training-request.ts'
import { rankedValue, type TrialOutcome } from './rank-trials.ts'
import type { Dimension } from './space.ts'

/** How much of the differences between trials one parameter accounts for. */
export interface ParameterImportance {
  readonly name: string
  /** 0 to 1, adjusted for chance; null where there are too few trials. */
  readonly share: number | null
}

const BINS = 4
const LEAST_TRIALS = 8

/**
 * How much each parameter mattered: the share of the variance of the metric that lies between the values of the
 * parameter alone, by one-way analysis of variance over its values or four equally filled bins of them.
 *
 * Epsilon squared, which is near 0 for a parameter that does nothing. Interactions belong to none, so the shares do not
 * add up to 1.
 *
 * @param outcomes  trials that ran equally long: those of one rung
 * @see Kelley, An unbiased correlation ratio measure (1935)
 * @example parameterImportance([{ name: 'depth' }], []) // => [{ name: 'depth', share: null }]
 */
export function parameterImportance(
  dimensions: readonly Dimension[],
  outcomes: readonly TrialOutcome[],
): readonly ParameterImportance[] {
  const done = outcomes.flatMap((one) => {
    const value = rankedValue(one)
    return value === null ? [] : [{ parameters: one.parameters, value }]
  })
  const importance = dimensions.map((dimension) => ({ name: dimension.name, share: shareOf(dimension, done) }))
  return importance.sort((a, b) => (b.share ?? -1) - (a.share ?? -1))
}

interface Done {
  readonly parameters: Parameters
  readonly value: number
}

function shareOf({ name, type }: Dimension, done: readonly Done[]): number | null {
  if (done.length < LEAST_TRIALS) return null
  const groups = type === 'choice' ? byValue(name, done) : byBin(name, done)
  const total = squares(done)
  const within = groups.reduce((sum, group) => sum + squares(group), 0)
  const free = done.length - groups.length
  if (total === 0 || free <= 0) return null
  return Math.min(1, Math.max(0, 1 - (within / free) * ((done.length - 1) / total)))
}

function byValue(name: string, done: readonly Done[]): readonly (readonly Done[])[] {
  return [...Map.groupBy(done, ({ parameters }) => parameters[name]).values()]
}

/** Equal values stay together. */
function byBin(name: string, done: readonly Done[]): readonly (readonly Done[])[] {
  const sorted = [...done].sort((a, b) => Number(a.parameters[name]) - Number(b.parameters[name]))
  const first = new Map<unknown, number>()
  sorted.forEach(({ parameters }, at) => {
    if (!first.has(parameters[name])) first.set(parameters[name], at)
  })
  const binOf = ({ parameters }: Done) => Math.floor(((first.get(parameters[name]) ?? 0) * BINS) / sorted.length)
  return [...Map.groupBy(sorted, binOf).values()]
}

function squares(some: readonly Done[]): number {
  const mean = some.reduce((sum, { value }) => sum + value, 0) / some.length
  return some.reduce((sum, { value }) => sum + (value - mean) ** 2, 0)
}
