import { describe, expect, test } from 'vitest'
import type { MetricsRequest } from '../../src/gates/evidence.ts'
import { metricsGate } from '../../src/gates/metrics.ts'
import { reference } from '../support/fixtures.ts'
import {
  composed,
  estimate,
  judged,
  metricsFacts,
  modelWith,
  only,
  outputs,
  recordOf,
  subjectWith,
} from './measuring-world.ts'

const adult = reference('adult')
const FLOOR = { metric: 'roc_auc', min: 0.88, confidence: 0.9 }
const NOT_WORSE = { metric: 'roc_auc', against: 'incumbent', max_drop: 0.005, confidence: 0.9 }

function floor(rule: object, value: number | null, interval: readonly [number, number] | null, more = {}) {
  const confidence = (rule as { confidence?: number }).confidence ?? 0.95
  return only(
    judged(metricsGate, [rule], {
      metrics: metricsFacts({ candidate: estimate(value, interval, { confidence, ...more }) }),
    }),
  )
}

function against(rule: object, value: number, interval: readonly [number, number] | null, more = {}) {
  const confidence = (rule as { confidence?: number }).confidence ?? 0.95
  const measured = {
    candidate: estimate(0.9, [0.88, 0.92], { confidence }),
    incumbent: estimate(0.9 - value, null),
    difference: estimate(value, interval, { confidence, ...more }),
  }
  return only(judged(metricsGate, [rule], { metrics: metricsFacts(measured) }))
}

describe('a rule with a confidence is judged by the interval, ends included', () => {
  test.each([
    [0.88, 0.9, 'passed'],
    [0.8799, 0.9, 'inconclusive'],
    [0.86, 0.88, 'inconclusive'],
    [0.86, 0.8799, 'failed'],
  ] as const)('[%d, %d] against the floor of 0.88: %s', (low, high, status) => {
    expect(floor(FLOOR, (low + high) / 2, [low, high]).status).toBe(status)
  })

  test.each([
    [0.8, 1.25, 'passed'],
    [0.79, 1.25, 'inconclusive'],
    [0.8, 1.26, 'inconclusive'],
    [0.7, 1.3, 'inconclusive'],
    [0.7, 0.79, 'failed'],
    [1.26, 1.3, 'failed'],
    [1.25, 1.3, 'inconclusive'],
  ] as const)('[%d, %d] between 0.8 and 1.25: %s', (low, high, status) => {
    const regression = subjectWith({ model: modelWith({ task: 'regression' }) })
    const facts = metricsFacts({ candidate: estimate((low + high) / 2, [low, high]) })
    const rule = { metric: 'rmse', min: 0.8, max: 1.25, confidence: 0.9 }
    expect(only(judged(metricsGate, [rule], { metrics: facts }, { subject: regression })).status).toBe(status)
  })

  test('the measured value does not matter then: one over the floor may still be held', () => {
    expect(floor(FLOOR, 0.885, [0.87, 0.9])).toMatchObject({
      status: 'inconclusive',
      because: expect.stringContaining('roc_auc 0.885 may be under the floor of 0.88'),
      measured: 0.885,
      interval: [0.87, 0.9],
      confidence: 0.9,
      limit: { min: 0.88 },
      method: 'delong',
      provenance: 'recomputed',
      rule: 'metrics/roc_auc',
      place: { path: 'policies/production.yml', line: 1, column: 5 },
    })
  })

  test('a number without an interval is never judged by such a rule', () => {
    expect(floor(FLOOR, 0.99, null)).toMatchObject({ status: 'inconclusive' })
    expect(floor(FLOOR, 0.99, [0.98, 1], { confidence: 0.95 })).toMatchObject({ status: 'inconclusive' })
  })
})

