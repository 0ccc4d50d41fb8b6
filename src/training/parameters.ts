import { suggest } from '../registry/did-you-mean.ts'
import type { Model, Parameter } from '../registry/model.ts'
import type { Parameters } from './training-request.ts'

/** What `model.yml` declares below `training.parameters`. */
export type DeclaredParameters = NonNullable<NonNullable<Model['training']>['parameters']>

/** What is wrong with one word of a command, and how to mend it. */
export interface ParameterMistake {
  readonly name: string
  readonly what: string
  readonly mend: string
}

export type ParameterReading =
  | { readonly is: 'read'; readonly parameters: Parameters }
  | { readonly is: 'refused'; readonly mistakes: readonly ParameterMistake[] }

const LONGEST_TEXT = 1000
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i
const INTEGER = /^-?\d{1,16}$/
/** Control and format characters: the latter turn a text around, or hide in it. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const EACH_HIDDEN = new RegExp(HIDDEN, 'gu')

/**
 * Parameters of a training as people wrote them, by what model.yml declares.
 *
 * Every mistake is told at once; what was not written gets its default. The answer is plain data that goes into a
 * request as JSON, and never into a shell.
 *
 * @param declared  `training.parameters` of model.yml
 * @param words     name -> as written
 * @param free      names that need no value, since a search chooses them
 * @example readParameters({ epochs: { type: 'integer', default: 20 } }, new Map()) // => { is: 'read', parameters: { epochs: 20 } }
 * @example readParameters({ epochs: { type: 'integer', max: 9 } }, new Map([['epochs', '0x9']])).is // => 'refused'
 */
export function readParameters(
  declared: DeclaredParameters,
  words: ReadonlyMap<string, string>,
  free: readonly string[] = [],
): ParameterReading {
  const strange = [...words.keys()].filter((name) => !Object.hasOwn(declared, name))
  const readings = Object.entries(declared).flatMap(([name, parameter]) => {
    const word = words.get(name)
    if (word === undefined && free.includes(name)) return []
    return [{ name, ...(word === undefined ? preset(parameter, name) : readParameter(parameter, word)) }]
  })
  const mistakes = [
    ...strange.map((name) => strangeParameter(name, Object.keys(declared))),
    ...readings.flatMap((one) => ('what' in one ? [{ name: one.name, what: one.what, mend: one.mend }] : [])),
  ]
  if (mistakes.length > 0) return { is: 'refused', mistakes }
  const values = readings.flatMap((one) => ('value' in one ? [[one.name, one.value] as const] : []))
  return { is: 'read', parameters: Object.fromEntries(values) }
}

/** A number has no slips of the finger: 3 is not 1 mistyped. */
function valuesHere(word: string, values: readonly Scalar[]): string {
  const known = values.map(String)
  return NUMBER.test(word) ? `Values here: ${known.join(', ')}.` : suggest(word, known, 'Values here')
}

type Reading = { readonly value: Scalar } | { readonly what: string; readonly mend: string }
type Scalar = string | number | boolean

function strangeParameter(name: string, known: readonly string[]): ParameterMistake {
  return { name, what: 'model.yml declares no such parameter', mend: suggest(name, known, 'Parameters here') }
}

function preset(parameter: Parameter, name: string): Reading {
  if (parameter.default !== undefined) return { value: parameter.default }
  return { what: 'has no default and no value', mend: `Write ${name}=${exampleOf(parameter)}.` }
}

/**
 * One value by what its parameter may be.
 *
 * @param word  as written, without quotes
 * @example readParameter({ type: 'number', min: 0 }, '1e-3') // => { value: 0.001 }
 * @example readParameter({ type: 'number' }, '1e999') // => { what: 'is no number: 1e999', mend: 'Write a number, such as 0.5.' }
 */
export function readParameter(parameter: Parameter, word: string): Reading {
  const read = typed(parameter, word)
  if ('what' in read) return read
  const { value } = read
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, values } = parameter
  if (typeof value === 'number' && (value < min || value > max))
    return { what: `${value} is outside ${rangeOf(parameter)}`, mend: `Choose a value from ${rangeOf(parameter)}.` }
  if (values !== undefined && !values.includes(value))
    return { what: `${shown(word)} is none of its values`, mend: valuesHere(word, values) }
  return read
}

function typed(parameter: Parameter, word: string): Reading {
  switch (parameter.type) {
    case 'number':
      return numberIn(word, NUMBER, 'a number')
    case 'integer':
      return numberIn(word, INTEGER, 'a whole number')
    case 'boolean':
      if (word === 'true' || word === 'false') return { value: word === 'true' }
      return { what: `${shown(word)} is neither true nor false`, mend: 'Write true or false.' }
    case 'category':
      return textMistake(word) ?? { value: parameter.values?.find((value) => String(value) === word) ?? word }
    case 'text':
      return textMistake(word) ?? { value: word }
  }
}

function numberIn(word: string, form: RegExp, called: string): Reading {
  const value = form.test(word) ? Number(word) : Number.NaN
  const isOne = called === 'a number' ? Number.isFinite(value) : Number.isSafeInteger(value)
  // adding 0 makes 0 of -0, which JSON cannot tell apart
  if (isOne) return { value: value + 0 }
  return {
    what: `is no ${called.slice(2)}: ${shown(word)}`,
    mend: `Write ${called}, such as ${called === 'a number' ? '0.5' : '20'}.`,
  }
}

function textMistake(word: string): { readonly what: string; readonly mend: string } | undefined {
  if (word.length > LONGEST_TEXT)
    return {
      what: `has ${word.length} characters`,
      mend: `At most ${LONGEST_TEXT}: name a file in the repository instead.`,
    }
  if (HIDDEN.test(word) || !word.isWellFormed())
    return { what: 'holds control or invisible characters', mend: 'Write it in one line of plain text.' }
  return undefined
}

function rangeOf({ min, max }: Parameter): string {
  if (min === undefined) return `at most ${max}`
  return max === undefined ? `at least ${min}` : `${min} to ${max}`
}

function exampleOf({ type, min, values }: Parameter): string {
  if (values?.[0] !== undefined) return String(values[0])
  return { number: String(min ?? 0.5), integer: String(min ?? 20), category: '...', boolean: 'true', text: '...' }[type]
}

/** Somebody else's word in our sentence: short, and nothing invisible. */
function shown(word: string): string {
  const plain = word.replace(EACH_HIDDEN, '')
  return plain.length > 60 ? `${plain.slice(0, 60)}...` : plain
}
