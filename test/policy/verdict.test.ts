import { expect, test } from 'vitest'
import type { EvidenceReader } from '../../src/gates/evidence.ts'
import { type Finding, finding } from '../../src/gates/finding.ts'
import type { GateSubject } from '../../src/gates/gate.ts'
import type { Composed } from '../../src/policy/compose.ts'
import { judgeGeneral, judgePromotion, notAskedOf, validUntilOf } from '../../src/policy/judge.ts'
import { planPromotion } from '../../src/policy/plan.ts'
import { verdictOf } from '../../src/policy/verdict.ts'
import {
  churn,
  compose,
  evidenceOf,
  present,
  promotion,
  recordFile,
  registered,
  soundArtifact,
  weighing,
} from './weighing.ts'

const LEAN = 'gates: {lineage: {require: [parent]}}\n'
const HIGH = 'gates: {custom: [{name: named, rule: "candidate.version == \'9.9.9\'"}]}\n'

function weigh(subject: GateSubject, composed: Composed, evidence: EvidenceReader = evidenceOf()) {
  const findings = judgePromotion(subject, composed, evidence)
  const change = subject.change
  const validUntil = validUntilOf(subject, composed)
  const { loosened } = composed
  const promotions = [{ change, findings, validUntil }]
  return verdictOf({
    changes: subject.registry.changes,
    promotions,
    general: [],
    notAsked: notAskedOf(findings),
    loosened,
  })
}
const gateOf = (found: Finding, gate: string) => found.children.find((one) => one.gate === gate)

test('a sound promotion passes; its gates are the root’s children, in one order', () => {
  const verdict = weigh(weighing(), compose({ 'policies/p.yml': LEAN }))
  expect(verdict).toMatchObject({
    gate: 'weighbridge',
    status: 'passed',
    title: 'churn 1.3.0 -> 1.4.0 in production: passed',
  })
  expect(verdict.children.map(({ gate, status }) => [gate, status])).toEqual([
    ['registry', 'passed'],
    ['manifest', 'passed'],
    ['integrity', 'passed'],
    ['lineage', 'passed'],
    ['data-quality', 'skipped'],
    ['metrics', 'skipped'],
    ['fairness', 'skipped'],
    ['drift', 'skipped'],
    ['custom', 'skipped'],
    ['after', 'passed'],
    ['freeze', 'skipped'],
  ])
  expect(verdict.because).toBe('5 gates passed.')
  expect(verdict.validUntil).toBe(null)
})

test('one failed gate fails the promotion, and the first line says why', () => {
  const verdict = weigh(weighing(), compose({ 'policies/p.yml': HIGH }))
  expect(verdict.status).toBe('failed')
  expect(verdict.because).toBe("custom: candidate.version == '9.9.9' is false.")
})

test('a pull request that loosens its own policy is judged by the governed one, and promotes nothing (S18)', () => {
  const governed = compose({ 'policies/p.yml': HIGH })
  const changes = [promotion, { kind: 'policy-changed' as const, path: 'policies/p.yml' }]
  const verdict = weigh(registered({ changes }), governed)
  expect(verdict.status).toBe('failed')
  expect(gateOf(verdict, 'registry')?.because).toContain(
    'a policy changes in the same pull request (policies/p.yml), so it promotes nothing',
  )
  expect(gateOf(verdict, 'custom')?.status).toBe('failed')
  expect(verdict.children.length).toBeGreaterThan(8)
  expect(weigh(registered({ changes }), compose({ 'policies/p.yml': LEAN })).status).toBe('failed')
})

test('a pull request that empties what it is judged on promotes nothing, and fairness is asked as before (S56)', () => {
  const text = 'gates: {fairness: [{across: sex, metric: disparate_impact, min: 0.8}]}\n'
  const terms = { kind: 'terms-changed' as const, path: 'models/churn/model.yml', model: 'churn' }
  const verdict = weigh(registered({ changes: [promotion, terms] }), compose({ 'policies/p.yml': text }))
  expect(verdict.status).toBe('failed')
  expect(gateOf(verdict, 'registry')?.because).toContain('how it is judged changes in the same pull request')
  expect(gateOf(verdict, 'fairness')?.status).toBe('inconclusive')
  expect(verdict.because).toContain('Open two pull requests')
})

