import { expect, test } from 'vitest'
import type { Finding } from '../../src/gates/finding.ts'
import { finding } from '../../src/gates/finding.ts'
import type { ComposedGate, GateSubject } from '../../src/gates/gate.ts'
import type { GitHubFacts, LedgerFacts } from '../../src/gates/github-facts.ts'
import { gateFinding } from '../../src/gates/rule-finding.ts'
import type { LedgerState } from '../../src/ledger/fact.ts'
import { judgeGates, judgeGeneral, judgePromotion, validUntilOf } from '../../src/policy/judge.ts'
import { leavesOf } from '../../src/policy/leaves.ts'
import { settle } from '../../src/policy/settle.ts'
import { verdictOf } from '../../src/policy/verdict.ts'
import { compose, configuration, digestOf, evidenceOf, promotion, registered } from '../policy/weighing.ts'
import { account, approval, github, KEY, NOW, OTHER_KEY, onGitHub, people, ROLES, state } from './github-world.ts'

const LEAN = 'gates: {lineage: {require: [parent]}}\n'
const ledger = (more: Partial<LedgerState>): LedgerFacts => ({ is: 'sound', state: state(more) })
const judged = (subject: GateSubject, text = LEAN) =>
  judgePromotion(subject, compose({ 'policies/p.yml': text }), evidenceOf())
const found = (facts: Partial<GitHubFacts>, gate: string, more: Partial<GateSubject> = {}, text = LEAN) =>
  judged(onGitHub(facts, more), text).filter((one) => one.gate === gate)
const verdict = (subject: GateSubject, text: string) =>
  verdictOf({
    changes: [promotion],
    promotions: [{ change: promotion, findings: judged(subject, text) }],
    general: [],
    notAsked: [],
    onGitHub: true,
  })
const asRollback = { ...registered({ changes: [{ ...promotion, kind: 'rollback' }] }), rollback: true }
const ROLLBACK = { registry: asRollback.registry, rollback: true }

const quarantined = (more: Partial<LedgerState['quarantined'][number]> = {}) =>
  ledger({
    quarantined: [{ digest: digestOf('a'), version: '1.4.0', until: null, reason: 'an alert', by: 1, ...more }],
  })

test('a quarantined artifact fails, also under another version name, and nobody can waive that', () => {
  const [own] = found({ ledger: quarantined() }, 'quarantine')
  expect(own).toMatchObject({
    status: 'failed',
    because: 'the artifact of 1.4.0 is quarantined in production until somebody ends it: an alert',
  })
  expect(found({ ledger: quarantined({ version: '1.2.0' }) }, 'quarantine')[0]?.because).toContain('as 1.2.0')
  expect(found({ ledger: quarantined() }, 'quarantine', ROLLBACK)[0]?.status).toBe('failed')
  expect(() => compose({ 'policies/p.yml': 'gates: {}\nwaivable: {quarantine: {by: risk}}\n' })).toThrow('quarantine')
})

test('a quarantine ends when it says so, and one whose end cannot be read does not', () => {
  expect(found({ ledger: quarantined({ until: '2026-11-18T11:59:59Z' }) }, 'quarantine')).toEqual([])
  expect(found({ ledger: quarantined({ until: NOW }) }, 'quarantine')).toEqual([])
  expect(found({ ledger: quarantined({ until: '2026-11-18T12:00:01Z' }) }, 'quarantine')).toHaveLength(1)
  expect(found({ ledger: quarantined({ until: 'soon' }) }, 'quarantine')).toHaveLength(1)
  expect(found({ ledger: quarantined({ digest: digestOf('b') }) }, 'quarantine')).toEqual([])
})

test('a held pull request waits, with who held it and why; others and rollbacks do not', () => {
  const held = (pull: number) => ledger({ held: [{ pull, reason: 'audit', by: 3, at: NOW }] })
  expect(found({ ledger: held(7) }, 'hold')[0]).toMatchObject({
    status: 'inconclusive',
    because: `held by account 3 at ${NOW}: audit`,
  })
  expect(found({ ledger: held(8) }, 'hold')).toEqual([])
  expect(found({ ledger: held(7) }, 'hold', ROLLBACK)).toEqual([])
})

