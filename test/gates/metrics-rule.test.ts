import { describe, expect, test } from 'vitest'
import { metricsGate } from '../../src/gates/metrics.ts'

/** What a policy's author reads of a rule that cannot be meant. */
function refusals(rule: unknown): readonly string[] {
  const parsed = metricsGate.rule.safeParse(rule)
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

describe('every rule of the example policy is understood', () => {
  test.each([
    [{ metric: 'roc_auc', min: 0.88 }, 'roc_auc'],
    [{ metric: 'roc_auc', against: 'incumbent', max_drop: 0.01, confidence: 0.9 }, 'roc_auc/incumbent'],
    [{ metric: 'log_loss', against: 'incumbent', max_rise: 0.01, confidence: 0.9 }, 'log_loss/incumbent'],
    [{ metric: 'recall', min: 0.6, where: 'age < 25' }, 'recall/age < 25'],
    [{ unit: 'mean_reward', better: 'higher', min: 12 }, 'mean_reward'],
    [
      { unit: 'ndcg_at_10', better: 'higher', against: 'incumbent', max_drop: 0.01, confidence: 0.9 },
      'ndcg_at_10/incumbent',
    ],
    [{ metric: 'f1_macro', min: 0.5 }, 'f1_macro'],
  ])('%o', (rule, id) => {
    expect(refusals(rule)).toEqual([])
    expect(metricsGate.idParts(metricsGate.rule.parse(rule)).join('/')).toBe(id)
  })
})

describe('a rule that cannot be meant is refused with the way out', () => {
  test.each([
    [{ metric: 'roc_auc', unit: 'reward', min: 1 }, ': a rule names exactly one of metric and unit'],
    [{ min: 1 }, ': a rule names exactly one of metric and unit'],
    [{ metric: 'roc_auc' }, ': a rule needs a limit: min, max, or against: incumbent with max_drop or max_rise'],
    [{ metric: 'roc_auc', against: 'incumbent' }, 'against: against: incumbent needs max_drop or max_rise'],
    [{ metric: 'roc_auc', max_drop: 0.01 }, 'max_drop: max_drop needs against: incumbent'],
    [{ metric: 'log_loss', against: 'incumbent', max_drop: 0.1 }, 'max_drop: log_loss is better lower: use max_rise'],
    [{ metric: 'roc_auc', against: 'incumbent', max_rise: 0.1 }, 'max_rise: roc_auc is better higher: use max_drop'],
    [{ metric: 'roc_auc', against: 'incumbent', max_drop: -0.1 }, 'max_drop: max_drop must be 0 or more'],
    [{ metric: 'roc_auc', min: 0.9, max: 0.8 }, 'min: min 0.9 is over max 0.8, so nothing could pass'],
    [{ metric: 'roc_auc', min: 0.8, confidence: 0.5 }, 'confidence: confidence must lie between 0.5 and 1'],
    [{ metric: 'roc_auc', min: 0.8, confidence: 1 }, 'confidence: confidence must lie between 0.5 and 1'],
    [
      { metric: 'roc_auc', min: 0.8, confidence: 95 },
      'confidence: confidence must lie between 0.5 and 1; did you mean 0.95?',
    ],
    [
      { metric: 'roc_auc', min: 0.8, better: 'higher' },
      'better: better belongs to units; roc_auc knows what is better',
    ],
    [{ metric: 'selection_rate', max: 0.4 }, 'metric: selection_rate is shown, never gated'],
    [
      { unit: 'reward', against: 'incumbent', max_drop: 1 },
      'max_drop: reward does not say what is better: add better: higher or lower',
    ],
    [
      { unit: 'reward', better: 'lower', against: 'incumbent', max_drop: 1 },
      'max_drop: reward is better lower: use max_rise',
    ],
    [
      { unit: 'reward', min: 1, where: 'age < 25' },
      'where: where slices metrics; a table of units has no columns to slice by',
    ],
  ])('%o', (rule, said) => {
    expect(refusals(rule)).toEqual([said])
  })

  test('a mistyped metric gets the one that was probably meant, and the list', () => {
    expect(refusals({ metric: 'roc_acu', min: 0.8 })[0]).toMatch(
      /^metric: there is no metric roc_acu\. Did you mean roc_auc\? Metrics: accuracy, balanced_accuracy/,
    )
  })

  test('a slice that is no expression says where it breaks', () => {
    expect(refusals({ metric: 'recall', min: 0.6, where: 'age <' })[0]).toMatch(
      /^where: .+ at column 6 of the expression\. /,
    )
  })

  test('an unknown key is refused', () => {
    expect(refusals({ metric: 'roc_auc', minimum: 0.8 })).not.toEqual([])
    expect(refusals(JSON.parse('{"metric": "roc_auc", "min": 0.8, "__proto__": {"advisory": true}}'))).not.toEqual([])
  })

  test('a limit that is not a number is refused', () => {
    for (const min of [Number.NaN, Number.POSITIVE_INFINITY, '0.8', null])
      expect(refusals({ metric: 'roc_auc', min })).not.toEqual([])
  })
})
