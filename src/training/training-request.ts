import { z } from 'zod'
import { digestSchema, nameSchema, uriSchema } from '../registry/names.ts'

/** Ours begin so; a run of somebody else's can never be taken for one, because the ledger names ours. */
export const correlationSchema = z
  .string()
  .regex(/^wb-[0-9a-f]{20}$/, 'must be the id of a run, such as wb-0123456789abcdef0123')

const scalar = z.union([z.string().max(1000), z.number(), z.boolean()])
export const parametersSchema = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/), scalar)
export type Parameters = z.infer<typeof parametersSchema>

const runnerSchema = z.union([z.string().min(1).max(255), z.array(z.string().min(1).max(255)).min(1).max(10)])

/** What every request says, whatever is to be run. */
const shared = {
  format: z.literal(1),
  correlation: correlationSchema,
  /** 1 for the first; one more after each preemption. */
  attempt: z.int().min(1).max(20),
  model: nameSchema,
  /** The commit of the default branch that must be running; the claim fails on any other. */
  sha: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/),
  /** `runs-on` of the heavy job. */
  runner: runnerSchema,
  /** A job that runs longer is stopped by its own `timeout-minutes`, and by the app. */
  limit_minutes: z.int().min(1).max(7200),
  /** Where the run keeps checkpoints: below `store.artifacts`, the same for every attempt. Ends in `/`. */
  checkpoints: z.string().max(2048),
}

export const trialSchema = z.strictObject({
  trial: z.int().min(0).max(9999),
  parameters: parametersSchema,
  seed: z.int().min(0),
  /** Checkpoint of the rung before, in successive halving. */
  resume_from: uriSchema.nullable(),
})
export type Trial = z.infer<typeof trialSchema>

export const trainRequestSchema = z.strictObject({
  ...shared,
  command: z.literal('train'),
  parameters: parametersSchema,
  seed: z.int().min(0),
  /** The newest checkpoint of the attempt before; null: from the beginning. */
  resume_from: uriSchema.nullable(),
})
export type TrainRequest = z.infer<typeof trainRequestSchema>

export const tuneRequestSchema = z.strictObject({
  ...shared,
  command: z.literal('tune'),
  /** 0 for the first; successive halving has several, each a run of its own. */
  rung: z.int().min(0).max(20),
  metric: z.string().min(1).max(64),
  /** `max-parallel` of the matrix. */
  parallel: z.int().min(1).max(256),
  trials: z.array(trialSchema).min(1).max(256),
})
export type TuneRequest = z.infer<typeof tuneRequestSchema>

/** The one JSON input `request` of a dispatched workflow; the other input is `correlation`. */
export const trainingRequestSchema = z.discriminatedUnion('command', [trainRequestSchema, tuneRequestSchema])
export type TrainingRequest = z.infer<typeof trainingRequestSchema>

/** Of the table that trials are ranked on: never the exam. */
export const validationSchema = z.strictObject({
  /** Where the rows lie: that they are none of the exam's is looked at there. */
  data: z.strictObject({ uri: uriSchema.optional(), digest: digestSchema, rows: z.int().positive() }),
  metrics: z.record(z.string().max(64), z.number().nullable()),
})
export type Validation = z.infer<typeof validationSchema>