test('a freeze by command holds promotions until it ends, and never a rollback (S63)', () => {
  const frozen = (until: string | null) => ledger({ frozen: { until, reason: 'peak', by: 3, at: NOW } })
  expect(found({ ledger: frozen(null) }, 'freeze')[0]).toMatchObject({ status: 'failed' })
  expect(found({ ledger: frozen(null) }, 'freeze')[0]?.because).toContain('frozen by command')
  expect(found({ ledger: frozen('2026-11-18T11:00:00Z') }, 'freeze')[0]?.status).toBe('skipped')
  expect(found({ ledger: frozen(null) }, 'freeze', ROLLBACK)[0]?.status).toBe('skipped')
})

test('what landed unweighed is shown with every check of the model, and holds nothing', () => {
  const facts = ledger({ unweighed: [{ version: '1.3.5', commit: 'f'.repeat(40), at: NOW, because: 'it was pushed' }] })
  const [shown] = found({ ledger: facts }, 'unweighed')
  expect(shown).toMatchObject({ advisory: true })
  expect(shown?.because).toContain('1.3.5 landed in production at ffffffffffff')
  const changes = [{ kind: 'version-added' as const, path: 'models/churn/versions/1.5.0.yml', model: 'churn' }]
  const reading = { changes, mistakes: [], conflicts: [], manifests: [] }
  const states = facts.is === 'sound' ? [facts.state] : []
  const general = judgeGeneral({ ...reading, github: { facts: github(), configuration, states } })
  expect(general.map(({ gate }) => gate)).toEqual(['registry', 'unweighed', 'approvals'])
})

test('a ledger that cannot be believed decides no promotion, and holds no rollback', () => {
  const broken: LedgerFacts = { is: 'broken', because: 'broken at 8123' }
  const [own] = found({ ledger: broken }, 'ledger')
  expect(own).toMatchObject({ status: 'inconclusive', because: expect.stringContaining('broken at 8123') })
  expect(own?.advisory).toBe(undefined)
  expect(found({ ledger: broken }, 'ledger', ROLLBACK)[0]?.advisory).toBe(true)
  expect(found({ ledger: { is: 'unreadable', because: 'no answer' } }, 'ledger')[0]?.status).toBe('inconclusive')
})

test('an exam that has judged as many versions as the policy allows judges no more', () => {
  const text = `${LEAN}evaluation: {max_looks: 2}\n`
  const looked = (...versions: string[]) => ledger({ looked: [{ evaluation: digestOf('e'), versions }] })
  const of = (facts: LedgerFacts) => found({ ledger: facts }, 'evaluation', {}, text)[0]
  expect(of(looked('1.2.0'))?.status).toBe('passed')
  expect(of(looked('1.2.0', '1.4.0'))?.status).toBe('passed')
  expect(of(looked('1.2.0', '1.3.0'))).toMatchObject({ status: 'failed' })
  expect(of({ is: 'broken', because: 'x' })?.status).toBe('inconclusive')
})

const WAIVABLE = `gates: {custom: [{name: never, rule: "1 > 2"}]}
waivable: {custom: {by: risk, max: 14d}}
`
const waiver = (more: Partial<LedgerState['waived'][number]> = {}) => ({
  gate: 'custom',
  evidence_key: KEY,
  until: '2026-11-25T12:00:00Z',
  role: 'risk',
  reason: 'known and small.',
  by: 3,
  at: '2026-11-18T09:00:00Z',
  ...more,
})
const waived = (waivers: LedgerState['waived'], text = WAIVABLE, more: Partial<GitHubFacts> = {}) =>
  verdict(onGitHub({ ledger: ledger({ waived: waivers }), ...more }), text)
const custom = (root: Finding) => root.children.find(({ gate }) => gate === 'custom')

test('a waiver by the role that may takes a gate that holds, and is said first (S40)', () => {
  const root = waived([waiver()])
  expect(custom(root)).toMatchObject({
    status: 'failed',
    advisory: true,
    waiver: { by: 'risk (account 3)', until: '2026-11-25T12:00:00Z', reason: 'known and small.' },
  })
  expect(root.status).toBe('passed')
  expect(root.because).toMatch(
    /^Waived: custom until 2026-11-25T12:00:00Z by risk \(account 3\): known and small\. 4 gates passed\.$/,
  )
})