describe('a rule without a confidence is judged by the value, and its interval is shown', () => {
  test.each([
    [0.88, 'passed'],
    [0.8712, 'failed'],
    [0.87999999, 'failed'],
  ] as const)('%d against the floor of 0.88: %s', (value, status) => {
    expect(floor({ metric: 'roc_auc', min: 0.88 }, value, [0.5, 0.99])).toMatchObject({ status, interval: [0.5, 0.99] })
  })

  test('the reason says it in words', () => {
    expect(floor({ metric: 'roc_auc', min: 0.88 }, 0.8712, [0.86, 0.88]).because).toContain(
      'roc_auc 0.8712 is under the floor of 0.88',
    )
    expect(floor({ metric: 'roc_auc', min: 0.88 }, 0.879999, null).because).toContain(
      'roc_auc 0.879999 is under the floor of 0.88',
    )
    expect(floor({ metric: 'log_loss', max: 0.3 }, 0.31, null).because).toContain(
      'log_loss 0.31 is over the limit of 0.3',
    )
    expect(floor({ metric: 'recall', min: 0.6, where: 'age < 25' }, 0.53, null).because).toContain(
      'recall (age < 25) 0.53 is under the floor of 0.6',
    )
  })
})

describe('non-inferiority: the worse end of the paired interval is no further than the allowance', () => {
  test.each([
    [-0.005, 0.005, 'passed'],
    [-0.0051, 0.005, 'inconclusive'],
    [-0.01, -0.005, 'inconclusive'],
    [-0.01, -0.0051, 'failed'],
  ] as const)('[%d, %d] with max_drop 0.005: %s', (low, high, status) => {
    expect(against(NOT_WORSE, (low + high) / 2, [low, high]).status).toBe(status)
  })

  test.each([
    [-0.02, 0.01, 'passed'],
    [0.009, 0.017, 'inconclusive'],
    [0.011, 0.017, 'failed'],
  ] as const)('[%d, %d] with max_rise 0.01: %s', (low, high, status) => {
    const rule = { metric: 'log_loss', against: 'incumbent', max_rise: 0.01, confidence: 0.9 }
    expect(against(rule, (low + high) / 2, [low, high]).status).toBe(status)
  })

  test('a drop to exactly the allowance passes, although doubles cannot say 0.05', () => {
    const rule = { metric: 'accuracy', against: 'incumbent', max_drop: 0.05 }
    expect(0.7 - 0.75).toBeLessThan(-0.05)
    expect(against(rule, 0.7 - 0.75, null).status).toBe('passed')
    expect(against(rule, -0.0500001, null).status).toBe('failed')
  })

  test('the reviewer reads which way it moved, how sure that is, and what is allowed', () => {
    const rule = { metric: 'log_loss', against: 'incumbent', max_rise: 0.01 }
    expect(against(rule, 0.0131, [0.009, 0.017])).toMatchObject({
      status: 'failed',
      because: expect.stringContaining('log_loss rose by 0.0131 [0.009, 0.017] against 1.3.0; at most 0.01 is allowed'),
      incumbent: { version: '1.3.0', difference: 0.0131, interval: [0.009, 0.017] },
    })
    expect(against(NOT_WORSE, 0.02, [0.01, 0.03]).because).toContain(
      'roc_auc rose by 0.02 [0.01, 0.03] against 1.3.0; a fall of at most 0.005 is allowed',
    )
  })

  test('a candidate with the very scores of the incumbent passes', () => {
    const identical = against({ ...NOT_WORSE, max_drop: 0 }, 0, [0, 0], { se: 0, p_value: 1 })
    expect(identical).toMatchObject({
      status: 'passed',
      because: expect.stringContaining('roc_auc is exactly that of 1.3.0'),
    })
  })

  test('every relative finding says how often an equally good model would pass, and what would do', () => {
    const open = against(NOT_WORSE, -0.0026, [-0.01255, 0.00735], { se: 0.00605 })
    expect(open.because).toContain(
      '500 rows: an equally good model passes this rule 20 times in 100; max_drop 0.015 would make it 79; or 4,600 rows.',
    )
    const roomy = against({ ...NOT_WORSE, max_drop: 0.02 }, -0.0026, [-0.01255, 0.00735], { se: 0.00605 })
    expect(roomy.because).toContain('500 rows: an equally good model passes this rule 95 times in 100.')
  })

  test('adult: 1.4.0 against 1.1.0 on 8,000 rows cannot be told from a drop of 0.005, as DeLong of pROC has it', () => {
    const { se_diff: se, auc_a, auc_b } = adult.tests['1.1.0|1.4.0'].delong
    const drop = auc_b - auc_a
    const ends = [drop - 1.6449 * se, drop + 1.6449 * se] as const
    const held = against(NOT_WORSE, drop, ends, { se, support: { rows: 8000 } })
    expect(held.status).toBe('inconclusive')
    expect(held.because).toContain(
      'roc_auc fell by 0.002552 [0.000079, 0.005024] against 1.3.0; whether by more than 0.005 cannot be told',
    )
    expect(against({ ...NOT_WORSE, max_drop: 0.01 }, drop, ends, { se, support: { rows: 8000 } }).status).toBe('passed')
  })

  test('adult: 1.3.0 with its flipped labels fails against 1.1.0', () => {
    const { se_diff: se, diff } = adult.tests['1.1.0|1.3.0'].delong
    expect(against(NOT_WORSE, -diff, [-diff - 1.645 * se, -diff + 1.645 * se], { se }).status).toBe('failed')
  })
})

