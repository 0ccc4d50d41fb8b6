import { z } from 'zod'
import { didYouMean } from '../registry/did-you-mean.ts'
import { type DocumentPath, printDotted } from '../registry/dotted-path.ts'
import type { Mistake } from '../registry/mistake.ts'
import { servingTargets } from './index.ts'
import type { EnvironmentDocument } from './manifest.ts'
import type { Manifest } from './manifest-reader.ts'
import { sameObjectAmong } from './one-object.ts'
import { cut, shown } from './shown.ts'
import type { ServingTarget } from './target.ts'

/**
 * What is wrong in a serving manifest by the schema of its kind.
 *
 * The cluster drops unknown fields without a word, so the schemas are closed: a typo is a mistake.
 *
 * @returns nothing for documents that no target reads or that cannot be read into objects
 */
export function manifestMistakes({ manifest, target: name }: EnvironmentDocument): readonly Mistake[] {
  const target = servingTargets.find((known) => known.name === name)
  if (manifest === null || manifest.unclear !== null || target === undefined) return []
  const parsed = schemaOf(target).safeParse(manifest.value)
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => describe(issue, target))
  return [...issues, ...target.mistakes(manifest)].map((found) => mistake(manifest, found))
}

/** The mistakes of documents that the head adds or gives another meaning. */
export function editedMistakes(
  base: readonly EnvironmentDocument[],
  head: readonly EnvironmentDocument[],
): readonly Mistake[] {
  const beforeOf = sameObjectAmong(base)
  const isEdited = (document: EnvironmentDocument) => {
    const before = beforeOf(document)
    if (before?.source === document.source) return false
    return JSON.stringify(before?.manifest?.value) !== JSON.stringify(document.manifest?.value)
  }
  return head.filter(isEdited).flatMap(manifestMistakes)
}

interface Found {
  readonly path: DocumentPath
  readonly what: string
  readonly mend: string
}

function mistake(manifest: Manifest, { path, what, mend }: Found): Mistake {
  return { ...manifest.placeOf(path), where: cut(printDotted(path)), what, mend, severity: 'error' }
}

const schemas = new Map<string, z.ZodType>()

/** Converted when first needed: it takes longer than judging a document. */
function schemaOf(target: ServingTarget): z.ZodType {
  const known = schemas.get(target.name) ?? z.fromJSONSchema(target.schema as Parameters<typeof z.fromJSONSchema>[0])
  schemas.set(target.name, known)
  return known
}

function describe(issue: z.core.$ZodIssue, target: ServingTarget): readonly Found[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code !== 'unrecognized_keys') {
    return [
      {
        path,
        what: issue.message.replace(/^Invalid input: /, ''),
        mend: `See the fields of ${target.kind} in ${target.apiVersion}.`,
      },
    ]
  }
  const known = knownKeys(target, path)
  return issue.keys.map((key) => {
    const near = didYouMean(key, known)
    const mend = near === null ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`
    return {
      path: [...path, key],
      what: `unknown field ${shown(key)}, which the cluster would drop without a word`,
      mend,
    }
  })
}

type JsonSchema = Readonly<Record<string, unknown>>

/** Keys that a schema knows at a path. */
function knownKeys({ schema }: ServingTarget, path: DocumentPath): readonly string[] {
  let here = resolved(schema, schema)
  for (const step of path) {
    const next =
      typeof step === 'number'
        ? here.items
        : ((here.properties as JsonSchema | undefined)?.[step] ?? here.additionalProperties)
    here = resolved(schema, (next ?? {}) as JsonSchema)
  }
  return Object.keys((here.properties as JsonSchema | undefined) ?? {}).slice(0, 200)
}

function resolved(schema: JsonSchema, part: JsonSchema): JsonSchema {
  if (typeof part.$ref !== 'string') return part
  const name = part.$ref.slice(part.$ref.lastIndexOf('/') + 1)
  return resolved(schema, (schema.definitions as Readonly<Record<string, JsonSchema>>)[name] ?? {})
}
