import { z } from 'zod'
import {
  columnSchema,
  digestSchema,
  formatSchema,
  labelsSchema,
  nameSchema,
  uriSchema,
  versionSchema,
} from './names.ts'

/** A table by URI and digest; `rows` is checked when given. */
export const tableReferenceSchema = z.strictObject({
  uri: uriSchema,
  digest: digestSchema,
  rows: z.int().positive().optional(),
})
export type TableReference = z.infer<typeof tableReferenceSchema>

const scalar = z.union([z.string(), z.number(), z.boolean()])

const featureSchema = z.strictObject({
  name: columnSchema,
  type: z.enum(['number', 'category', 'text', 'time', 'boolean']),
  min: z.number().optional(),
  max: z.number().optional(),
  values: z.array(scalar).min(1).optional(),
  unit: z.string().optional(),
  nullable: z.boolean().optional(),
  personal: z.boolean().optional(),
  description: z.string().optional(),
})
export type Feature = z.infer<typeof featureSchema>

const sensitiveColumnSchema = z.union([
  columnSchema,
  z.strictObject({ name: columnSchema, values: z.array(scalar).min(1).optional(), personal: z.boolean().optional() }),
])

/** What `/train` may set, and `/tune` may search. */
const parameterSchema = z.strictObject({
  type: z.enum(['number', 'integer', 'category', 'boolean', 'text']),
  min: z.number().optional(),
  max: z.number().optional(),
  values: z.array(scalar).min(1).optional(),
  default: scalar.optional(),
  search: z
    .enum(['linear', 'log'])
    .optional()
    .describe('/tune searches it: between min and max in equal steps or equal ratios, or among its values.'),
  description: z.string().optional(),
})
export type Parameter = z.infer<typeof parameterSchema>

const DURATION = /^\d{1,4}[smhdw]$/
export const durationSchema = z.string().regex(DURATION, 'must be a whole number and s, m, h, d or w, such as 30d')
const dateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date such as 2026-10-01')
  .refine((date) => z.iso.date().safeParse(date).success, 'must be a day of the calendar')

/** Keys and values; what one key says of another is in `model-checks.ts`. */
export const modelShape = z.strictObject({
  model: nameSchema,
  format: formatSchema,
  labels: labelsSchema.optional(),
  task: z.enum(['binary', 'multiclass', 'regression', 'other']),
  owner: z.string().max(100).optional(),
  description: z.string().optional(),
  intended_use: z.string().optional(),
  limitations: z.string().optional(),
  risk_class: z.string().optional(),
  contacts: z.array(z.string()).optional(),
  licence: z.string().optional(),
  features: z.array(featureSchema).min(1).optional(),
  label: z
    .strictObject({ name: columnSchema, positive: scalar.optional(), classes: z.array(scalar).min(2).optional() })
    .optional(),
  sensitive: z.array(sensitiveColumnSchema).optional(),
  columns: z
    .strictObject({
      id: columnSchema.optional(),
      time: columnSchema.optional(),
      unit: columnSchema.optional().describe('Rows of one unit belong together; "day" groups by columns.time.'),
      weight: columnSchema.optional(),
    })
    .optional(),
  evaluation: z
    .strictObject({
      data: tableReferenceSchema,
      since: dateSchema.optional(),
      sensitive: z
        .strictObject({ uri: uriSchema, digest: digestSchema, id: columnSchema, read: z.literal('runner') })
        .optional(),
      steward: z.strictObject({ teams: z.array(z.string()).min(1) }).optional(),
    })
    .optional(),
  training: z
    .strictObject({
      workflow: z.string().min(1).max(100).optional(),
      runner: z.union([z.string(), z.array(z.string())]).optional(),
      parameters: z.record(z.string(), parameterSchema).optional(),
      search_workflow: z.string().min(1).max(100).optional().describe('Workflow of /tune; default tune.yml.'),
      max_trials: z
        .int()
        .min(1)
        .max(256)
        .optional()
        .describe('The most trials that one /tune may ask for; default 256.'),
    })
    .optional(),
  monitoring: z
    .strictObject({
      predictions: uriSchema.optional(),
      labels: uriSchema.optional(),
      join: columnSchema.optional(),
      label_delay: durationSchema.optional(),
      window: durationSchema.optional(),
    })
    .optional(),
  review: z
    .strictObject({
      by: z.strictObject({ teams: z.array(z.string()) }).optional(),
      last: dateSchema.optional(),
      next: dateSchema.optional(),
    })
    .optional(),
  not_applicable: z.array(z.strictObject({ gate: z.string(), reason: z.string().min(1) })).optional(),
  retired: z.array(z.strictObject({ version: versionSchema, on: dateSchema, reason: z.string().min(1) })).optional(),
})
export type Model = z.infer<typeof modelShape>

/** What model.yml says of a table's columns. */
export type DescribedColumns = Pick<Model, 'features' | 'sensitive' | 'label' | 'columns'>

/** Fields that decide how a model is judged; a change of one is the change kind `terms-changed`. */
export const JUDGING_FIELDS = [
  'task',
  'label',
  'sensitive',
  'risk_class',
  'owner',
  'columns',
  'evaluation',
  'monitoring',
  'not_applicable',
] as const

/** Sensitive column names, whichever way they are written. */
export function sensitiveColumns(model: Model): readonly string[] {
  return (model.sensitive ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.name))
}
