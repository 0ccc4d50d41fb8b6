import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { isLagging } from './corrections.ts'
import type { Schema } from './published-types.ts'
import { unknownProperties } from './unknown-properties.ts'

/** Problems of a value, each with its place; none when it is as published. */
export type Check = (value: unknown) => readonly string[]

/** Checks values against published schemas that name one another. Compiled when first used. */
export class SchemaChecker {
  readonly #ajv: Ajv
  readonly #schemas: Readonly<Record<string, Schema>>
  readonly #compiled = new WeakMap<Schema, ValidateFunction>()

  constructor(schemas: Readonly<Record<string, Schema>>, options: { readonly coerce?: boolean } = {}) {
    this.#ajv = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: options.coerce ?? false })
    formats.default(this.#ajv)
    // GitHub calls a bot's `1+name[bot]@users.noreply.github.com` an e-mail too, as its own examples of pushes do
    this.#ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/)
    this.#schemas = schemas
    this.#ajv.addSchema({ $id: 'published', definitions: forAjv(schemas) })
  }

  /** Also refuses properties that the schema does not name, at any depth. */
  problems(schema: Schema, value: unknown): readonly string[] {
    const validate = this.#compiled.get(schema) ?? this.#compile(schema)
    const wrong = validate(value) ? [] : (validate.errors ?? []).map(sentence)
    return [...wrong, ...unknownProperties(schema, value, this.#schemas).filter((one) => !isLagging(one))]
  }

  #compile(schema: Schema): ValidateFunction {
    const validate = this.#ajv.compile(forAjv(schema) as Schema)
    this.#compiled.set(schema, validate)
    return validate
  }
}

function sentence(error: ErrorObject): string {
  const more = Object.values(error.params as Record<string, unknown>).filter((one) => typeof one !== 'object')
  const given = error.keyword === 'enum' ? ` ${JSON.stringify(error.params.allowedValues)}` : ''
  return `${error.instancePath || '/'} ${error.message ?? error.keyword}${given}${more.length > 0 ? ` (${more.join(', ')})` : ''}`
}

/**
 * OpenAPI 3.0 lets `nullable` stand beside anything, an enumeration forget its null, and a default break its own format;
 * JSON Schema does not.
 */
function forAjv(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(forAjv)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === '$ref' ? inPublished(value) : forAjv(value)]),
  ) as Record<string, unknown>
  if (inner.default === '') delete inner.format
  if (inner.nullable !== true) return inner
  if (Array.isArray(inner.enum) && !inner.enum.includes(null)) inner.enum = [...inner.enum, null]
  if (inner.type !== undefined) return inner
  const { nullable: _, ...rest } = inner
  return { anyOf: [{ type: 'null' }, rest] }
}

function inPublished(reference: unknown): unknown {
  return typeof reference === 'string'
    ? reference.replace('#/components/schemas/', 'published#/definitions/')
    : reference
}