describe('no incumbent, or none that answers', () => {
  test('a first version skips the comparison and is judged by the rest', () => {
    const subject = subjectWith({ incumbent: null, incumbentSource: 'none' })
    const gate = judged(metricsGate, [FLOOR, NOT_WORSE], { metrics: metricsFacts({}) }, { subject })
    expect(gate.children.map(({ status }) => status)).toEqual(['passed', 'skipped'])
    expect(gate.children[1]!.because).toContain('First version here')
    expect(gate.status).toBe('passed')
  })

  test('a first version with nothing but comparisons is skipped, not passed', () => {
    const subject = subjectWith({ incumbent: null, incumbentSource: 'none' })
    expect(judged(metricsGate, [NOT_WORSE], { metrics: metricsFacts({}) }, { subject }).status).toBe('skipped')
  })

  test.each(['unreadable', 'served', 'last-served'] as const)(
    'an incumbent that is %s and could not be read holds',
    (incumbentSource) => {
      const subject = subjectWith({ incumbent: null, incumbentSource })
      expect(judged(metricsGate, [NOT_WORSE], { metrics: metricsFacts({}) }, { subject }).status).toBe('inconclusive')
    },
  )

  test('an incumbent that cannot run on the exam holds and names the columns; nobody may review it away', () => {
    const facts = metricsFacts({}, { incumbent: null, incumbent_missing: 'the exam has no columns old_plan, region' })
    const rule = only(judged(metricsGate, [NOT_WORSE], { metrics: facts }, { review: 'risk' }))
    expect(rule).toMatchObject({ status: 'inconclusive' })
    expect(rule.because).toContain('old_plan, region')
    expect(rule).not.toHaveProperty('review')
  })

  test('a floor and a comparison in one rule must both hold', () => {
    const rule = { ...NOT_WORSE, min: 0.95 }
    const finding = against(rule, 0.001, [-0.001, 0.003])
    expect(finding).toMatchObject({ status: 'failed', limit: { min: 0.95, max_drop: 0.005 } })
    expect(finding.because).toContain('against 1.3.0')
  })
})

