import { expect, test } from 'vitest'
import type { ExplainabilityFacts } from '../../src/gates/evidence.ts'
import { explainabilityGate } from '../../src/gates/explainability.ts'
import { sharedEvidence } from '../../src/gates/shared-evidence.ts'
import { stricterValue } from '../../src/policy/stricter.ts'
import { composed, evidenceFor, judged, MODEL, modelWith, recordOf, subjectWith } from './measuring-world.ts'

type Shares = Readonly<Record<string, number>>

function version(name: string, shares: Shares, spread = 0.01): ExplainabilityFacts['candidate'] {
  const columns = Object.entries(shares).map(([column, share]) => ({
    column,
    mean: share / 4,
    se: 0.001,
    share,
    movement: share / 3,
    interval: [Math.max(0, share - spread), share + spread] as const,
  }))
  return { version: name, baseline: 0.9, columns }
}

function facts(more: Partial<ExplainabilityFacts> = {}): ExplainabilityFacts {
  return {
    metric: 'roc_auc',
    rows: 2000,
    of_rows: 8000,
    repeats: 10,
    candidate: version('1.4.0', { tenure: 0.6, plan: 0.4 }),
    incumbent: version('1.3.0', { tenure: 0.8, plan: 0.2 }),
    shift: {
      value: 0.2,
      interval: [0.18, 0.22],
      columns: [
        { column: 'tenure', candidate: 0.6, incumbent: 0.8, counts: true },
        { column: 'plan', candidate: 0.4, incumbent: 0.2, counts: true },
      ],
    },
    ...more,
  }
}

const judge = (rule: object, answer: ExplainabilityFacts, more = {}) =>
  judged(explainabilityGate, [rule], { explainability: answer }, more)

test('a candidate that leans on other features than the incumbent is held, and the finding says on which', () => {
  const found = judge({ max_importance_shift: 0.1 }, facts())

  expect(found).toMatchObject({ status: 'failed', measured: 0.2, limit: { max: 0.1 }, interval: [0.18, 0.22] })
  expect(found.title).toBe('importance moved by 0.2, 0.1 is the limit')
  expect(found.because).toContain('tenure from 80')
  expect(found.because).toContain('a seeded sample of 2000 of 8000 rows of the exam')
})

test.each([
  ['at the limit is inside', 0.2, [0.18, 0.25], 'passed'],
  ['over the limit by chance is undecided, and a reviewer may take it', 0.21, [0.19, 0.24], 'inconclusive'],
  ['over the limit with its whole interval is held', 0.24, [0.21, 0.27], 'failed'],
  ['without an interval the value decides', 0.21, null, 'failed'],
] as const)('a shift %s', (_, value, interval, status) => {
  const shift = { ...facts().shift!, value, interval }
  const found = judge({ max_importance_shift: 0.2 }, facts({ shift }), { review: 'approver' })

  expect(found.status).toBe(status)
  expect(found.review).toEqual(status === 'inconclusive' ? { role: 'approver' } : undefined)
})

test('a candidate that leans on a sensitive feature is held, and says how much', () => {
  const candidate = version('1.4.0', { tenure: 0.8, sex: 0.2 })
  const found = judge({ max_importance: { sex: 0.02 } }, facts({ candidate, incumbent: null, shift: null }))

  expect(found).toMatchObject({ status: 'failed', measured: 0.2, limit: { max: 0.02 } })
  expect(found.title).toMatch(/^sex bears 20(\.0)? % of the importance, 2(\.0)? % is the limit$/)
})

test('a limit on a column that is no feature holds, and says what was probably meant', () => {
  const found = judge({ max_importance: { tenur: 0.5 } }, facts({ incumbent: null, shift: null }))

  expect(found).toMatchObject({ status: 'inconclusive', title: 'there is no feature tenur' })
  expect(found.flips).toContain('tenure')
  expect(found.review).toBeUndefined()
})

test('all limits must hold: the worst speaks first', () => {
  const rule = { max_importance_shift: 0.5, max_importance: { plan: 0.1, tenure: 0.9 } }
  const found = judge(rule, facts())

  expect(found.status).toBe('failed')
  expect(found.title).toContain('plan bears 40')
})