test('required without anything to judge is inconclusive, unless model.yml states that it does not apply', () => {
  const required = compose({ 'policies/p.yml': 'gates: {fairness: {required: true}}\n' })
  expect(gateOf(weigh(weighing(), required), 'fairness')?.status).toBe('inconclusive')
  const stated = { ...churn, not_applicable: [{ gate: 'fairness', reason: 'no people' }] }
  expect(gateOf(weigh(weighing({ model: stated }), required), 'fairness')?.status).toBe('skipped')
})

test('a gate that a composition lacks judges all the same, and an unknown one decides nothing (S29)', () => {
  const composed = compose({ 'policies/p.yml': LEAN })
  const without = { ...composed, gates: composed.gates.filter(({ gate }) => gate !== 'integrity') }
  const bad = evidenceOf(() => present({ ...soundArtifact, digest: null }))
  expect(gateOf(weigh(weighing(), without, bad), 'integrity')?.status).toBe('inconclusive')
  const unknown = {
    ...composed,
    gates: [...composed.gates, { ...composed.gates[0]!, gate: 'horoscope', declared: true }],
  }
  expect(weigh(weighing(), unknown)).toMatchObject({ status: 'inconclusive' })
})

test('nothing but skipped or advisory gates is no weighing (S29)', () => {
  const skipped = finding('metrics', 'metrics', 'skipped', 'nothing is declared')
  const advised = finding('drift', 'drift', 'passed', 'nothing moved', { advisory: true })
  const verdict = verdictOf({
    changes: [promotion],
    promotions: [{ change: promotion, findings: [skipped, advised] }],
    general: [],
    notAsked: [],
  })
  expect(verdict).toMatchObject({
    status: 'failed',
    because: 'every gate was skipped or advisory, so nothing was weighed.',
  })
  expect(
    verdictOf({ changes: [promotion], promotions: [{ change: promotion, findings: [] }], general: [], notAsked: [] })
      .status,
  ).toBe('failed')
})

test('evidence that nobody has, and numbers that are only claimed, never pass (S28)', () => {
  const text = 'gates: {metrics: [{metric: roc_auc, min: 0.1}]}\n'
  const composed = compose({ 'policies/p.yml': text })
  expect(gateOf(weigh(weighing(), composed), 'metrics')?.status).toBe('inconclusive')
  const claims = { reference: recordFile('1.4.0').record.evaluation.reference, claims: { roc_auc: 0.99 } }
  const candidate = recordFile('1.4.0', { evaluation: claims })
  expect(gateOf(weigh(weighing({ candidate }), composed), 'metrics')?.status).toBe('inconclusive')
})

test('a gate that crashes says so, holds, and takes no other gate down', () => {
  const composed = compose({ 'policies/p.yml': 'gates: {metrics: [{metric: roc_auc, min: 0.1}]}\n' })
  const evidence = evidenceOf((request) => {
    if (request.kind === 'metrics') throw new TypeError('cannot read property of undefined')
    return undefined
  })
  const verdict = weigh(weighing(), composed, evidence)
  expect(gateOf(verdict, 'metrics')).toMatchObject({ status: 'inconclusive' })
  expect(gateOf(verdict, 'metrics')?.because).toContain('the gate crashed: cannot read property of undefined')
  expect(gateOf(verdict, 'integrity')?.status).toBe('passed')
  expect(verdict.status).toBe('inconclusive')
})

test('a policy that can’t be composed holds, with the place and the way out', () => {
  const composed = compose({ 'policies/p.yml': `extends: policies/missing.yml\n${LEAN}` })
  const verdict = weigh(weighing(), composed)
  expect(verdict.status).toBe('inconclusive')
  expect(verdict.children[0]).toMatchObject({
    gate: 'policy',
    children: [{ place: { path: 'policies/p.yml', line: 1, column: 10 } }],
  })
  expect(verdict.because).toContain('policies/missing.yml is not there')
})

test('a loosened rule is the first thing that people read', () => {
  const own = 'extends: policies/base.yml\nwithout: [custom/named]\ngates: {}\n'
  const composed = compose({ 'policies/base.yml': HIGH, 'policies/p.yml': own }, { use: ['policies/p.yml'] })
  const verdict = weigh(weighing(), composed)
  expect(verdict.status).toBe('passed')
  expect(verdict.because).toMatch(/^Looser than what the policy extends: without custom\/named\. /)
  expect(verdict.children[0]).toMatchObject({
    gate: 'policy',
    advisory: true,
    children: [{ place: { path: 'policies/p.yml', line: 2 } }],
  })
})

