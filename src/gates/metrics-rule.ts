import { z } from 'zod'
import { parseExpression } from '../expression/parse-expression.ts'
import { suggest } from '../registry/did-you-mean.ts'
import { findMetric, METRICS } from '../statistics/metrics.ts'
import { limitKeys, limitRefusals, type Refusal, ruleKeys } from './limit-keys.ts'

const { min, max, against, max_drop, max_rise, confidence } = limitKeys

const keys = z.strictObject({
  metric: z.string().min(1).max(64).optional().describe('A metric by its scikit-learn name, such as roc_auc.'),
  unit: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("A numeric column of the version's table of units, such as ndcg_at_10; its mean is judged."),
  better: z.enum(['higher', 'lower']).optional().describe('Of a unit: what is better. A metric knows it.'),
  min,
  max,
  against,
  max_drop,
  max_rise,
  confidence,
  where: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .describe("An expression over the exam's columns, such as 'age < 25': only these rows count."),
  ...ruleKeys,
})

export type MetricsRule = z.infer<typeof keys>

/** What a rule says, checked as far as it can be without a model. */
export const metricsRule = keys.superRefine((rule, context) => {
  for (const { key, message } of refusals(rule)) {
    context.addIssue({ code: 'custom', path: key === '' ? [] : [key], message })
  }
})

function refusals(rule: MetricsRule): readonly Refusal[] {
  if ((rule.metric === undefined) === (rule.unit === undefined)) {
    return [{ key: '', message: 'a rule names exactly one of metric and unit' }]
  }
  return rule.metric === undefined ? unitRefusals(rule) : metricRefusals(rule, rule.metric)
}

function unitRefusals(rule: MetricsRule): readonly Refusal[] {
  const where =
    rule.where === undefined
      ? []
      : [{ key: 'where', message: 'where slices metrics; a table of units has no columns to slice by' }]
  return [...where, ...limitRefusals(rule, rule.unit ?? '', rule.better ?? null)]
}

function metricRefusals(rule: MetricsRule, name: string): readonly Refusal[] {
  const better =
    rule.better === undefined
      ? []
      : [{ key: 'better', message: `better belongs to units; ${name} knows what is better` }]
  const metric = findMetric(name)
  if (metric === undefined) {
    return [
      {
        key: 'metric',
        message: `there is no metric ${name}. ${suggest(
          name,
          METRICS.map((known) => known.name),
          'Metrics',
        )}`,
      },
    ]
  }
  if (!metric.gateable) return [{ key: 'metric', message: `${name} is shown, never gated` }]
  return [...better, ...whereRefusals(rule.where), ...limitRefusals(rule, name, metric.better)]
}

function whereRefusals(where: string | undefined): readonly Refusal[] {
  const parsed = where === undefined ? null : parseExpression(where)
  if (parsed === null || parsed.ok) return []
  const { what, mend, column } = parsed.mistake
  return [{ key: 'where', message: `${what}, at column ${column} of the expression. ${mend}` }]
}