describe('too little to go on', () => {
  test.each([
    ['recall', { positives: 18 }, '18 positives'],
    ['precision', { predicted_positives: 29 }, '29 predicted positives'],
    ['specificity', { negatives: 1 }, '1 negative;'],
    ['accuracy', { rows: 29 }, '29 rows'],
    ['roc_auc', { positives: 12 }, '12 rows of each class'],
  ])('%s rests on its own denominator', (metric, support, said) => {
    const more = { support: { rows: 500, positives: 200, negatives: 300, predicted_positives: 180, ...support } }
    const finding = floor({ metric, min: 0.1 }, 0.9, [0.8, 0.95], more)
    expect(finding).toMatchObject({ status: 'inconclusive' })
    expect(finding.because).toContain(said)
  })

  test('min_rows moves the floor, both ways', () => {
    const more = { support: { rows: 40 } }
    expect(floor({ metric: 'accuracy', min: 0.1, min_rows: 41 }, 0.9, [0.8, 0.95], more).status).toBe('inconclusive')
    expect(floor({ metric: 'accuracy', min: 0.1, min_rows: 40 }, 0.9, [0.8, 0.95], more).status).toBe('passed')
    expect(
      floor({ metric: 'accuracy', min: 0.1, min_rows: 5 }, 0.9, [0.8, 0.95], { support: { rows: 5 } }).status,
    ).toBe('passed')
  })

  test('a slice of fewer rows than may be told is neither judged nor shown', () => {
    const slice = { metric: 'recall', min: 0.1, where: 'age > 99', min_rows: 1 }
    const support = (rows: number) => ({ support: { rows, positives: 3, negatives: rows - 3, predicted_positives: 4 } })
    const secret = floor(slice, 0.667, [0.2, 0.9], support(9))
    expect(secret).toMatchObject({ status: 'inconclusive', measured: null, interval: null, support: null })
    expect(JSON.stringify(secret)).not.toMatch(/0\.667|\b9\b|\b3\b/)
    expect(floor(slice, 0.667, [0.2, 0.9], support(10)).status).toBe('passed')
  })

  test('rows without an answer to the slice are counted in the open', () => {
    const facts = metricsFacts({ candidate: estimate(0.9, [0.8, 0.95]), where_null: 12 })
    expect(
      only(judged(metricsGate, [{ metric: 'recall', min: 0.6, where: 'age < 25' }], { metrics: facts })).because,
    ).toContain("12 rows have no answer to 'age < 25' and are in no slice.")
  })

  test('fewer than 30 units decide nothing, whatever the rule says', () => {
    const units = (n: number) => ({
      units: {
        provenance: 'recomputed' as const,
        measured: [
          {
            candidate: estimate(14, [12.5, 15], { support: { rows: n, units: n } }),
            incumbent: null,
            difference: null,
          },
        ],
      },
    })
    const rule = { unit: 'mean_reward', better: 'higher', min: 12, min_rows: 2 }
    expect(only(judged(metricsGate, [rule], units(29))).status).toBe('inconclusive')
    expect(only(judged(metricsGate, [rule], units(30)))).toMatchObject({
      status: 'passed',
      because: expect.stringContaining('mean_reward 14 is over the floor of 12'),
    })
  })
})

describe('what would decide', () => {
  test('an interval that straddles, with the value inside, says how many more rows decide 4 times of 5', () => {
    const se = 0.01
    const open = floor(FLOOR, 0.895, [0.895 - 1.645 * se, 0.895 + 1.645 * se], {
      se,
      support: { rows: 500, positives: 200, negatives: 300 },
    })
    const needed = 500 * ((1.6449 + 0.842) * (se / 0.015)) ** 2
    expect(open.decides).toMatchObject({ of: 'rows', rows: Math.ceil(needed) - 500 })
  })

  test('recall grows with positives, not with rows', () => {
    const open = floor({ metric: 'recall', min: 0.6, confidence: 0.9 }, 0.64, [0.58, 0.7], { se: 0.036 })
    expect(open.decides).toMatchObject({ of: 'positives' })
    expect(open.decides!.rows! + 200).toBe(Math.ceil(200 * ((1.644853627 + 0.842) * (0.036 / 0.04)) ** 2))
  })

  test('a value on the wrong side would rather fail with more rows', () => {
    expect(floor(FLOOR, 0.875, [0.86, 0.89], { se: 0.009 }).decides).toEqual({
      rows: null,
      of: 'rows',
      because: 'more rows would rather fail it',
    })
  })

  test('a value on the limit is never decided by rows', () => {
    const sits = 'the value sits on the limit; more rows will not decide'
    expect(floor(FLOOR, 0.8801, [0.86, 0.9], { se: 0.012 }).decides).toEqual({ rows: null, of: 'rows', because: sits })
    expect(floor(FLOOR, 0.88, [0.86, 0.9], { se: 0.012 }).decides?.rows).toBeNull()
  })

  test('the smallest thing that would turn it, turns it', () => {
    const failed = floor(FLOOR, 0.8512, [0.8423, 0.8601])
    expect(failed.flips).toBe('0.0377 more roc_auc, or a floor of 0.8423')
    expect(floor({ ...FLOOR, min: 0.8423 }, 0.8512, [0.8423, 0.8601]).status).toBe('passed')
    const relative = against(NOT_WORSE, -0.0131, [-0.017, -0.009])
    expect(relative.flips).toBe('0.012 more roc_auc, or max_drop 0.017')
    expect(against({ ...NOT_WORSE, max_drop: 0.017 }, -0.0131, [-0.017, -0.009]).status).toBe('passed')
  })

  test('a passed rule asks for nothing', () => {
    const passed = floor(FLOOR, 0.9, [0.89, 0.91])
    expect(passed).not.toHaveProperty('flips')
    expect(passed).not.toHaveProperty('decides')
  })
})

