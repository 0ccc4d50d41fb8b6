import { z } from 'zod'
import { suggest } from '../registry/did-you-mean.ts'
import { durationSchema } from '../registry/model.ts'
import { DRIFT_TESTS } from '../statistics/drift-column.ts'

const column = z.string().min(1).max(256)

const keys = z.strictObject({
  between: z
    .tuple([z.literal('reference'), z.literal('production')])
    .optional()
    .describe("What is compared: the candidate's evaluation.reference with the last rows of production."),
  test: z
    .string()
    .max(64)
    .optional()
    .describe(
      'default: Kolmogorov-Smirnov or total variation, significant among all columns together and at least min_effect. A test by name compares its raw score with max.',
    ),
  min_effect: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe('Smallest score of the default test that matters; default 0.05.'),
  max: z.number().min(0).optional().describe('Limit of a test by name, on its own scale.'),
  max_drifted_share: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('Held when this share of the columns with a decision drifted, or more; default 0.3.'),
  critical: z.array(column).min(1).optional().describe('Features of which each alone holds when it drifts.'),
  calibrate: z
    .enum(['rows', 'windows'])
    .optional()
    .describe(
      'rows: thresholds allow for chance between rows (default). windows: also for what windows of time within the reference show anyhow, mean + 3 sd of each against the rest; needs columns.time in model.yml and 8 windows.',
    ),
  window: durationSchema.optional().describe('Length of those windows of time; default 7d.'),
  season: z
    .enum(['none', 'week', 'year'])
    .optional()
    .describe(
      'Which rows of the reference count: all (default), those of the same weekdays, or those of the same days a year before, a week earlier or later at most; needs columns.time.',
    ),
  columns: z
    .array(column)
    .min(1)
    .optional()
    .describe('Features to compare; default: all numbers, categories and booleans.'),
  max_age: durationSchema.optional().describe('How long ago the last day of production may have ended, such as 2d.'),
  advisory: z.boolean().optional().describe('Judged and shown, never holds: drift of inputs is a reason to look.'),
  required: z
    .boolean()
    .optional()
    .describe('Inconclusive instead of skipped when the model has no production rows to compare.'),
})

export type DriftRule = z.infer<typeof keys>

/** Default of `max_drifted_share`. */
export const MAX_DRIFTED_SHARE = 0.3
/** Default of `min_effect`. */
export const MIN_EFFECT = 0.05

/** Default of `window`. */
export const WINDOW = '7d'

/** What a rule says, checked as far as it can be without a model. */
export const driftRule = keys.superRefine((rule, context) => {
  const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
  const test = rule.test ?? 'default'
  if (!(DRIFT_TESTS as readonly string[]).includes(test)) {
    refuse('test', `there is no drift test ${test}. ${suggest(test, DRIFT_TESTS, 'Tests')}`)
  } else if (test === 'default') {
    if (rule.max !== undefined) refuse('max', 'max belongs to a test by name; the default test takes min_effect')
  } else {
    if (rule.max === undefined) refuse('test', `${test} compares its score with max: add max`)
    if (rule.min_effect !== undefined) refuse('min_effect', `min_effect belongs to the default test; ${test} takes max`)
  }
  if (rule.window !== undefined && rule.calibrate !== 'windows')
    refuse('window', 'window belongs to calibrate: windows')
  if (rule.calibrate === 'windows' && test !== 'default')
    refuse('calibrate', `${test} compares its score with max; calibrate: windows belongs to the default test`)
  const compared = rule.columns
  const left = compared === undefined ? [] : (rule.critical ?? []).filter((name) => !compared.includes(name))
  if (left.length > 0) refuse('critical', `${left.join(', ')} is critical and not among columns`)
})
