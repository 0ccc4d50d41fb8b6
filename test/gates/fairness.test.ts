import { describe, expect, test } from 'vitest'
import type { Disparity, DisparityMeasured, FairnessFacts, FairnessRequest } from '../../src/gates/evidence.ts'
import { fairnessGate } from '../../src/gates/fairness.ts'
import { disparityNamed } from '../../src/statistics/disparities.ts'
import { reference } from '../support/fixtures.ts'
import { composed, disparity, estimate, judged, modelWith, only, outputs, subjectWith } from './measuring-world.ts'

const adult = reference('adult')
const PARITY = { across: 'sex', metric: 'statistical_parity_difference', max: 0.1, confidence: 0.9 }
const IMPACT = {
  across: 'sex',
  metric: 'disparate_impact',
  min: 0.8,
  max: 1.25,
  privileged: { sex: 'Male' },
  confidence: 0.9,
}
const KEPT = { across: 'sex', metric: 'disparate_impact', against: 'incumbent', max_drop: 0.05 }

function facts(measured: Partial<DisparityMeasured>, more: Partial<FairnessFacts> = {}) {
  return {
    fairness: (request: FairnessRequest): FairnessFacts => ({
      candidate: outputs('1.4.0'),
      measured: request.measures.map(() => ({
        candidate: disparity(0.05, [0.02, 0.08]),
        incumbent: null,
        difference: null,
        ...measured,
      })),
      ...more,
    }),
  }
}

function weigh(
  rule: object,
  value: number | null,
  interval: readonly [number, number] | null,
  more: Partial<Disparity> = {},
) {
  const confidence = (rule as { confidence?: number }).confidence ?? 0.95
  const candidate = disparity(value, interval, more)
  const at = { ...candidate, estimate: { ...candidate.estimate, confidence, ...more.estimate } }
  return only(judged(fairnessGate, [rule], facts({ candidate: at }), { review: 'risk' }))
}