const VOID: readonly (readonly [string, Parameters<typeof waiver>[0], Partial<GitHubFacts>?])[] = [
  ['of other evidence', { evidence_key: OTHER_KEY }],
  ['that is over', { until: NOW }],
  ['for longer than the policy allows', { until: '2026-12-03T12:00:00Z' }],
  ['whose moments cannot be read', { until: 'never' }],
  ['by another role', { role: 'approver' }],
  ['of another gate', { gate: 'drift' }],
  ['by the author', { by: 5 }],
  ['by a pusher', { by: 1 }, { people: people([], { excluded: [{ ...account('ann'), because: 'pushed' }] }) }],
]
for (const [name, more, facts = { people: people([]) }] of VOID) {
  test(`a waiver ${name} counts for nothing (S40)`, () => {
    const root = waived([waiver(more)], WAIVABLE, facts)
    expect(root.status).toBe('failed')
    expect(custom(root)?.waiver).toBe(undefined)
  })
}

test('a gate that the policy does not name cannot be waived, and a count asks for different people (S40)', () => {
  expect(waived([waiver()], 'gates: {custom: [{name: never, rule: "1 > 2"}]}\n').status).toBe('failed')
  const two = WAIVABLE.replace('max: 14d', 'max: 14d, count: 2')
  expect(waived([waiver(), waiver()], two).status).toBe('failed')
  expect(waived([waiver(), waiver({ by: 2 })], two).status).toBe('passed')
})

test('registry, manifest, integrity, exam and approvals are never waived, whatever stands in the ledger (S40)', () => {
  for (const gate of ['registry', 'manifest', 'integrity', 'approvals', 'after']) {
    expect(() => compose({ 'policies/p.yml': `gates: {}\nwaivable: {${gate}: {by: risk}}\n` })).toThrow('never waived')
  }
  const stated = Object.fromEntries(['registry', 'approvals', 'custom'].map((gate) => [gate, { by: 'risk' }]))
  expect([...leavesOf([[{ gates: {}, waivable: stated }]], null).waivable.keys()]).toEqual(['custom'])
})

test('overlap with the training rows holds, although data quality may be waived (S40)', () => {
  const text = 'gates: {data-quality: {max_train_overlap: 0.01}}\nwaivable: {data-quality: {by: risk}}\n'
  const subject = onGitHub({ ledger: ledger({ waived: [waiver({ gate: 'data-quality' })] }) })
  const composed = compose({ 'policies/p.yml': text })
  const overlap = (status: Finding['status']) =>
    finding('data-quality', 'overlap', status, 'x', { reason: 'quality:max_train_overlap' })
  const missing = finding('data-quality', 'missing', 'failed', 'x', { reason: 'quality:max_missing_share' })
  const settled = (children: readonly Finding[]) =>
    settle(subject, composed, [finding('data-quality', 'data-quality', 'failed', 'x', { children })])[0]?.advisory
  expect(settled([missing, overlap('passed')])).toBe(true)
  expect(settled([missing, overlap('failed')])).toBe(undefined)
  expect(settled([missing, overlap('inconclusive')])).toBe(undefined)
  expect(settled([missing])).toBe(undefined)
})

const straddling = finding('metrics', 'roc_auc', 'inconclusive', 'the interval holds the floor', {
  review: { role: 'risk' },
  rule: 'metrics/roc_auc',
})
const crash = finding('metrics', 'log_loss', 'inconclusive', 'the table is missing')
const whole = (...children: readonly Finding[]) =>
  finding('metrics', 'metrics: 1 inconclusive', 'inconclusive', 'x', { children })
const reviewed = (reviews: Parameters<typeof people>[0], gate: Finding) =>
  settle(onGitHub({ people: people(reviews) }), compose({ 'policies/p.yml': LEAN }), [gate])[0]

test('an interval that straddles is taken by the role’s approval of exactly this evidence, and the check says by whom', () => {
  const taken = reviewed([approval('carl')], whole(straddling))
  expect(taken).toMatchObject({ advisory: true, status: 'inconclusive' })
  expect(taken?.children[0]).toMatchObject({ advisory: true, review: { role: 'risk', by: 'carl' } })
})