test('approvals are left out and listed, whatever they would say', () => {
  const verdict = weigh(weighing(), compose({ 'policies/p.yml': 'gates: {approvals: [{role: risk}]}\n' }))
  expect(verdict.status).toBe('passed')
  expect(gateOf(verdict, 'approvals')).toBeUndefined()
  expect(verdict.because).toContain('approvals not asked here')
})

test('in a rollback measuring gates advise, time does not hold, and the bytes still must be right', () => {
  const text = `gates:
  metrics: [{metric: roc_auc, min: 0.1}]
  custom: [{name: named, rule: "candidate.version == '9.9.9'"}]
  drift: {max_drifted_share: 0.3}
  soak: {in: staging, for: 24h}
  freeze: [{from: "Mon 00:00", until: "Sun 23:59"}]
`
  const change = { ...promotion, kind: 'rollback' as const }
  const subject = {
    ...registered({ changes: [change] }),
    change,
    rollback: true,
    history: { liveInEarlier: { environment: 'staging', live: false, because: '' }, firstHere: false },
  }
  const composed = compose({ 'policies/p.yml': text })
  const verdict = weigh(subject, composed)
  expect(verdict.status).toBe('passed')
  expect(gateOf(verdict, 'metrics')).toMatchObject({ status: 'inconclusive', advisory: true })
  expect(gateOf(verdict, 'custom')).toMatchObject({ status: 'failed', advisory: true })
  for (const gate of ['drift', 'soak', 'freeze', 'after']) expect(gateOf(verdict, gate)?.status).toBe('skipped')
  expect(validUntilOf(subject, composed)).toBe(null)
  expect(
    weigh(
      subject,
      composed,
      evidenceOf(() => present({ ...soundArtifact, digest: null })),
    ).status,
  ).toBe('inconclusive')
})

test('several promotions have a node each, and all must pass', () => {
  const good = judgePromotion(weighing(), compose({ 'policies/p.yml': LEAN }), evidenceOf())
  const bad = judgePromotion(weighing(), compose({ 'policies/p.yml': HIGH }), evidenceOf())
  const second = { ...promotion, model: 'fraud' }
  const verdict = verdictOf({
    changes: [promotion, second],
    promotions: [
      { change: promotion, findings: good },
      { change: second, findings: bad },
    ],
    general: [],
    notAsked: [],
  })
  expect(verdict.status).toBe('failed')
  expect(verdict.children.map(({ gate, title, status }) => [gate, title, status])).toEqual([
    ['promotion', 'churn 1.3.0 -> 1.4.0 in production: passed', 'passed'],
    ['promotion', 'fraud 1.3.0 -> 1.4.0 in production: held', 'failed'],
  ])
})

test('one reason is named once, however many gates and promotions it holds', () => {
  const text = 'gates: {metrics: [{metric: roc_auc, min: 0.1}, {metric: recall, min: 0.1}, {metric: f1, min: 0.1}]}\n'
  const findings = judgePromotion(weighing(), compose({ 'policies/p.yml': text }), evidenceOf())
  const twice = [1, 2].map(() => ({ change: promotion, findings }))
  const { because } = verdictOf({ changes: [promotion], promotions: twice, general: [], notAsked: [] })
  expect(because.match(/The table is not there/g)).toHaveLength(1)
})

test('nothing of ours passes with no gate judged', () => {
  expect(verdictOf({ changes: [], promotions: [], general: [], notAsked: [] })).toMatchObject({
    status: 'passed',
    title: 'nothing of ours changed',
    children: [],
  })
})

test('a change without a promotion is held to a sound registry and closed environments', () => {
  const change = { kind: 'policy-changed' as const, path: 'policies/p.yml' }
  const stray = {
    place: { path: 'x.yml', line: 1, column: 1 },
    what: 'an object of ours outside of every environment',
    mend: 'Move it.',
  }
  const judge = (strays: readonly (typeof stray)[]) => {
    const facts = { documents: [], strays }
    const general = judgeGeneral({
      changes: [change],
      mistakes: [],
      conflicts: [],
      manifests: [{ environment: 'staging', facts }],
    })
    return verdictOf({ changes: [change], promotions: [], general, notAsked: notAskedOf(general) })
  }
  expect(judge([])).toMatchObject({
    status: 'passed',
    title: '1 change: passed',
    because: '2 gates passed, approvals not asked here.',
  })
  expect(judge([stray]).status).toBe('failed')
})