function refusals(rule: unknown): readonly string[] {
  const parsed = fairnessGate.rule.safeParse(rule)
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

describe('rules', () => {
  test.each([
    [
      { across: 'sex', metric: 'disparate_impact', min: 0.8, privileged: { sex: 'Male' }, max: 1.25 },
      'disparate_impact/sex',
    ],
    [
      {
        across: ['sex', 'age_group'],
        metric: 'equalized_odds_difference',
        max: 0.1,
        confidence: 0.9,
        min_rows: 30,
        small_groups: 'report',
      },
      'equalized_odds_difference/sex,age_group',
    ],
    [KEPT, 'disparate_impact/sex/incumbent'],
    [
      { across: 'sex', metric: 'average_abs_odds_difference', against: 'incumbent', max_rise: 0.02 },
      'average_abs_odds_difference/sex/incumbent',
    ],
  ])('of the example policy are understood: %o', (rule, id) => {
    expect(refusals(rule)).toEqual([])
    expect(fairnessGate.idParts(fairnessGate.rule.parse(rule)).join('/')).toBe(id)
  })

  test.each([
    [
      { across: 'sex', metric: 'disparate_impact', max: 1.25 },
      'max: max never binds on disparate_impact without privileged, which is at most 1 then: add privileged: {column: group}, or leave max out',
    ],
    [
      { across: 'sex', metric: 'average_odds_difference', max: 0.1 },
      'metric: average_odds_difference is shown, never gated: opposite gaps cancel in it. Use average_abs_odds_difference',
    ],
    [
      { across: 'sex', metric: 'equalized_odds_difference', against: 'incumbent', max_drop: 0.1 },
      'max_drop: equalized_odds_difference is best at zero: use max_rise',
    ],
    [
      { across: 'sex', metric: 'disparate_impact', against: 'incumbent', max_rise: 0.1 },
      'max_rise: disparate_impact is best at one: use max_drop',
    ],
    [
      { across: 'sex', metric: 'statistical_parity_difference', min: -0.1, max: 0.1 },
      'min: statistical_parity_difference is judged by its distance from zero: use max: 0.1 alone',
    ],
    [
      { across: 'sex', metric: 'statistical_parity_difference', max: -0.1 },
      'max: a distance from zero is never under 0',
    ],
    [
      { across: 'sex', metric: 'disparate_impact' },
      ': a rule needs a limit: min, max, or against: incumbent with max_drop or max_rise',
    ],
    [{ across: ['sex', 'sex'], metric: 'disparate_impact', min: 0.8 }, 'across: across names a column twice'],
    [
      { across: 'sex', metric: 'disparate_impact', min: 0.8, privileged: { race: 'White' } },
      'privileged: privileged must give a value for each of sex',
    ],
  ])('%o is refused with the way out', (rule, said) => {
    expect(refusals(rule)).toEqual([said])
  })

  test('a mistyped disparity gets the one that was probably meant', () => {
    expect(refusals({ across: 'sex', metric: 'disparate_impct', min: 0.8 })[0]).toContain(
      'Did you mean disparate_impact?',
    )
  })
})

describe('a disparity best at zero is judged by its distance from zero', () => {
  test.each([
    [0.02, 0.1, 'passed'],
    [-0.1, 0.1, 'passed'],
    [-0.1, -0.02, 'passed'],
    [0.05, 0.1001, 'inconclusive'],
    [-0.1001, 0.05, 'inconclusive'],
    [-0.3, -0.1, 'inconclusive'],
    [-0.3, -0.1001, 'failed'],
    [0.1001, 0.3, 'failed'],
  ] as const)('[%d, %d] with max 0.1: %s', (low, high, status) => {
    expect(weigh(PARITY, (low + high) / 2, [low, high]).status).toBe(status)
  })

  test('by the value, and a large negative gap does not pass', () => {
    const { confidence: _, ...byValue } = PARITY
    expect(weigh(byValue, -0.3, [-0.4, -0.2]).status).toBe('failed')
    expect(weigh(byValue, -0.1, [-0.4, -0.2]).status).toBe('passed')
    expect(weigh(byValue, -0.3, null)).toMatchObject({ measured: -0.3 })
  })

  test('adult: 1.2.0, which ignores the reweighing, fails a parity of 0.1 across sex', () => {
    const men = adult.versions['1.2.0'].fairness.sex
    const gap = men.fairlearn.demographic_parity_difference
    expect(
      weigh(
        PARITY,
        gap,
        men.aif360_vs_privileged.Female.selection_rate_two_proportion.ci95_newcombe.map(Math.abs).toReversed(),
      ),
    ).toMatchObject({
      status: 'failed',
      because: expect.stringContaining(
        'statistical_parity_difference across sex (Male and Female) 0.1886 is over the limit of 0.1',
      ),
    })
  })
})

describe('disparate impact against a privileged group is judged at both ends, unfolded', () => {
  test.each([
    [0.8, 1.25, 'passed'],
    [0.79, 1.2, 'inconclusive'],
    [0.9, 1.26, 'inconclusive'],
    [0.5, 0.79, 'failed'],
    [1.26, 1.5, 'failed'],
  ] as const)('[%d, %d] between 0.8 and 1.25: %s', (low, high, status) => {
    expect(weigh(IMPACT, (low + high) / 2, [low, high]).status).toBe(status)
  })

  test('adult: the four-fifths rule fails for 1.2.0', () => {
    const { confidence: _, ...byValue } = IMPACT
    const ratio = adult.versions['1.2.0'].fairness.sex.aif360_vs_privileged.Female.disparate_impact
    expect(weigh(byValue, ratio, null)).toMatchObject({ status: 'failed', measured: ratio })
  })

  const group = (value: number | null, interval: readonly [number, number] | null, corrected = interval) => ({
    group: { sex: 'Female' },
    value,
    interval,
    corrected,
  })

  test('every group must keep the limits, not only the one that is worst when folded', () => {
    const { confidence: _, ...byValue } = IMPACT
    const by_group = [group(1.24, null), group(0.79, null)]
    expect(weigh({ ...byValue, min: 0.8 }, 1.24, null, { by_group }).status).toBe('failed')
    expect(weigh({ ...byValue, min: 0.79 }, 1.24, null, { by_group }).status).toBe('passed')
    expect(weigh(byValue, 1, null, { by_group: [group(null, null)] }).status).toBe('inconclusive')
  })

  test('one group fails the rule only by an interval corrected for the search', () => {
    const fails = [group(1, [0.9, 1.1]), group(0.6, [0.5, 0.7], [0.45, 0.75])]
    expect(weigh(IMPACT, 0.6, [0.5, 1.1], { by_group: fails }).status).toBe('failed')
    const open = [group(1, [0.9, 1.1]), group(0.7, [0.6, 0.79], [0.55, 0.85])]
    expect(weigh(IMPACT, 0.7, [0.6, 1.1], { by_group: open })).toMatchObject({
      status: 'inconclusive',
      review: { role: 'risk' },
    })
    const unknown = [group(1, [0.9, 1.1]), group(0.7, [0.6, 0.79], null)]
    const held = weigh(IMPACT, 0.7, [0.6, 1.1], { by_group: unknown })
    expect(held.status).toBe('inconclusive')
    expect(held).not.toHaveProperty('review')
  })
})

describe('against the incumbent, on the folded number', () => {
  const rises = (difference: number, interval: readonly [number, number] | null, rule: object = KEPT) => {
    const confidence = (rule as { confidence?: number }).confidence ?? 0.95
    return only(
      judged(
        fairnessGate,
        [rule],
        facts({
          candidate: disparity(0.9, [0.8, 1]),
          incumbent: disparity(0.95, [0.9, 1]),
          difference: estimate(difference, interval, { confidence, method: 'bootstrap' }),
        }),
      ),
    )
  }

  test('a ratio may come no further from 1 than max_drop', () => {
    expect(rises(-0.05, [-0.1, 0]).status).toBe('passed')
    expect(rises(-0.0501, [-0.1, 0])).toMatchObject({
      status: 'failed',
      because: expect.stringContaining(
        'disparate_impact across sex (Male and Female), folded to at most 1, fell by 0.0501 [0, 0.1] against 1.3.0; at most 0.05 is allowed',
      ),
    })
  })

  test('a gap may grow by no more than max_rise, by the interval', () => {
    const rule = {
      across: 'sex',
      metric: 'equalized_odds_difference',
      against: 'incumbent',
      max_rise: 0.02,
      confidence: 0.9,
    }
    expect(rises(0.01, [-0.01, 0.02], rule).status).toBe('passed')
    expect(rises(0.01, [-0.01, 0.0201], rule).status).toBe('inconclusive')
    expect(rises(0.03, [0.021, 0.04], rule).status).toBe('failed')
  })

  test('a first version skips it; an incumbent that cannot run holds', () => {
    const first = subjectWith({ incumbent: null, incumbentSource: 'none' })
    expect(only(judged(fairnessGate, [KEPT], facts({}), { subject: first })).status).toBe('skipped')
    const held = only(judged(fairnessGate, [KEPT], facts({}, { incumbent_missing: 'the exam has no column region' })))
    expect(held.status).toBe('inconclusive')
    expect(held.because).toContain('region')
  })
})

describe('small groups', () => {
  const left = (share: number) => ({ uncounted: { groups: 2, share } })

  test('a group of three people neither passes nor fails the gate', () => {
    expect(weigh(PARITY, 0.05, [0.02, 0.08], left(0.004)).status).toBe('passed')
    expect(weigh(PARITY, 0.3, [0.2, 0.4], left(0.004)).status).toBe('failed')
  })

  test.each([
    [0.05, 'passed'],
    [0.0501, 'inconclusive'],
  ] as const)('left out, together %d of the rows: %s', (share, status) => {
    expect(weigh(PARITY, 0.05, [0.02, 0.08], left(share)).status).toBe(status)
  })

  test('small_groups: hold holds for one of them', () => {
    expect(weigh({ ...PARITY, small_groups: 'hold' }, 0.05, [0.02, 0.08], left(0.001)).status).toBe('inconclusive')
    expect(weigh({ ...PARITY, small_groups: 'hold' }, 0.05, [0.02, 0.08]).status).toBe('passed')
    expect(weigh({ ...PARITY, small_groups: 'pool' }, 0.05, [0.02, 0.08]).status).toBe('passed')
  })

  test('nobody reviews away what is held for its small groups', () => {
    expect(weigh(PARITY, 0.09, [0.05, 0.13], left(0.004))).toMatchObject({
      status: 'inconclusive',
      review: { role: 'risk' },
    })
    expect(weigh(PARITY, 0.09, [0.05, 0.13], left(0.2))).not.toHaveProperty('review')
    expect(weigh(PARITY, 0.05, [0.02, 0.08], left(0.2))).not.toHaveProperty('review')
  })

  test('fewer than two groups decide nothing', () => {
    const groups = disparity(0, [0, 0]).groups.map((group, index) => ({ ...group, counted: index === 0 }))
    expect(weigh(PARITY, 0, [0, 0], { groups })).toMatchObject({ status: 'inconclusive' })
    expect(weigh(PARITY, 0, [0, 0], { groups: [] })).toMatchObject({ status: 'inconclusive' })
  })

  test('no sentence tells a count under ten, nor the value of a group that nobody declared', () => {
    const three = weigh(PARITY, 0.09, [0.05, 0.13], { ...left(0.004), binding: { of: 'positives', count: 3 } })
    expect(`${three.title} ${three.because} ${three.flips}`).not.toMatch(/\b3\b|0\.4 %/)
    expect(three).not.toHaveProperty('decides')
    const secret = subjectWith({ model: modelWith({ sensitive: ['sex'] }) })
    const undeclared = only(judged(fairnessGate, [PARITY], facts({}), { subject: secret }))
    expect(JSON.stringify({ ...undeclared, exhibits: [] })).not.toContain('Female')
    const personal = subjectWith({
      model: modelWith({ sensitive: [{ name: 'sex', values: ['Male', 'Female'], personal: true }] }),
    })
    expect(only(judged(fairnessGate, [PARITY], facts({}), { subject: personal })).because).not.toContain('Female')
  })
})

test('what a finding rests on does not tell by subtraction how small the groups left out are', () => {
  const groups = (rows: number) => [
    ...disparity(0, null).groups,
    { ...disparity(0, null).groups[0]!, group: { sex: 'X' }, rows, counted: false },
  ]
  const left = (rows: number) =>
    weigh(PARITY, 0.05, [0.02, 0.08], { groups: groups(rows), uncounted: { groups: 1, share: 0.01 } })
  expect(left(3)).toMatchObject({ status: 'passed', support: null })
  expect(left(12)).toMatchObject({ status: 'passed', support: { rows: 500 } })
})

describe('what would decide, and what is shown', () => {
  test('more rows, or positives, of the group that binds', () => {
    const se = 0.02
    const open = weigh(PARITY, 0.06, [0.02, 0.11], {
      binding: { of: 'positives', count: 200 },
      estimate: estimate(0.06, [0.02, 0.11], { se }),
    })
    expect(open.decides).toMatchObject({ of: 'positives of the smaller group' })
    expect(open.decides!.rows! + 200).toBe(Math.ceil(200 * ((1.644853627 + 0.842) * (se / 0.04)) ** 2))
  })

  test('groups stand beside the finding with their intervals and the incumbent’s rates', () => {
    const finding = only(judged(fairnessGate, [PARITY], facts({ incumbent: disparity(0.04, null) })))
    expect(disparityNamed(PARITY.metric).rates).toEqual(['selection_rate'])
    expect(finding.exhibits).toEqual([
      {
        kind: 'groups',
        across: ['sex'],
        rate: 'selection_rate',
        groups: [
          { group: { sex: 'Male' }, rows: 300, counted: true, value: 0.3, interval: [0.28, 0.32], incumbent: 0.3 },
          { group: { sex: 'Female' }, rows: 200, counted: true, value: 0.3, interval: [0.28, 0.32], incumbent: 0.3 },
        ],
      },
    ])
  })

  test('each rule asks for its own measure, with what it leaves to the default spelled out', () => {
    const [request] = fairnessGate.plan(subjectWith(), composed(fairnessGate, [PARITY, KEPT]))
    expect((request as FairnessRequest).measures).toEqual([
      {
        across: ['sex'],
        metric: 'statistical_parity_difference',
        confidence: 0.9,
        min_rows: 30,
        small_groups: 'report',
        against_incumbent: false,
      },
      {
        across: ['sex'],
        metric: 'disparate_impact',
        confidence: 0.95,
        min_rows: 30,
        small_groups: 'report',
        against_incumbent: true,
      },
    ])
  })
})

describe('nothing to judge, or nothing that may be judged', () => {
  test('no sensitive column: skipped with one line, held where fairness is required', () => {
    const subject = subjectWith({ model: modelWith({ sensitive: [] }) })
    expect(judged(fairnessGate, [PARITY], {}, { subject })).toMatchObject({
      status: 'skipped',
      because: 'model.yml declares no sensitive columns.',
    })
    expect(judged(fairnessGate, [PARITY], {}, { subject, required: true })).toMatchObject({ status: 'inconclusive' })
    const stated = subjectWith({
      model: modelWith({ sensitive: [], not_applicable: [{ gate: 'fairness', reason: 'machines only' }] }),
    })
    expect(judged(fairnessGate, [PARITY], {}, { subject: stated, required: true }).status).toBe('skipped')
  })

  test('a column that is not declared as sensitive holds, and is named', () => {
    const finding = only(judged(fairnessGate, [{ ...PARITY, across: ['sex', 'race'] }], {}))
    expect(finding).toMatchObject({ status: 'inconclusive', flips: 'sensitive: [sex, age_group, race] in model.yml' })
    expect(finding.because).toContain('race')
  })

  test('sensitive columns that only a runner may read are not asked for here', () => {
    const vault = {
      uri: 's3://vault/p.parquet',
      digest: `sha256:${'9'.repeat(64)}`,
      id: 'row_id',
      read: 'runner' as const,
    }
    const subject = subjectWith({
      model: modelWith({ evaluation: { ...modelWith({}).evaluation!, sensitive: vault } }),
    })
    expect(fairnessGate.plan(subject, composed(fairnessGate, [PARITY]))).toEqual([])
    expect(only(judged(fairnessGate, [PARITY], {}, { subject }))).toMatchObject({
      status: 'inconclusive',
      reason: 'not-judged',
    })
  })

  test.each(['multiclass', 'other', 'regression'] as const)('a %s model holds', (task) => {
    expect(
      only(judged(fairnessGate, [PARITY], {}, { subject: subjectWith({ model: modelWith({ task }) }) })).status,
    ).toBe('inconclusive')
  })

  test('where fairness is required, a policy without a rule for this task leaves it open', () => {
    const subject = subjectWith({ model: modelWith({ task: 'regression' }) })
    const rules = [{ ...PARITY, tasks: ['binary', 'multiclass'] }]
    expect(judged(fairnessGate, rules, {}, { subject }).status).toBe('skipped')
    expect(judged(fairnessGate, rules, {}, { subject, required: true })).toMatchObject({
      status: 'inconclusive',
      because: expect.stringContaining('no rule for fairness of regression models'),
    })
  })

  test('of several classes the favourable one is compared with the rest, and named', () => {
    const model = modelWith({ task: 'multiclass', label: { name: 'churned', positive: 'kept' } })
    const subject = subjectWith({ model })
    const judging = judged(fairnessGate, [PARITY], facts({}), { subject })
    expect(fairnessGate.plan(subject, composed(fairnessGate, [PARITY]))).toHaveLength(1)
    expect(only(judging)).toMatchObject({ status: 'passed' })
    expect(only(judging).because).toContain('of "kept" across sex')
  })

  test('missing evidence, a null value, claimed numbers: held', () => {
    expect(only(judged(fairnessGate, [PARITY], { absent: 'missing' })).status).toBe('inconclusive')
    expect(weigh(PARITY, null, null).status).toBe('inconclusive')
    const claimed = facts({}, { candidate: outputs('1.4.0', { provenance: 'claimed' }) })
    expect(only(judged(fairnessGate, [PARITY], claimed))).toMatchObject({
      status: 'inconclusive',
      reason: 'provenance',
    })
  })
})