test('nothing else that is inconclusive is taken, whoever approves', () => {
  const half = reviewed([approval('carl')], whole(straddling, crash))
  expect(half?.advisory).toBe(undefined)
  expect(half?.status).toBe('inconclusive')
  for (const review of [
    approval('ann'),
    approval('eve'),
    approval('carl', { evidenceKeyThen: OTHER_KEY }),
    approval('carl', { state: 'changes-requested' }),
  ]) {
    expect(reviewed([review], whole(straddling))?.advisory).toBe(undefined)
  }
  const failed = { ...straddling, status: 'failed' as const }
  expect(reviewed([approval('carl')], whole(failed))?.advisory).toBe(undefined)
})

test('a gate that is advice already stays advice, and a note of the gate stays with it', () => {
  const advised = { ...whole(straddling, crash), advisory: true as const }
  expect(reviewed([approval('carl')], advised)).toBe(advised)
  const children = [straddling, crash]
  const noted = gateFinding({ gate: 'metrics' } as ComposedGate, children)
  const because = `${noted.because} The exam was chosen by the author of 1.3.0.`
  expect(reviewed([approval('carl')], { ...noted, because })?.because).toMatch(/missing\. The exam was chosen by/)
})

test('an approval’s condition reads what was judged, not what was taken or waived', () => {
  const text = `gates: {custom: [{name: never, rule: "1 > 2"}], approvals: [{role: approver, when: 'custom != "passed"'}]}
waivable: {custom: {by: risk}}
`
  const root = waived([waiver()], text, { people: people([]) })
  expect(root.children.find(({ gate }) => gate === 'approvals')?.because).toContain('0/1 approvals of role approver')
})

const FREEZE = 'gates: {freeze: [{from: "2026-11-18T12:30", until: "2026-11-18T14:00"}]}\n'
const at = (now: string, subject: GateSubject): [string | undefined, string | null] => {
  const composed = compose({ 'policies/p.yml': FREEZE })
  const then = { ...subject, now }
  const freeze = judgeGates(then, composed, evidenceOf()).find(({ gate }) => gate === 'freeze')
  return [freeze?.status, validUntilOf(then, composed)]
}

test('a freeze is judged at its own moments, on GitHub as in a checkout: one verdict for both', () => {
  for (const subject of [onGitHub(), { ...onGitHub(), github: null }]) {
    expect(at('2026-11-18T12:29:59Z', subject)).toEqual(['passed', '2026-11-18T12:30:00.000Z'])
    expect(at('2026-11-18T12:30:00Z', subject)).toEqual(['failed', '2026-11-18T14:00:00.000Z'])
  }
})

test('a verdict holds until a quarantine, a freeze or a waiver ends', () => {
  const until = (more: Partial<LedgerState>, subject: Partial<GateSubject> = {}) =>
    validUntilOf(onGitHub({ ledger: ledger(more) }, subject), compose({ 'policies/p.yml': LEAN }))
  expect(until({})).toBe(null)
  expect(until({ waived: [waiver()] })).toBe('2026-11-25T12:00:00.000Z')
  expect(until({ waived: [waiver({ evidence_key: OTHER_KEY })] })).toBe(null)
  expect(until({ frozen: { until: '2026-11-20T00:00:00Z', reason: '', by: 1, at: NOW } })).toBe(
    '2026-11-20T00:00:00.000Z',
  )
  const frozen = { frozen: { until: '2026-11-20T00:00:00Z', reason: '', by: 1, at: NOW } }
  expect(until(frozen, ROLLBACK)).toBe(null)
  const ending = quarantined({ until: '2026-11-19T00:00:00Z' })
  expect(until(ending.is === 'sound' ? ending.state : {})).toBe('2026-11-19T00:00:00.000Z')
})

test('people and ledger change nothing of a checkout: the findings are those of the gates, and who must approve', () => {
  const checkout = { ...onGitHub(), github: null, configuration: { ...configuration, roles: ROLES } }
  const gates = judged(checkout).map(({ gate }) => gate)
  expect(gates.at(-1)).toBe('approvals')
  expect(gates).not.toContain('ledger')
})
