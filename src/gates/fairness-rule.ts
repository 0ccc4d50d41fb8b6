import { z } from 'zod'
import { suggest } from '../registry/did-you-mean.ts'
import { DISPARITIES, type DisparityDefinition } from '../statistics/disparities.ts'
import { limitKeys, limitRefusals, type Refusal, ruleKeys } from './limit-keys.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const column = z.string().min(1).max(256)

const keys = z.strictObject({
  across: z
    .union([column, z.array(column).min(1).max(8)])
    .describe(
      'A sensitive column of model.yml, or several: then their crossing. Two rules make two attributes. "*" is each declared sensitive column.',
    ),
  metric: z.string().min(1).max(64).describe('A disparity, such as equalized_odds_difference.'),
  ...limitKeys,
  privileged: z
    .record(z.string(), scalar)
    .optional()
    .describe('The group that all others are compared with, a value for each column of across: {sex: Male}.'),
  ...ruleKeys,
  min_rows: z
    .int()
    .min(1)
    .optional()
    .describe('Fewest rows in the denominator of each rate of a group (rows, positives, ...); default 30.'),
  small_groups: z
    .enum(['report', 'pool', 'hold'])
    .optional()
    .describe(
      'What becomes of groups under min_rows. report (default): left out and listed, inconclusive if together over 5 % of the rows; pool: one group "(others)"; hold: inconclusive.',
    ),
})

export type FairnessRule = z.infer<typeof keys>

/** What a rule says, checked as far as it can be without a model. */
export const fairnessRule = keys.superRefine((rule, context) => {
  for (const { key, message } of refusals(rule)) {
    context.addIssue({ code: 'custom', path: key === '' ? [] : [key], message })
  }
})

/** The disparity of that name, if there is one. */
export function findDisparity(name: string): DisparityDefinition | undefined {
  return DISPARITIES.find((disparity) => disparity.name === name)
}

/** Columns of a rule, one or the crossing of several. */
export function columnsAcross({ across }: FairnessRule): readonly string[] {
  return typeof across === 'string' ? [across] : across
}

function refusals(rule: FairnessRule): readonly Refusal[] {
  const found = findDisparity(rule.metric)
  if (found === undefined) {
    const known = DISPARITIES.filter(({ gateable }) => gateable).map(({ name }) => name)
    return [
      { key: 'metric', message: `there is no disparity ${rule.metric}. ${suggest(rule.metric, known, 'Disparities')}` },
    ]
  }
  if (!found.gateable) {
    const signed = rule.metric === 'average_odds_difference'
    const why = signed ? ': opposite gaps cancel in it. Use average_abs_odds_difference' : ''
    return [{ key: 'metric', message: `${rule.metric} is shown, never gated${why}` }]
  }
  const bounds = found.better === 'zero' ? zeroRefusals(rule) : found.better === 'one' ? ratioRefusals(rule) : []
  return [...acrossRefusals(rule), ...bounds, ...limitRefusals(rule, rule.metric, found.better)]
}

function acrossRefusals(rule: FairnessRule): readonly Refusal[] {
  const columns = columnsAcross(rule)
  if (new Set(columns).size < columns.length) return [{ key: 'across', message: 'across names a column twice' }]
  if (rule.privileged === undefined) return []
  const named = Object.keys(rule.privileged)
  const same = named.length === columns.length && columns.every((name) => named.includes(name))
  return same ? [] : [{ key: 'privileged', message: `privileged must give a value for each of ${columns.join(', ')}` }]
}

function zeroRefusals({ metric, min, max }: FairnessRule): readonly Refusal[] {
  if (min !== undefined) {
    const limit = max ?? Math.abs(min)
    return [{ key: 'min', message: `${metric} is judged by its distance from zero: use max: ${limit} alone` }]
  }
  return max !== undefined && max < 0 ? [{ key: 'max', message: 'a distance from zero is never under 0' }] : []
}

/** Without a privileged group the ratio is smallest over largest, never over 1: a max would never bind. */
function ratioRefusals({ metric, max, privileged }: FairnessRule): readonly Refusal[] {
  if (max === undefined || privileged !== undefined) return []
  const message = `max never binds on ${metric} without privileged, which is at most 1 then: add privileged: {column: group}, or leave max out`
  return [{ key: 'max', message }]
}