test('where no column matters nothing is judged, and nothing passes', () => {
  const idle = version('1.4.0', { tenure: 0, plan: 0 })
  const candidate = { ...idle, columns: idle.columns.map((one) => ({ ...one, share: null, interval: null })) }
  const because = 'no column of the candidate has an importance that can be told from 0'
  const answer = facts({ candidate, shift: { value: null, interval: null, because, columns: [] } })

  expect(judge({ max_importance_shift: 1 }, answer)).toMatchObject({ status: 'inconclusive' })
  expect(judge({ max_importance: { plan: 1 } }, answer)).toMatchObject({ status: 'inconclusive' })
})

test('an incumbent that cannot be run leaves the shift undecided, with the reason', () => {
  const found = judge(
    { max_importance_shift: 0.5 },
    facts({ shift: null, incumbent: null, incumbent_missing: 'it is gone' }),
  )

  expect(found).toMatchObject({ status: 'inconclusive' })
  expect(found.because).toContain('it is gone.')
})

test('a first version has nothing to have moved from: the shift is skipped, other limits are judged', () => {
  const subject = subjectWith({ incumbent: null, incumbentSource: 'none' })
  const answer = facts({ incumbent: null, shift: null })

  expect(judge({ max_importance_shift: 0.1 }, answer, { subject }).status).toBe('skipped')
  expect(judge({ max_importance_shift: 0.1, max_importance: { plan: 0.1 } }, answer, { subject }).status).toBe('failed')
})

test('an opaque artifact and a model of task other are skipped with the reason, and nothing is gathered', () => {
  const opaque = recordOf('1.4.0', { artifact: { ...recordOf('1.4.0').artifact, format: 'opaque' } })
  const subjects = [
    subjectWith({ candidate: { ...subjectWith().candidate, record: opaque } }),
    subjectWith({ model: modelWith({ task: 'other' }) }),
  ]
  for (const subject of subjects) {
    const rules = composed(explainabilityGate, [{ max_importance_shift: 0.1 }])
    expect(explainabilityGate.plan(subject, rules)).toEqual([])
    const found = judged(explainabilityGate, [{ max_importance_shift: 0.1 }], {}, { subject })
    expect(found.status).toBe('skipped')
    expect(found.because).not.toBe('')
  }
})

test('no exam, no label and absent evidence are inconclusive', () => {
  const rule = [{ max_importance_shift: 0.1 }]
  const { label: _, ...unlabelled } = MODEL
  for (const subject of [subjectWith({ exam: null }), subjectWith({ model: unlabelled })])
    expect(judged(explainabilityGate, rule, {}, { subject }).status).toBe('inconclusive')
  expect(judged(explainabilityGate, rule, { absent: 'unreachable' }).status).toBe('inconclusive')
})

test('the incumbent is run only where a rule compares with it', () => {
  const plan = (rule: object) => explainabilityGate.plan(subjectWith(), composed(explainabilityGate, [rule]))

  expect(plan({ max_importance: { plan: 0.5 } })).toMatchObject([
    { kind: 'explainability', incumbent: null, rows: 2000 },
  ])
  expect(plan({ max_importance_shift: 0.5 })).toMatchObject([{ incumbent: { version: '1.3.0' }, repeats: 10, seed: 0 }])
})

test.each([
  ['no limit at all', {}],
  ['an empty table of limits', { max_importance: {} }],
  ['a share over 1', { max_importance: { sex: 2 } }],
  ['a limit that is no number', { max_importance_shift: '10 %' }],
])('a rule with %s is refused', (_, rule) => {
  expect(explainabilityGate.rule.safeParse(rule).success).toBe(false)
})

test('of two policies that limit features every limit counts, the lower where both have one', () => {
  const both = stricterValue('max_importance', { sex: 0.1, age: 0.5 }, { sex: 0.2, race: 0.1 })

  expect(both).toEqual({ value: { sex: 0.1, age: 0.5, race: 0.1 }, unordered: false })
})

test('in a shared place a name or text that the repository does not spell is not told', () => {
  const subject = subjectWith()
  const rules = composed(explainabilityGate, [{ max_importance_shift: 0.1 }])
  const candidate = version('1.4.0', { 'Jane Doe': 0.5, plan: 0.5 })
  const answer = facts({ candidate, incumbent_missing: 'row 7 holds Jane Doe', shift: null })
  const evidence = evidenceFor(explainabilityGate, subject, rules, { explainability: answer })
  const found = explainabilityGate.judge(subject, rules, sharedEvidence(evidence, { model: MODEL, minGroup: 10 }))

  expect(JSON.stringify(found)).not.toContain('Jane')
  expect(JSON.stringify(found)).toContain('plan')
})