describe('review is for intervals that straddle, and for nothing else', () => {
  const reviewed = (rule: object, measured: object, more: object = {}) =>
    only(judged(metricsGate, [rule], { metrics: metricsFacts(measured, more) }, { review: 'risk' }))

  test('a straddling interval names the role, and stays inconclusive', () => {
    expect(reviewed(FLOOR, { candidate: estimate(0.885, [0.87, 0.9]) })).toMatchObject({
      status: 'inconclusive',
      review: { role: 'risk' },
    })
  })

  test.each([
    ['passed', { candidate: estimate(0.9, [0.89, 0.91]) }],
    ['failed', { candidate: estimate(0.8, [0.79, 0.81]) }],
    ['undefined', { candidate: estimate(null, null, { because: 'one class' }) }],
    ['without an interval', { candidate: estimate(0.885, null) }],
    ['too small', { candidate: estimate(0.885, [0.87, 0.9], { support: { rows: 20, positives: 10, negatives: 10 } }) }],
  ])('not for what is %s', (_, measured) => {
    expect(reviewed(FLOOR, measured)).not.toHaveProperty('review')
  })

  test('not for claimed numbers', () => {
    const claimed = { candidate: outputs('1.4.0', { provenance: 'claimed' }) }
    expect(reviewed(FLOOR, { candidate: estimate(0.885, [0.87, 0.9]) }, claimed)).not.toHaveProperty('review')
  })

  test('a straddling floor beside a failed comparison is a failure', () => {
    const measured = {
      candidate: estimate(0.885, [0.87, 0.9]),
      incumbent: estimate(0.92, null),
      difference: estimate(-0.035, [-0.04, -0.03]),
    }
    const both = reviewed({ ...NOT_WORSE, min: 0.88 }, measured)
    expect(both.status).toBe('failed')
    expect(both).not.toHaveProperty('review')
  })
})

describe('claimed evidence never passes', () => {
  const claimedBy = (
    provenance: 'attested' | 'claimed',
    atLeast: 'attested' | 'recomputed',
    value = 0.9,
    asked = true,
  ) =>
    only(
      judged(
        metricsGate,
        [{ metric: 'roc_auc', min: 0.88 }],
        {
          metrics: metricsFacts({ candidate: estimate(value, null) }, { candidate: outputs('1.4.0', { provenance }) }),
        },
        { atLeast, provenanceAsked: asked },
      ),
    )

  test.each([
    ['claimed', 'attested', 'inconclusive'],
    ['claimed', 'recomputed', 'inconclusive'],
    ['attested', 'recomputed', 'inconclusive'],
    ['attested', 'attested', 'passed'],
  ] as const)('%s where the policy takes %s: %s', (provenance, atLeast, status) => {
    expect(claimedBy(provenance, atLeast)).toMatchObject({ status, measured: 0.9, provenance })
  })

  test('the finding says what the numbers would have said', () => {
    expect(claimedBy('claimed', 'attested')).toMatchObject({ reason: 'provenance' })
    expect(claimedBy('claimed', 'attested').because).toMatch(
      /Claimed evidence never passes\. They would have said: passed\./,
    )
    expect(claimedBy('claimed', 'attested', 0.5)).toMatchObject({ status: 'inconclusive' })
    expect(claimedBy('claimed', 'attested', 0.5).because).toContain('would have said: failed')
  })

  test('a comparison is no better than the weaker side', () => {
    const facts = metricsFacts(
      { incumbent: estimate(0.9, null), difference: estimate(0, [0, 0]) },
      { incumbent: outputs('1.3.0', { provenance: 'claimed' }) },
    )
    expect(only(judged(metricsGate, [NOT_WORSE], { metrics: facts })).status).toBe('inconclusive')
    expect(only(judged(metricsGate, [FLOOR], { metrics: facts })).status).toBe('passed')
  })

  test('a provenance that nobody knows counts as claimed', () => {
    const facts = metricsFacts({}, { candidate: outputs('1.4.0', { provenance: 'sworn' as never }) })
    expect(only(judged(metricsGate, [FLOOR], { metrics: facts })).status).toBe('inconclusive')
  })

  test('files given by hand are judged as they are', () => {
    expect(claimedBy('claimed', 'attested', 0.9, false).status).toBe('passed')
  })
})

