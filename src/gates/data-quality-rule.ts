import { z } from 'zod'

const share = z.number().min(0).max(1)

/** What may be wrong with the exam before it decides nothing. */
export const dataQualityRule = z.strictObject({
  max_missing_share: share
    .optional()
    .describe('Largest share of missing values in any one feature or sensitive column, 0 to 1.'),
  max_duplicate_share: share
    .optional()
    .describe('Largest share of surplus rows: the same id where model.yml declares one, else the same row. 0 to 1.'),
  max_train_overlap: share
    .optional()
    .describe(
      "Largest share of exam rows that also stand in the candidate's reference, above what chance gives. 0 to 1.",
    ),
  max_label_missing: share.optional().describe('Largest share of rows without a label, 0 to 1.'),
  schema: z
    .enum(['strict', 'lenient'])
    .optional()
    .describe(
      'strict: missing columns, wrong types, unseen categories and values out of range fail; lenient: only the first two fail, the others are shown.',
    ),
  advisory: z.boolean().optional().describe('Judged and shown, never holds.'),
  required: z.boolean().optional().describe('Inconclusive instead of skipped when there is nothing to judge.'),
})

export type DataQualityRule = z.infer<typeof dataQualityRule>
