import { expect, test } from 'vitest'
import { approvalsNeeded } from '../../src/gates/approvals.ts'
import type { Terms } from '../../src/policy/stricter.ts'
import { stricterTerms } from '../../src/policy/stricter.ts'
import { churn, compose, printed, shipped, weighing } from './weighing.ts'

const ROLES = ['approver', 'risk', 'policy', 'promoter', 'oncall']
const use = (name: string) => compose({}, { use: [`weighbridge/${name}`], roles: ROLES })
const rulesOf = (name: string) =>
  new Map(use(name).gates.flatMap(({ gate, rules }) => rules.map((rule) => [`${gate} ${rule.id}`, rule] as const)))

test('baseline, strict and regulated are shipped, and each can be extended by its name', () => {
  expect([...shipped.keys()].sort()).toEqual(['weighbridge/baseline', 'weighbridge/regulated', 'weighbridge/strict'])
  for (const name of shipped.keys()) {
    const own = compose({ 'policies/production.yml': `extends: ${name}\ngates: {}\n` }, { roles: ROLES })
    expect(printed(own.mistakes)).toEqual([])
    expect(own.loosened).toEqual([])
  }
})

test('a role that the configuration does not have is named, not forgotten', () => {
  const { mistakes } = compose({}, { use: ['weighbridge/regulated'], roles: ['approver'] })

  expect(printed(mistakes).join('\n')).toMatch(/risk/)
})

test.each([
  ['baseline', 'strict'],
  ['strict', 'regulated'],
])('every rule of %s holds in %s too, and none is looser', (milder, stricter) => {
  const [before, after] = [rulesOf(milder), rulesOf(stricter)]
  for (const [id, { rule, advisory, review }] of before) {
    const own = after.get(id)
    expect(own, id).toBeDefined()
    expect(stricterTerms(rule as Terms, own!.rule as Terms).terms, id).toEqual(own!.rule)
    if (!advisory) expect(own!.advisory, id).toBe(false)
    if (review === null) expect(own!.review, id).toBeNull()
  }
})

test.each(['strict', 'regulated'])(
  '%s hands nothing that nobody could decide to a reviewer, and lets nobody waive',
  (name) => {
    const composed = use(name)

    expect([...composed.onInconclusive]).toEqual([])
    expect([...composed.leaves.waivable]).toEqual([])
    expect(composed.gates.every(({ atLeast }) => atLeast === 'recomputed')).toBe(true)
    expect(composed.gates.flatMap(({ rules }) => rules).some(({ advisory }) => advisory)).toBe(false)
  },
)

test('who extends strict cannot hand an undecided number to a reviewer without saying so', () => {
  const text = 'extends: weighbridge/strict\ngates: {}\non_inconclusive: {metrics: {review: approver}}\n'

  const silent = compose({ 'policies/production.yml': text }, { roles: ROLES })
  const loud = compose({ 'policies/production.yml': `${text}loosen: [on_inconclusive/metrics]\n` }, { roles: ROLES })

  expect([...silent.onInconclusive]).toEqual([])
  expect(printed(silent.mistakes)[0]).toContain('is looser than')
  expect([...loud.onInconclusive.keys()]).toEqual(['approver'])
  expect(loud.loosened).toHaveLength(1)
})

test('regulated leaves nothing undeclared: what baseline would skip is inconclusive there', () => {
  const required = use('regulated').gates.filter((gate) => gate.required)

  expect(required.map(({ gate }) => gate)).toEqual(['lineage', 'data-quality', 'fairness', 'drift', 'explainability'])
})

test.each([
  ['strict', 'minimal', { approver: 1 }],
  ['strict', 'high', { approver: 1, risk: 1 }],
  ['strict', undefined, { approver: 1, risk: 1 }],
  ['regulated', 'minimal', { approver: 1, risk: 1 }],
  ['regulated', 'high', { approver: 1, risk: 2 }],
  ['regulated', undefined, { approver: 1, risk: 2 }],
])('%s asks for people by the class of risk: %s', (name, risk_class, wanted) => {
  const model = { ...churn, ...(risk_class !== undefined && { risk_class }) }
  const gate = use(name).gates.find((one) => one.gate === 'approvals')!

  const needs = approvalsNeeded(weighing({ model }), gate as never, new Map())

  expect(Object.fromEntries(needs.map(({ role, count }) => [role, count]))).toEqual(wanted)
  expect(needs.every(({ notAuthor }) => notAuthor)).toBe(true)
})
