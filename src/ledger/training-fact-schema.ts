import { z } from 'zod'
import { digestSchema, nameSchema, versionSchema } from '../registry/names.ts'
import { RUN_CONCLUSIONS } from './training-fact.ts'

/**
 * What a line about training must carry. Each text has a length, since the state keeps them: it stays below what
 * GitHub gives back in one answer, whatever the lines say.
 */

/** GitHub's ids and our seconds: whole numbers that JSON keeps. */
const count = z.int().nonnegative()
const id = z.int().positive()
const word = z.string().min(1).max(100)
const because = z.string().max(2000)
const correlationText = z.string().regex(/^wb-[0-9a-f]{20}$/)
const attempt = z.int().min(1).max(1000)
const commit = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
/** 30 years of one GPU; more is no run of ours. */
const seconds = z.number().nonnegative().max(1e9)
const runner = z.union([z.string().max(255), z.array(z.string().max(255)).max(10)])
const document = z.record(z.string(), z.unknown())

export const dispatchedShape = z.looseObject({
  correlation: correlationText,
  attempt,
  model: nameSchema,
  team: word.nullable(),
  command: z.enum(['train', 'tune']),
  request: document,
  search: document.nullable(),
  workflow: word,
  sha: commit,
  issue: count,
  comment: count,
  gpu_seconds: seconds,
  runner,
  identity: digestSchema.nullable(),
})
export const endedShape = z.looseObject({
  correlation: correlationText,
  attempt,
  run: id.nullable(),
  conclusion: z.enum(RUN_CONCLUSIONS),
  gpu_seconds: seconds,
  because,
})
const registered = z.looseObject({
  correlation: correlationText,
  model: nameSchema,
  version: versionSchema,
  digest: digestSchema,
  commit,
  run: id,
  attempt,
  workflow: word,
  pull: count.nullable(),
})
const retired = z.looseObject({ model: nameSchema, version: versionSchema, reason: because, pull: count.nullable() })

/** A line of a version that trained nothing yet names no correlation: it is read with whatever it has, and folds nothing. */
const orEarlier = (schema: z.ZodType) =>
  z.looseObject({}).superRefine((line, context) => {
    if (line.correlation === undefined && line.model === undefined) return
    const read = schema.safeParse(line)
    for (const { path, message } of read.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message })
  })

export const TRAINING_FACT_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  dispatched: orEarlier(dispatchedShape),
  ended: endedShape,
  registered: orEarlier(registered),
  retired: orEarlier(retired),
}
