import { z } from 'zod'
import { tableReferenceSchema } from './model.ts'
import {
  columnSchema,
  digestSchema,
  formatSchema,
  labelsSchema,
  nameSchema,
  uriSchema,
  versionSchema,
} from './names.ts'

const tensorSchema = z.strictObject({
  name: z.string().min(1).max(256),
  type: z.string().min(1).max(64),
  shape: z.array(z.union([z.int(), z.null(), z.string()])),
})
export type Tensor = z.infer<typeof tensorSchema>

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** Keys and values; what one key says of another is in `record-checks.ts`. */
export const recordShape = z.strictObject({
  model: nameSchema,
  version: versionSchema,
  format: formatSchema,
  labels: labelsSchema.optional(),
  created: z.iso.datetime({ offset: true }),
  artifact: z.strictObject({
    uri: uriSchema,
    digest: digestSchema,
    size_bytes: z.int().positive().optional(),
    format: z
      .enum(['onnx', 'opaque'])
      .optional()
      .describe('onnx is opened and run; opaque is hashed and size-checked, never opened.'),
    version_id: z.string().optional(),
  }),
  files: z
    .array(
      z.strictObject({ path: z.string().min(1).max(512), digest: digestSchema, size_bytes: z.int().nonnegative() }),
    )
    .min(1)
    .optional(),
  features: z.array(columnSchema).min(1).optional().describe('Order of the columns of a single tensor input.'),
  signature: z.strictObject({ inputs: z.array(tensorSchema).min(1), outputs: z.array(tensorSchema).min(1) }).optional(),
  classes: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(2)
    .optional()
    .describe('Class of each column of probabilities, in order.'),
  threshold: z.number().optional().describe('Binary: prediction = score > threshold; default 0.5.'),
  evaluation: z.strictObject({
    data: tableReferenceSchema.optional(),
    reference: tableReferenceSchema,
    claims: z.record(z.string(), z.number()).optional(),
    predictions: z
      .strictObject({ uri: uriSchema, digest: digestSchema, rows: z.int().positive().optional(), id: columnSchema })
      .optional(),
    units: z
      .strictObject({ uri: uriSchema, digest: digestSchema, rows: z.int().positive().optional(), id: columnSchema })
      .optional(),
  }),
  training: z
    .strictObject({
      commit: z
        .string()
        .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'must be a full commit id')
        .optional(),
      run: z
        .strictObject({ workflow: z.string(), id: z.int().positive(), attempt: z.int().positive().optional() })
        .optional(),
      parameters: z.record(z.string(), scalar).optional(),
      seed: z.int().optional(),
      data: z
        .array(
          z.strictObject({
            name: z.string().optional(),
            uri: uriSchema,
            digest: digestSchema,
            dvc: z.string().optional(),
          }),
        )
        .optional(),
      features: z
        .array(z.strictObject({ store: z.string(), view: z.string(), digest: digestSchema.optional() }))
        .optional(),
      environment: z
        .strictObject({
          image: z.string().optional(),
          lockfile: z.string().optional(),
          digest: digestSchema.optional(),
        })
        .optional(),
      compute: z
        .strictObject({
          gpu: z.string().optional(),
          gpu_seconds: z.number().nonnegative().optional(),
          cost_usd: z.number().nonnegative().optional(),
        })
        .optional(),
    })
    .optional(),
  parent: versionSchema.optional(),
})
export type VersionRecord = z.infer<typeof recordShape>

/** `models/churn/versions/1.4.0.yml` */
export function recordPath(model: string, version: string): string {
  return `models/${model}/versions/${version}.yml`
}

/** `models/churn/model.yml` */
export function modelPath(model: string): string {
  return `models/${model}/model.yml`
}
