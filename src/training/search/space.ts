import type { Parameter } from '../../registry/model.ts'
import { type DeclaredParameters, type ParameterMistake, readParameters } from '../parameters.ts'
import type { Parameters } from '../training-request.ts'
import { MOST_SOBOL_DIMENSIONS } from './sobol.ts'

type Scalar = string | number | boolean

/** One parameter that a search chooses. */
export type Dimension =
  | {
      readonly name: string
      readonly type: 'number' | 'integer'
      readonly min: number
      readonly max: number
      readonly scale: 'linear' | 'log'
    }
  | { readonly name: string; readonly type: 'choice'; readonly values: readonly Scalar[] }

/** What a search goes through, and what it holds fixed. */
export interface SearchSpace {
  readonly dimensions: readonly Dimension[]
  readonly fixed: Parameters
}

export type SpaceReading =
  | ({ readonly is: 'space' } & SearchSpace)
  | { readonly is: 'refused'; readonly mistakes: readonly ParameterMistake[] }

/**
 * The space of a search: every parameter of model.yml with `search`, but those that the command holds fixed.
 *
 * @param declared  `training.parameters` of model.yml
 * @param words     held fixed, as written
 * @param resource  parameter that successive halving sets; it is neither searched nor fixed
 * @example searchSpace({ depth: { type: 'integer', min: 1, max: 8, search: 'linear' } }, new Map()).is // => 'space'
 */
export function searchSpace(
  declared: DeclaredParameters,
  words: ReadonlyMap<string, string>,
  resource: string | null,
): SpaceReading {
  const searched = Object.entries(declared).filter(
    ([name, { search }]) => search !== undefined && !words.has(name) && name !== resource,
  )
  const free = [...searched.map(([name]) => name), ...(resource === null ? [] : [resource])]
  const fixed = readParameters(declared, words, free)
  const dimensions = searched.map(([name, parameter]) => dimensionOf(name, parameter))
  const mistakes = [
    ...(fixed.is === 'refused' ? fixed.mistakes : []),
    ...dimensions.flatMap((one) => ('what' in one ? [one] : [])),
    ...countMistakes(dimensions.length),
    ...(resource !== null && words.has(resource) ? [heldResource(resource)] : []),
  ]
  if (mistakes.length > 0 || fixed.is === 'refused') return { is: 'refused', mistakes }
  return { is: 'space', dimensions: dimensions.flatMap((one) => ('what' in one ? [] : [one])), fixed: fixed.parameters }
}

function countMistakes(count: number): readonly ParameterMistake[] {
  const what = count === 0 ? 'nothing is left to search' : `${count} parameters are to be searched`
  const mend =
    count === 0
      ? 'Give a parameter of model.yml search: linear or log.'
      : `Hold some fixed: ${MOST_SOBOL_DIMENSIONS} at most.`
  return count > 0 && count <= MOST_SOBOL_DIMENSIONS ? [] : [{ name: 'search', what, mend }]
}

function heldResource(name: string): ParameterMistake {
  return { name, what: 'successive halving sets it itself', mend: 'Leave it out, or search=random.' }
}

function dimensionOf(name: string, parameter: Parameter): Dimension | ParameterMistake {
  const { type, min, max, values, search = 'linear' } = parameter
  if (values !== undefined) return { name, type: 'choice', values }
  if (type === 'boolean') return { name, type: 'choice', values: [false, true] }
  if (type === 'category' || type === 'text')
    return { name, what: 'cannot be searched without values', mend: 'List values in model.yml.' }
  if (min === undefined || max === undefined)
    return { name, what: 'cannot be searched without min and max', mend: 'Give both in model.yml.' }
  return { name, type, min, max, scale: search }
}

/**
 * The value of a parameter at a place of its range.
 *
 * @param at  0 to below 1
 * @returns numbers to 6 digits, so that they read well and are the same on every machine
 * @example valueAt({ name: 'learning_rate', type: 'number', min: 0.0001, max: 1, scale: 'log' }, 0.5) // => 0.01
 */
export function valueAt(dimension: Dimension, at: number): Scalar {
  if (dimension.type === 'choice') {
    const { values } = dimension
    return values[Math.min(Math.floor(at * values.length), values.length - 1)] ?? ''
  }
  const { type, min, max, scale } = dimension
  // each whole number has a share of its own, the last one too
  const end = type === 'integer' ? max + 1 : max
  const value = scale === 'log' ? min * (end / min) ** at : min + (end - min) * at
  // 3.9999999999999996 is 4: a power is not the same to the last digit everywhere
  const round = Number(value.toPrecision(type === 'integer' ? 12 : 6))
  return Math.min(Math.max(type === 'integer' ? Math.floor(round) : round, min), max)
}

/**
 * Whether parameters lie in the space: each between its bounds or among its values, and the fixed ones as they are.
 *
 * @example isInSpace({ dimensions: [], fixed: { epochs: 20 } }, { epochs: 21 }) // => false
 */
export function isInSpace({ dimensions, fixed }: SearchSpace, parameters: Parameters): boolean {
  const isHeld = Object.entries(fixed).every(([name, value]) => parameters[name] === value)
  return isHeld && dimensions.every((dimension) => isWithin(dimension, parameters[dimension.name]))
}

function isWithin(dimension: Dimension, value: Scalar | undefined): boolean {
  if (value === undefined) return false
  if (dimension.type === 'choice') return dimension.values.includes(value)
  const isNumber = typeof value === 'number' && value >= dimension.min && value <= dimension.max
  return isNumber && (dimension.type === 'number' || Number.isInteger(value))
}
