import { z } from 'zod'
import { nameSchema } from '../registry/names.ts'
import { scopedModelSchema } from './every-model.ts'

const text = z.string()
const seq = z.int().nonnegative()

/** `LedgerState` as it lies in the branch. Signed, and read as strictly as if it were not. */
export const stateSchema = z.strictObject({
  environment: nameSchema,
  model: scopedModelSchema,
  seq,
  deployed: z.array(
    z.strictObject({
      version: text,
      digest: text,
      at: text,
      commit: text,
      weighed: z.boolean(),
      verified: z.boolean(),
    }),
  ),
  unweighed: z.array(z.strictObject({ version: text.nullable(), commit: text, at: text, because: text })),
  quarantined: z.array(
    z.strictObject({
      digest: text,
      version: text.nullable(),
      until: text.nullable(),
      reason: text,
      by: z.int().nonnegative(),
    }),
  ),
  frozen: z.strictObject({ until: text.nullable(), reason: text, by: seq, at: text }).nullable(),
  held: z.array(z.strictObject({ pull: seq, reason: text, by: seq, at: text })),
  waived: z.array(
    z.strictObject({
      gate: text,
      evidence_key: text,
      until: text,
      role: text,
      reason: text,
      by: seq,
      at: text,
      landed: text.optional(),
    }),
  ),
  looked: z.array(z.strictObject({ evaluation: text, versions: z.array(text) })),
})
