import { z } from 'zod'

const share = z.number().min(0).max(1)

const keys = z.strictObject({
  max_importance_shift: share
    .optional()
    .describe(
      'How far importance may move from the incumbent: half the summed change of shares, 0 (alike) to 1 (nothing in common).',
    ),
  max_importance: z
    .record(z.string().min(1).max(256), share)
    .optional()
    .describe('Largest share of importance by feature, 0 to 1, such as {sex: 0.02}.'),
})

export type ExplainabilityRule = z.infer<typeof keys>

/** A rule without a limit would judge nothing and look as if it did. */
export const explainabilityRule = keys.superRefine((rule, context) => {
  if (rule.max_importance_shift !== undefined || Object.keys(rule.max_importance ?? {}).length > 0) return
  const message = 'explainability needs a limit: max_importance_shift, or max_importance with a feature'
  context.addIssue({ code: 'custom', path: [], message })
})
