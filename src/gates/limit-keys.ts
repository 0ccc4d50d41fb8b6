import { z } from 'zod'
import type { Better } from '../statistics/estimate.ts'

/** Keys of a rule that say what is asked of a number; the same in every measuring list. */
export const limitKeys = {
  min: z.number().optional().describe('Floor, closed: the number itself may be it.'),
  max: z.number().optional().describe('Limit, closed: the number itself may be it.'),
  against: z
    .literal('incumbent')
    .optional()
    .describe('Compare with the version that the environment serves, on the same rows.'),
  max_drop: z
    .number()
    .optional()
    .describe('How far the number may fall against the incumbent; for numbers where higher or one is best.'),
  max_rise: z
    .number()
    .optional()
    .describe('How far the number may rise against the incumbent; for numbers where lower or zero is best.'),
  confidence: z
    .number()
    .optional()
    .describe(
      'Level of the two-sided interval that decides, such as 0.9; a version that truly breaks the rule then passes with probability at most (1 - confidence)/2. Without it the measured value decides.',
    ),
}

/** Keys that every rule of a measuring list may carry. */
export const ruleKeys = {
  min_rows: z
    .int()
    .min(1)
    .optional()
    .describe("Fewest rows in the number's denominator (rows, positives, ...); default 30. Under it: inconclusive."),
  tasks: z
    .array(z.enum(['binary', 'multiclass', 'regression', 'other']))
    .min(1)
    .optional()
    .describe('Skip the rule for models of other tasks.'),
  advisory: z.boolean().optional().describe('Judged and shown, never holds.'),
  id: z.string().min(1).max(200).optional().describe('Name of the rule; default: made of what it asks.'),
}

/** Denominators smaller than this decide nothing, unless a rule says otherwise. */
export const DEFAULT_MIN_ROWS = 30

export interface Limits {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly against?: 'incumbent' | undefined
  readonly max_drop?: number | undefined
  readonly max_rise?: number | undefined
  readonly confidence?: number | undefined
}

export type Refusal = { readonly key: string; readonly message: string }

/** What is wrong with a rule's limits, for a number of which `better` is known (null: a unit that does not say). */
export function limitRefusals(limits: Limits, name: string, better: Better | null): readonly Refusal[] {
  return [...shapeRefusals(limits), ...allowanceRefusals(limits, name, better), ...confidenceRefusals(limits)]
}

function shapeRefusals({ min, max, against, max_drop, max_rise }: Limits): readonly Refusal[] {
  const refusals: Refusal[] = []
  const allowance = max_drop ?? max_rise
  if (min === undefined && max === undefined && allowance === undefined) {
    const message =
      against === undefined
        ? 'a rule needs a limit: min, max, or against: incumbent with max_drop or max_rise'
        : 'against: incumbent needs max_drop or max_rise'
    refusals.push({ key: against === undefined ? '' : 'against', message })
  } else if (against !== undefined && allowance === undefined) {
    refusals.push({ key: 'against', message: 'against: incumbent needs max_drop or max_rise' })
  }
  if (allowance !== undefined && against === undefined) {
    const key = max_drop === undefined ? 'max_rise' : 'max_drop'
    refusals.push({ key, message: `${key} needs against: incumbent` })
  }
  if (min !== undefined && max !== undefined && min > max) {
    refusals.push({ key: 'min', message: `min ${min} is over max ${max}, so nothing could pass` })
  }
  return refusals
}

function allowanceRefusals({ max_drop, max_rise }: Limits, name: string, better: Better | null): readonly Refusal[] {
  const refusals: Refusal[] = []
  for (const [key, value] of [
    ['max_drop', max_drop],
    ['max_rise', max_rise],
  ] as const) {
    if (value === undefined) continue
    if (value < 0) refusals.push({ key, message: `${key} must be 0 or more` })
    const right = better === null ? null : better === 'higher' || better === 'one' ? 'max_drop' : 'max_rise'
    if (right === null)
      refusals.push({ key, message: `${name} does not say what is better: add better: higher or lower` })
    else if (right !== key) refusals.push({ key, message: `${name} is ${betterText(better)}: use ${right}` })
  }
  return refusals
}

function betterText(better: Better | null): string {
  return better === 'zero' || better === 'one' ? `best at ${better}` : `better ${better}`
}

function confidenceRefusals({ confidence }: Limits): readonly Refusal[] {
  if (confidence === undefined || (confidence > 0.5 && confidence < 1)) return []
  const mend = confidence > 1 && confidence < 100 ? `; did you mean ${confidence / 100}?` : ''
  return [{ key: 'confidence', message: `confidence must lie between 0.5 and 1${mend}` }]
}
