import { z } from 'zod'
import { nameSchema } from '../registry/names.ts'
import { recordShape } from '../registry/record.ts'
import { correlationSchema, parametersSchema, validationSchema } from './training-request.ts'

/** Name of the artifact of a training run, and of the one file in it. */
export const PROPOSAL_ARTIFACT = 'weighbridge-proposal'
export const PROPOSAL_FILE = 'proposal.json'

/** The artifact of one trial of a search: `weighbridge-trial-3`, which holds a proposal too. */
export const TRIAL_ARTIFACT = 'weighbridge-trial-'

/**
 * What `register` writes at the end of a training job: a version record without its number, which the app gives, and
 * what the run says of itself. All of it is a claim until the app has looked the run up.
 */
export const proposalSchema = z.strictObject({
  schema: z.literal('weighbridge.proposal/v1'),
  engine: z.string().max(100),
  model: nameSchema,
  /** null: `register` was called by hand. */
  correlation: correlationSchema.nullable(),
  /** Of a search. */
  trial: z.int().min(0).max(9999).nullable(),
  parameters: parametersSchema,
  seed: z.int().min(0).nullable(),
  record: recordShape.omit({ version: true }),
  /** Quality on rows that are neither trained on nor the exam; trials are ranked by it. */
  validation: validationSchema.nullable(),
  /** The newest checkpoint that the run kept; the next rung goes on from it. */
  checkpoint: z.string().max(2048).nullable(),
})
export type Proposal = z.infer<typeof proposalSchema>
