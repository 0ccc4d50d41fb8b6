import { z } from 'zod'
import { TRAINING_FACT_SCHEMAS } from './training-fact-schema.ts'

/**
 * What a line of each kind that this version folds must carry. More fields are kept: a later version may write them.
 * A kind that is not here is read with whatever it has.
 */

const text = z.string().max(10_000)
const count = z.int().nonnegative()
/** A day counts from its first moment, UTC. */
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()])
const status = z.enum(['passed', 'failed', 'inconclusive'])

const decided = z.looseObject({
  pull: count,
  head: text,
  base: text,
  merge_commit: text,
  merged_by: count.nullable(),
  evidence_key: text,
  policy_digest: text,
  status,
  verdict: text,
  approvals: z.array(z.looseObject({ review: count, by: count })),
})
const deployed = z.looseObject({
  version: text,
  digest: text,
  from: text.nullable(),
  commit: text,
  pull: count.nullable(),
  weighed: z.boolean(),
  by_hand: z.literal(true).optional(),
})
const unweighed = z.looseObject({
  version: text.nullable(),
  commit: text,
  pull: count.nullable(),
  status,
  because: text,
})
const quarantined = z.looseObject({
  digest: text,
  version: text.nullable(),
  until: moment.nullable(),
  reason: text,
})

export const FACT_SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  ...TRAINING_FACT_SCHEMAS,
  decided,
  deployed,
  unweighed,
  quarantined,
  looked: z.looseObject({ version: text, evaluation: text, artifact: text }),
  verified: z.looseObject({ version: text, digest: text, commit: text }),
  released: z.looseObject({ digest: text, reason: text }),
  frozen: z.looseObject({ until: moment.nullable(), reason: text }),
  unfrozen: z.looseObject({ reason: text }),
  held: z.looseObject({ pull: count, reason: text }),
  unheld: z.looseObject({ pull: count, reason: text }),
  waived: z.looseObject({
    gate: text,
    evidence_key: text,
    until: moment,
    role: text,
    reason: text,
  }),
}
