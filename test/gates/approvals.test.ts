import { expect, test } from 'vitest'
import { type ApprovalRule, approvalsGate, approvalsNeeded } from '../../src/gates/approvals.ts'
import type { Status } from '../../src/gates/finding.ts'
import type { ComposedGate, GateSubject } from '../../src/gates/gate.ts'
import { requiredApprovals } from '../../src/gates/required-approvals.ts'
import type { ChangeKind } from '../../src/registry/change.ts'
import { compose, evidenceOf, promotion, registered, weighing } from '../policy/weighing.ts'

const RULES = '[{role: approver, count: 2}, {role: risk, when: \'fairness != "passed"\'}]'
const gateOf = (rules: string) =>
  compose({ 'policies/p.yml': `gates: {approvals: ${rules}}\n` }).gates.find(
    ({ gate }) => gate === 'approvals',
  ) as ComposedGate<ApprovalRule>
const needs = (subject: GateSubject, fairness?: Status, rules = RULES) =>
  approvalsNeeded(subject, gateOf(rules), new Map(fairness === undefined ? [] : [['fairness', fairness]])).map(
    ({ role, count, notAuthor }) => [role, count, notAuthor],
  )

test('the roles of the policy must approve, and a condition is asked of the other gates', () => {
  expect(needs(weighing(), 'passed')).toEqual([['approver', 2, true]])
  expect(needs(weighing(), 'inconclusive')).toEqual([
    ['approver', 2, true],
    ['risk', 1, true],
  ])
})

test('a condition that can’t be decided asks for the approval', () => {
  expect(needs(weighing())).toEqual([
    ['approver', 2, true],
    ['risk', 1, true],
  ])
  expect(needs(weighing(), 'passed', '[{role: risk, when: \'model.risk_class == "high"\'}]')).toEqual([
    ['risk', 1, true],
  ])
})

test('the first promotion of a model in an environment needs an approver whatever the policy says', () => {
  const first = weighing({ history: { liveInEarlier: null, firstHere: true } })
  expect(needs(first, 'passed', '[]')).toEqual([['approver', 1, true]])
  expect(needs(weighing(), 'passed', '[]')).toEqual([])
})

test('each kind of change needs its role, and the author never counts where he judges himself', () => {
  const of = (kind: ChangeKind) =>
    requiredApprovals([{ kind, path: 'x.yml' }]).map(({ role, notAuthor }) => [role, notAuthor])
  expect(of('policy-changed')).toEqual([['policy', true]])
  expect(of('configuration-changed')).toEqual([['policy', true]])
  expect(of('terms-changed')).toEqual([
    ['approver', true],
    ['policy', true],
  ])
  expect(of('evaluation-changed')).toEqual([['approver', true]])
  expect(of('serving-changed')).toEqual([['promoter', false]])
  expect(of('removed')).toEqual([['promoter', false]])
  expect(of('version-added')).toEqual([])
})

test('reasons for one role are joined: the most approvals, every reason, the author excluded', () => {
  const changes = [promotion, { kind: 'terms-changed' as const, path: 'models/churn/model.yml', model: 'churn' }]
  const joined = approvalsNeeded(registered({ changes }), gateOf(RULES), new Map([['fairness', 'passed']]))
  expect(joined[0]).toEqual({
    role: 'approver',
    count: 2,
    because: 'the policy asks for it; it changes how a model is judged (churn)',
    notAuthor: true,
    model: 'churn',
    environment: null,
  })
})

test('a rollback asks on-call alone, and its author may be on call', () => {
  const rollback = { ...promotion, kind: 'rollback' as const }
  expect(needs({ ...registered({ changes: [rollback] }), rollback: true }, 'failed')).toEqual([['oncall', 1, false]])
})

test('without people nobody has approved', () => {
  const found = approvalsGate.judge(weighing(), gateOf('[{role: approver}]'), evidenceOf())
  expect(found).toMatchObject({
    status: 'inconclusive',
    because: '1 of role approver, not the author must approve: the policy asks for it',
  })
})