describe('missing, undefined, late: never passed', () => {
  test.each(['missing', 'unreachable'] as const)(
    'evidence that is %s holds every rule, with the reason and the way out',
    (absent) => {
      const gate = judged(metricsGate, [FLOOR, NOT_WORSE, { unit: 'reward', min: 1 }], { absent })
      expect(gate.status).toBe('inconclusive')
      for (const child of gate.children)
        expect(child).toMatchObject({
          status: 'inconclusive',
          because: expect.stringContaining('the store did not answer. Weigh again.'),
          flips: 'Weigh again.',
        })
    },
  )

  test('a value that is null holds with the reason of the estimate', () => {
    expect(floor(FLOOR, null, null, { because: 'all labels are 1' })).toMatchObject({
      status: 'inconclusive',
      measured: null,
    })
    expect(floor(FLOOR, null, null, { because: 'all labels are 1' }).because).toContain('all labels are 1.')
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('a value of %d holds', (value) => {
    expect(floor({ metric: 'roc_auc', min: 0.1 }, value, null).status).toBe('inconclusive')
    expect(against(NOT_WORSE, value, [0, 0]).status).toBe('inconclusive')
    expect(floor(FLOOR, 0.9, [0.89, value]).status).toBe('inconclusive')
  })

  test('an answer that is not there holds', () => {
    const facts = metricsFacts({}, { measured: [] })
    expect(only(judged(metricsGate, [FLOOR], { metrics: facts })).status).toBe('inconclusive')
  })

  test('an exam without rows holds', () => {
    const facts = metricsFacts({}, { candidate: outputs('1.4.0', { rows: 0 }) })
    expect(judged(metricsGate, [FLOOR], { metrics: facts }).status).toBe('inconclusive')
  })

  test('scores that are not finite fail as a finding of their own, whatever the rules say', () => {
    const problems = [
      { code: 'non-finite', status: 'failed' as const, what: '3 scores are NaN', mend: 'Mend the model.', rows: 3 },
    ]
    const facts = metricsFacts({}, { candidate: outputs('1.4.0', { problems }) })
    const gate = judged(metricsGate, [FLOOR], { metrics: facts })
    expect(gate.status).toBe('failed')
    expect(gate.children[0]).toMatchObject({
      status: 'failed',
      title: 'outputs of 1.4.0',
      because: expect.stringContaining('3 scores are NaN'),
      reason: 'outputs:non-finite',
    })
  })

  test('a row without a score fails, also where nobody called it a problem', () => {
    const facts = metricsFacts({}, { candidate: outputs('1.4.0', { dropped: { label_null: 0, score_null: 3 } }) })
    expect(judged(metricsGate, [FLOOR], { metrics: facts })).toMatchObject({ status: 'failed' })
  })

  test('what is wrong with the incumbent, who serves already, is shown and does not hold', () => {
    const problems = [
      { code: 'constant', status: 'failed' as const, what: 'all scores are equal', mend: '', rows: null },
    ]
    const facts = metricsFacts({}, { incumbent: outputs('1.3.0', { problems }) })
    const gate = judged(metricsGate, [FLOOR], { metrics: facts })
    expect(gate.status).toBe('passed')
    expect(gate.children[0]).toMatchObject({ status: 'failed', advisory: true })
  })

  test.each([
    [25, 'passed'],
    [26, 'inconclusive'],
  ])('%d of 500 labels missing: %s', (label_null, status) => {
    const facts = metricsFacts({}, { candidate: outputs('1.4.0', { dropped: { label_null, score_null: 0 } }) })
    expect(judged(metricsGate, [FLOOR], { metrics: facts }).status).toBe(status)
  })

  test('no exam, or no label, holds and says what to name', () => {
    const noExam = judged(metricsGate, [FLOOR], {}, { subject: subjectWith({ exam: null }) })
    expect(only(noExam)).toMatchObject({ status: 'inconclusive', flips: 'Name evaluation.data in model.yml.' })
    const { label: _, ...unlabelled } = modelWith({})
    expect(judged(metricsGate, [FLOOR], {}, { subject: subjectWith({ model: unlabelled }) }).status).toBe(
      'inconclusive',
    )
  })
})

describe('calibration error is biased, and judged against what chance would show', () => {
  const rule = { metric: 'expected_calibration_error', max: 0.03 }

  test.each([
    [0.03, 0.055, 'passed'],
    [0.05, 0.055, 'inconclusive'],
    [0.055, 0.055, 'inconclusive'],
    [0.056, 0.055, 'failed'],
  ] as const)('%d where a calibrated model shows up to %d: %s', (value, null_q95, status) => {
    expect(floor(rule, value, null, { null_q95 }).status).toBe(status)
  })

  test('an undecided one says what a calibrated model would show, and is nobody’s to review', () => {
    const facts = metricsFacts({ candidate: estimate(0.05, null, { null_q95: 0.055 }) })
    const finding = only(judged(metricsGate, [rule], { metrics: facts }, { review: 'risk' }))
    expect(finding.because).toContain('A perfectly calibrated model would show up to 0.055 on 500 rows.')
    expect(finding).not.toHaveProperty('review')
  })

  test('without knowing what chance shows, nothing over the limit is decided', () => {
    expect(floor(rule, 0.5, null).status).toBe('inconclusive')
    expect(floor(rule, 0.5, null, { null_q95: Number.NaN }).status).toBe('inconclusive')
  })

  test('with a confidence it is judged the same, and a comparison beside it is judged too', () => {
    const both = { ...rule, confidence: 0.9, against: 'incumbent', max_rise: 0.01 }
    const measured = {
      candidate: estimate(0.02, null, { null_q95: 0.055 }),
      incumbent: estimate(0.01, null),
      difference: estimate(0.01, [0.005, 0.02]),
    }
    expect(only(judged(metricsGate, [both], { metrics: metricsFacts(measured) })).status).toBe('inconclusive')
    const better = { ...measured, difference: estimate(0.01, [0, 0.01]) }
    expect(only(judged(metricsGate, [both], { metrics: metricsFacts(better) })).status).toBe('passed')
  })
})

describe('tasks', () => {
  test('a rule for other tasks is skipped, a metric that the task lacks holds', () => {
    const subject = subjectWith({ model: modelWith({ task: 'regression' }) })
    const gate = judged(
      metricsGate,
      [
        { ...FLOOR, tasks: ['binary'] },
        { metric: 'recall', min: 0.5 },
      ],
      {},
      { subject },
    )
    expect(gate.children.map(({ status }) => status)).toEqual(['skipped', 'inconclusive'])
    expect(gate.children[1]).toMatchObject({
      because: expect.stringContaining('recall does not exist for regression models'),
      flips: 'tasks: [binary] on the rule, which skips it here',
    })
  })

  test('metrics of several classes are asked of models of several classes, and of no others', () => {
    const subject = subjectWith({ model: modelWith({ task: 'multiclass' }) })
    expect(only(judged(metricsGate, [{ metric: 'roc_auc', min: 0.5 }], {}, { subject }))).toMatchObject({
      status: 'inconclusive',
      reason: 'task',
    })
    expect(only(judged(metricsGate, [{ metric: 'f1_macro', min: 0.5 }], {}))).toMatchObject({ reason: 'task' })
  })

  test('a model of any other kind is judged by its units alone', () => {
    const subject = subjectWith({ model: modelWith({ task: 'other' }), exam: null })
    const units = {
      units: {
        provenance: 'recomputed' as const,
        measured: [
          {
            candidate: estimate(14, [12.5, 15], { support: { rows: 99, units: 99 } }),
            incumbent: null,
            difference: null,
          },
        ],
      },
    }
    const gate = judged(metricsGate, [{ unit: 'reward', min: 12, confidence: 0.9 }], units, { subject })
    expect(gate.status).toBe('passed')
  })
})

describe('nothing declared', () => {
  test('is skipped with one line, held where it is required, and skipped again where model.yml says why', () => {
    expect(judged(metricsGate, [], {})).toMatchObject({ status: 'skipped', children: [] })
    expect(judged(metricsGate, [], {}, { required: true })).toMatchObject({ status: 'inconclusive' })
    const subject = subjectWith({
      model: modelWith({ not_applicable: [{ gate: 'metrics', reason: 'a rule engine' }] }),
    })
    expect(judged(metricsGate, [], {}, { required: true, subject })).toMatchObject({
      status: 'skipped',
      because: 'model.yml says: a rule engine',
    })
  })
})

describe('what the gate asks and shows', () => {
  test('all metrics are asked in one request, equal questions once, and each rule finds its own answer', () => {
    const rules = [FLOOR, { ...FLOOR, min: 0.5 }, NOT_WORSE, { metric: 'recall', min: 0.6, where: 'age < 25' }]
    const [request, ...others] = metricsGate.plan(subjectWith(), composed(metricsGate, rules))
    expect(others).toEqual([])
    expect((request as MetricsRequest).measures).toEqual([
      { metric: 'roc_auc', confidence: 0.9, against_incumbent: false },
      { metric: 'roc_auc', confidence: 0.9, against_incumbent: true },
      { metric: 'recall', where: 'age < 25', confidence: 0.95, against_incumbent: false },
    ])
    expect(request).toMatchObject({
      candidate: { threshold: 0.5, features: ['tenure', 'plan', 'notes'] },
      exam: { columns: { id: 'row_id' } },
    })
  })

  test('predictions made on another set are not sent along as an answer to this exam', () => {
    const table = { uri: 'file:data/p.parquet', digest: `sha256:${'c'.repeat(64)}`, id: 'row_id' }
    const other = { uri: 'file:data/easy.parquet', digest: `sha256:${'d'.repeat(64)}` }
    const base = recordOf('1.4.0')
    const asked = (data: object) => {
      const record = { ...base, evaluation: { ...base.evaluation, predictions: table, ...data } }
      const subject = subjectWith({ candidate: { ...subjectWith().candidate, record } })
      return (metricsGate.plan(subject, composed(metricsGate, [FLOOR]))[0] as MetricsRequest).candidate.predictions
    }
    expect(asked({})).toEqual(table)
    expect(asked({ data: { ...other, digest: `sha256:${'e'.repeat(64)}` } })).toEqual(table)
    expect(asked({ data: other })).toBeUndefined()
  })

  test('an advisory rule is judged and shown and does not hold; a gate of nothing else is advisory itself', () => {
    const facts = { metrics: metricsFacts({ candidate: estimate(0.5, [0.4, 0.6], { confidence: 0.95 }) }) }
    const advisory = { metric: 'roc_auc', min: 0.88, advisory: true }
    const mixed = judged(metricsGate, [advisory, { metric: 'roc_auc', min: 0.1 }], facts)
    expect(mixed.children[0]).toMatchObject({ status: 'failed', advisory: true })
    expect(mixed.status).toBe('passed')
    expect(judged(metricsGate, [advisory], facts)).toMatchObject({ status: 'failed', advisory: true })
  })

  test('curves are on the gate, and an exam that an author chose is named as such', () => {
    const roc = {
      candidate: [
        [0, 0],
        [1, 1],
      ] as const,
      incumbent: null,
    }
    const gate = judged(metricsGate, [FLOOR], { metrics: metricsFacts({}, { curves: { roc, calibration: null } }) })
    expect(gate.exhibits).toEqual([{ kind: 'roc', ...roc }])
    const exam = { ...subjectWith().exam!, setBy: 'candidate' as const }
    const own = judged(metricsGate, [FLOOR], { metrics: metricsFacts({}) }, { subject: subjectWith({ exam }) })
    expect(own.because).toContain('The exam was chosen by the author of 1.4.0')
  })
})

describe('an interval that is known not to hold its level on so few rows says so in the finding', () => {
  const warnings = [
    { code: 'few_rows', message: 'roc_auc: the rarest class has 3 rows; 4 rows of each class would do' },
  ]

  test('beside the interval of the candidate, and that of the difference', () => {
    expect(floor(FLOOR, 0.93, [0.9, 0.95], { warnings }).because).toMatch(
      / roc_auc: the rarest class has 3 rows; .* would do\.$/,
    )
    expect(against(NOT_WORSE, 0, [-0.001, 0.001], { warnings }).because).toContain('the rarest class has 3 rows')
  })

  test('but not where no interval decides, nor for another limit than it is of', () => {
    expect(floor({ metric: 'roc_auc', min: 0.88 }, 0.93, [0.9, 0.95], { warnings }).because).not.toContain('rarest')
    expect(against(NOT_WORSE, 0, [-0.001, 0.001]).because).not.toContain('rarest')
  })
})
