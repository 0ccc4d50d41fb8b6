import type { Schema } from './published-types.ts'

const PROSE = ['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'discriminator']
const REFERENCE = '#/components/schemas/'

/** A schema without its prose. A property that is called `description` stays: only keywords go. */
export function slimSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(slimSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword, value]) => !isProse(keyword, value))
      .map(([keyword, value]) => [keyword, slimKeyword(keyword, value)]),
  )
}

/** Of the defaults only the empty text constrains anything: it is a value too where a format would refuse it. */
function isProse(keyword: string, value: unknown): boolean {
  return PROSE.includes(keyword) || keyword.startsWith('x-') || (keyword === 'default' && value !== '')
}

function slimKeyword(keyword: string, value: unknown): unknown {
  if (keyword === 'enum' || keyword === 'required') return value
  if (keyword !== 'properties' && keyword !== 'patternProperties') return slimSchema(value)
  return Object.fromEntries(Object.entries(value as Schema).map(([name, schema]) => [name, slimSchema(schema)]))
}

/** The component schemas that these values name, and those that they name in turn. */
export function reachableSchemas(
  from: readonly unknown[],
  all: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Schema>> {
  const found = new Map<string, Schema>()
  const waiting = [...from]
  while (waiting.length > 0) {
    for (const name of namesIn(waiting.pop())) {
      if (found.has(name)) continue
      if (all[name] === undefined) throw new RangeError(`no component schema is called ${name}`)
      const schema = slimSchema(all[name]) as Schema
      found.set(name, schema)
      waiting.push(schema)
    }
  }
  return Object.fromEntries([...found].sort(([one], [other]) => (one < other ? -1 : 1)))
}

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([keyword, inner]) =>
    keyword === '$ref' && typeof inner === 'string' ? [inner.slice(REFERENCE.length)] : namesIn(inner),
  )
}
