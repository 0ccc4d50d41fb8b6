import type { z } from 'zod'
import type { DocumentPath } from './dotted-path.ts'

type Schema = z.core.$ZodType

interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, Schema>>
  readonly element?: Schema
  readonly items?: readonly Schema[]
  readonly innerType?: Schema
  readonly options?: readonly Schema[]
  readonly valueType?: Schema
  readonly in?: Schema
  readonly left?: Schema
  readonly right?: Schema
  readonly getter?: () => Schema
}

/** Every schema that a value at this path may be held to; unions and wrappers are opened. */
function schemasAt(schema: Schema, path: DocumentPath): readonly Schema[] {
  let here = alternatives(schema)
  for (const step of path) here = here.flatMap((one) => child(one, step)).flatMap((one) => alternatives(one))
  return here
}

/** Keys that an object at this path may have, in the order in which they were declared. */
export function keysAt(schema: Schema, path: DocumentPath): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap((one) => Object.keys(definition(one).shape ?? {})))]
}

/** What would be right at this path, in two or three words: `text`, `a list`, `keys and values`. */
export function expectedAt(schema: Schema, path: DocumentPath): string {
  const words = new Set(schemasAt(schema, path).map((one) => word(definition(one).type)))
  return [...words].join(' or ')
}

/** A type of JSON Schema in plain words: `a whole number`. */
export function word(type: string): string {
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'keys and values',
    record: 'keys and values',
    enum: 'one of a few words',
    literal: 'one fixed value',
    null: 'nothing',
  }
  return Object.hasOwn(words, type) ? words[type]! : type
}

function definition(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition
}

function alternatives(schema: Schema): readonly Schema[] {
  const { type, innerType, options, in: input, left, right, getter } = definition(schema)
  if (type === 'union' && options !== undefined) return options.flatMap((option) => alternatives(option))
  if (type === 'lazy' && getter !== undefined) return alternatives(getter())
  if (type === 'pipe' && input !== undefined) return alternatives(input)
  if (type === 'intersection' && left !== undefined && right !== undefined) {
    return [...alternatives(left), ...alternatives(right)]
  }
  return innerType === undefined ? [schema] : alternatives(innerType)
}

function child(schema: Schema, step: string | number): readonly Schema[] {
  const { type, shape, element, items, valueType } = definition(schema)
  if (type === 'array' && element !== undefined) return [element]
  if (type === 'tuple' && typeof step === 'number') return items?.[step] === undefined ? [] : [items[step]]
  if (type === 'record' && valueType !== undefined) return [valueType]
  return shape !== undefined && Object.hasOwn(shape, step) ? [shape[step]!] : []
}