test('the verdict is good until the next moment at which time alone changes it', () => {
  const text = `evaluation: {max_age: 60d}
gates:
  freeze: [{from: "Fri 16:00", until: "Mon 08:00"}, {from: "2026-12-20T00:00", until: "2027-01-02T00:00"}]
`
  const composed = compose({ 'policies/p.yml': text })
  expect(weigh(weighing(), composed).validUntil).toBe('2026-11-20T16:00:00.000Z')
  expect(weigh(weighing({ now: '2026-11-27T17:00:00Z' }), composed).validUntil).toBe('2026-11-30T00:00:00.000Z')
  expect(weigh(weighing({ now: '2026-12-01T12:00:00Z' }), composed)).toMatchObject({ status: 'failed' })
})

test('equal requests are asked once, and judging again with another policy asks nothing anew', () => {
  const composed = compose({ 'policies/p.yml': LEAN })
  const candidate = recordFile('1.3.1', { parent: '1.3.0' })
  const requests = planPromotion(weighing({ candidate }), composed)
  expect(requests.map(({ kind }) => kind)).toEqual(['artifact', 'artifact', 'registration'])
  const before = JSON.stringify(judgePromotion(weighing(), composed, evidenceOf()))
  judgePromotion(weighing(), compose({ 'policies/p.yml': HIGH }), evidenceOf())
  expect(JSON.stringify(judgePromotion(weighing(), composed, evidenceOf()))).toBe(before)
})

test('evidence that was kept by somebody else is computed again, and the check says so', () => {
  const composed = compose({ 'policies/p.yml': LEAN })
  const verdict = weigh(
    weighing(),
    composed,
    evidenceOf(() => present(soundArtifact, 'not-ours')),
  )
  const note = gateOf(verdict, 'integrity')?.children.find(({ title }) => title === 'evidence')
  expect(note).toMatchObject({ status: 'passed', advisory: true })
  expect(note?.because).toContain('the kept artifact evidence was not ours')
  expect(verdict.status).toBe('passed')
})

test('across "*" asks for every sensitive column of the model, each with a name of its own', () => {
  const text = 'gates: {fairness: [{across: "*", metric: disparate_impact, min: 0.8}]}\n'
  const composed = compose({ 'policies/p.yml': text })
  const [, request] = planPromotion(weighing({ model: { ...churn, sensitive: ['sex', 'age'] } }), composed)
  expect(request).toMatchObject({ kind: 'fairness', measures: [{ across: ['sex'] }, { across: ['age'] }] })
  const { sensitive: _, ...none } = churn
  const verdict = weigh(weighing({ model: none }), composed)
  expect(gateOf(verdict, 'fairness')?.status).toBe('skipped')
})

test('rules for other tasks ask nothing of this model', () => {
  const text = `gates:
  custom:
    - {name: other, rule: "candidate.version == '9.9.9'", tasks: [regression]}
    - {name: own, rule: "candidate.version == '1.4.0'", tasks: [binary]}
`
  expect(
    gateOf(weigh(weighing(), compose({ 'policies/p.yml': text })), 'custom')?.children.map(({ title }) => title),
  ).toEqual(['own'])
})

test('a rollback is not held by a measuring gate that crashes', () => {
  const change = { ...promotion, kind: 'rollback' as const }
  const subject = { ...registered({ changes: [change] }), change, rollback: true }
  const evidence = evidenceOf((request) => {
    if (request.kind === 'metrics') throw new TypeError('no')
    return undefined
  })
  const text = 'gates: {metrics: [{metric: roc_auc, min: 0.1}]}\n'
  expect(weigh(subject, compose({ 'policies/p.yml': text }), evidence).status).toBe('passed')
})

test('advisory rules do not excuse what is wrong with a whole list', () => {
  const text = 'gates: {custom: [{name: a, rule: "candidate.version == \'9.9.9\'", advisory: true}]}\n'
  const verdict = weigh(weighing(), compose({ 'policies/p.yml': text }))
  expect(gateOf(verdict, 'custom')).toMatchObject({ status: 'failed', advisory: true })
  expect(verdict.status).toBe('passed')
  const first = weighing({
    history: { liveInEarlier: { environment: 'staging', live: true, because: 'live' }, firstHere: true },
  })
  const composed = compose({ 'policies/p.yml': 'gates: {approvals: [{role: risk, advisory: true}]}\n' })
  const approvals = judgePromotion(first, composed, evidenceOf()).find(({ gate }) => gate === 'approvals')
  expect(approvals?.advisory).toBeUndefined()
  expect(approvals?.children.map(({ title }) => title)).toEqual(['approver'])
})
