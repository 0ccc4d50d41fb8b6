import type { Schema } from './published-types.ts'

/** What all branches of a schema together know of a value: which properties, and what lies in them. */
interface Known {
  /** Takes properties that it does not name. */
  readonly isOpen: boolean
  readonly properties: ReadonlyMap<string, readonly Schema[]>
  /** Schemas of unnamed properties. */
  readonly others: readonly Schema[]
  readonly items: readonly Schema[]
}

type Schemas = Readonly<Record<string, Schema>>

const remembered = new WeakMap<Schemas, { readonly ids: WeakMap<Schema, number>; readonly known: Map<string, Known> }>()
let nextId = 0

/**
 * Properties of a value, at any depth, that no branch of its schema names. A published schema that says nothing about
 * further properties is read as naming all of them; one without any properties takes everything.
 *
 * @returns each as `/path/to/it is not published here`
 */
export function unknownProperties(schema: Schema, value: unknown, schemas: Schemas): readonly string[] {
  const found: string[] = []
  walk([schema], value, '', schemas, found)
  return found
}

function walk(branches: readonly Schema[], value: unknown, path: string, schemas: Schemas, found: string[]): void {
  if (typeof value !== 'object' || value === null || branches.length === 0) return
  const known = knownOf(branches, schemas)
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(known.items, item, `${path}/${index}`, schemas, found)
    return
  }
  for (const [name, inner] of Object.entries(value)) {
    const named = known.properties.get(name)
    if (named === undefined && !known.isOpen) found.push(`${path}/${name} is not published here`)
    else walk(named ?? known.others, inner, `${path}/${name}`, schemas, found)
  }
}

function knownOf(branches: readonly Schema[], schemas: Schemas): Known {
  const cache = remembered.get(schemas) ?? { ids: new WeakMap<Schema, number>(), known: new Map<string, Known>() }
  remembered.set(schemas, cache)
  const key = branches.map((one) => idOf(one, cache.ids)).join(',')
  const known = cache.known.get(key) ?? united(branches.flatMap((one) => flattened(one, schemas)))
  cache.known.set(key, known)
  return known
}

function idOf(schema: Schema, ids: WeakMap<Schema, number>): number {
  const known = ids.get(schema) ?? nextId++
  ids.set(schema, known)
  return known
}

/** A schema and all that it is put together from. */
function flattened(schema: Schema, schemas: Schemas): readonly Schema[] {
  if (typeof schema.$ref === 'string') {
    return flattened(schemas[schema.$ref.slice('#/components/schemas/'.length)] ?? {}, schemas)
  }
  const inner = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => (schema[keyword] ?? []) as readonly Schema[])
  return [schema, ...inner.flatMap((one) => flattened(one, schemas))]
}

function united(parts: readonly Schema[]): Known {
  const properties = new Map<string, Schema[]>()
  for (const part of parts) {
    for (const [name, schema] of Object.entries((part.properties ?? {}) as Schema)) {
      properties.set(name, [...(properties.get(name) ?? []), schema as Schema])
    }
  }
  const others = parts.flatMap((part) => (isSchema(part.additionalProperties) ? [part.additionalProperties] : []))
  const isSaid = parts.some((part) => part.additionalProperties === true || isSchema(part.additionalProperties))
  return {
    isOpen: isSaid || properties.size === 0,
    properties,
    others,
    items: parts.flatMap((part) => (isSchema(part.items) ? [part.items] : [])),
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null
}
