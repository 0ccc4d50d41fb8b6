import { z } from 'zod'

const keys = z.strictObject({
  against: z.literal('incumbent').optional().describe('Compare with the incumbent, timed in turns in the same run.'),
  p99_max_ratio: z
    .number()
    .positive()
    .optional()
    .describe('Largest 99th percentile over the incumbent’s, such as 1.2.'),
  p99_max_ms: z.number().positive().optional().describe('Largest 99th percentile in milliseconds; needs runner.'),
  batch: z.int().min(1).max(65_536).optional().describe('Rows in one call; default 1.'),
  runner: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Machine class on which absolute limits hold: what WEIGHBRIDGE_RUNNER says on the machine that weighs.'),
})

export type LatencyRule = z.infer<typeof keys>

/** Milliseconds mean nothing without the machine, and a rule without a limit would judge nothing. */
export const latencyRule = keys.superRefine((rule, context) => {
  const issue = (message: string, path: string[], mend: string): void =>
    context.addIssue({ code: 'custom', path, message, params: { mend } })
  if (rule.p99_max_ratio === undefined && rule.p99_max_ms === undefined)
    issue('latency needs a limit', [], 'Write p99_max_ratio: 1.2, or p99_max_ms with runner.')
  if (rule.p99_max_ms !== undefined && rule.runner === undefined)
    issue(
      'p99_max_ms needs runner: milliseconds hold on one class of machine only',
      ['p99_max_ms'],
      'Name the class under runner, or write p99_max_ratio.',
    )
})
