import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ApprovalRule, approvalsFinding, changesFinding } from '../../src/gates/approvals.ts'
import type { Count } from '../../src/gates/counted-approvals.ts'
import { unfilledRole } from '../../src/gates/distinct-people.ts'
import type { Finding, Status } from '../../src/gates/finding.ts'
import type { ComposedGate, GateSubject } from '../../src/gates/gate.ts'
import type { PeopleFacts, ReviewFact } from '../../src/gates/github-facts.ts'
import type { Configuration } from '../../src/registry/configuration.ts'
import { roleLookUp } from '../../src/registry/role-holders.ts'
import { churn, compose, configuration, promotion, registered } from '../policy/weighing.ts'
import { account, approval, github, OTHER_KEY, onGitHub, people, ROLES, teams } from './github-world.ts'

const gateOf = (rules: string) =>
  compose({ 'policies/p.yml': `gates: {approvals: ${rules}}\n` }).gates.find(
    ({ gate }) => gate === 'approvals',
  ) as ComposedGate<ApprovalRule>
const ONE = '[{role: approver}]'
const judge = (subject: GateSubject, rules = ONE, statuses: readonly (readonly [string, Status])[] = []) =>
  approvalsFinding(subject, gateOf(rules), new Map(statuses))
const withReviews = (reviews: readonly ReviewFact[], more: Partial<PeopleFacts> = {}, rules = ONE) =>
  judge(onGitHub({ people: people(reviews, more) }), rules)
const configured = (more: Partial<Configuration>, reviews: readonly ReviewFact[], rules = ONE) =>
  judge(onGitHub({ people: people(reviews) }, {}, more), rules)

test('an approval of exactly this evidence by a member of the role counts', () => {
  const found = withReviews([approval('ann')])
  expect(found).toMatchObject({ status: 'passed', because: '1/1 approvals of role approver: ann' })
})

test('two approvals need two people, however often one of them approves', () => {
  const twice = [approval('ann'), approval('ann', { id: 500, submittedAt: '2026-11-18T11:30:00Z' })]
  expect(withReviews(twice, {}, '[{role: approver, count: 2}]')).toMatchObject({
    status: 'inconclusive',
    because: '1/2 approvals of role approver (ann) for churn in production: the policy asks for it',
  })
  expect(withReviews([approval('ann'), approval('bob')], {}, '[{role: approver, count: 2}]').status).toBe('passed')
})

const NOT_COUNTED: readonly (readonly [string, readonly ReviewFact[], Partial<PeopleFacts>, string])[] = [
  ['given to other evidence', [approval('ann', { evidenceKeyThen: OTHER_KEY })], {}, 'ann (approved other evidence'],
  ['given before a report', [approval('ann', { evidenceKeyThen: null })], {}, 'ann (approved eeeeeee before a report'],
  [
    'of a pusher',
    [approval('ann')],
    { excluded: [{ ...account('ann'), because: 'pushed to the branch' }] },
    'ann (pushed to the branch)',
  ],
  [
    'of a commit’s author',
    [approval('ann')],
    { excluded: [{ ...account('ann'), because: 'has a commit in it', is: 'commit' }] },
    'ann (has a commit in it)',
  ],
  [
    'of whoever asked for it',
    [approval('ann')],
    { excluded: [{ ...account('ann'), because: 'asked for it', is: 'requester' }] },
    'ann (asked for it)',
  ],
  ['of the author', [approval('eve')], {}, 'eve (opened it)'],
  ['of the author whom no list names', [approval('eve')], { excluded: [] }, 'eve (is the author)'],
  ['of a bot', [approval('app[bot]')], {}, 'app[bot] (is a bot)'],
  ['of a stranger to the role', [approval('carl')], {}, 'carl (does not hold role approver)'],
]

for (const [name, reviews, more, said] of NOT_COUNTED) {
  test(`an approval ${name} does not count, and the check says why (S31)`, () => {
    const found = withReviews(reviews, more)
    expect(found.status).toBe('inconclusive')
    expect(found.because).toContain(`0/1 approvals of role approver`)
    expect(found.because).toContain(`ignored: ${said}`)
  })
}

test('an approval without write permission is shown as ignored (S16)', () => {
  const found = withReviews([], { ignored: [{ login: 'reader', because: 'has no write permission' }] })
  expect(found.because).toContain('ignored: reader (has no write permission)')
  expect(found.status).toBe('inconclusive')
})

test('a member who asks for changes holds, whoever else approves, until he approves (S31)', () => {
  const against = approval('bob', { state: 'changes-requested', submittedAt: '2026-11-18T11:10:00Z' })
  expect(withReviews([approval('ann'), against])).toMatchObject({
    status: 'failed',
    because: 'bob of role approver asked for changes',
  })
  const later = approval('bob', { id: 700, submittedAt: '2026-11-18T11:20:00Z' })
  expect(withReviews([approval('ann'), against, later]).status).toBe('passed')
})

test('the changes that a stranger to every role asks for hold nothing here', () => {
  expect(withReviews([approval('ann'), approval('dana', { state: 'changes-requested' })]).status).toBe('passed')
})

test('approve, then ask for changes: the later word counts, in whatever order they are told (S31)', () => {
  const first = approval('ann', { submittedAt: '2026-11-18T11:00:00Z' })
  const second = approval('ann', { id: 800, state: 'changes-requested', submittedAt: '2026-11-18T11:05:00Z' })
  expect(withReviews([first, second]).status).toBe('failed')
  expect(withReviews([second, first]).status).toBe('failed')
})

test('the name and date in a commit excuse nobody and bind nobody in: only accounts by id count (S32)', () => {
  const impostor = approval('carl', { by: { id: 77, login: 'ann', isBot: false } })
  expect(withReviews([impostor]).status).toBe('inconclusive')
  const forged = { excluded: [{ id: 78, login: 'ann', because: 'has a commit in it', is: 'commit' as const }] }
  expect(withReviews([approval('ann')], forged).status).toBe('passed')
})

test('users are told by id where the configuration states one, else by login in any case', () => {
  const roles = (users: string[]) => ({ roles: { ...ROLES, approver: { users } } })
  expect(configured(roles(['ann#1']), [approval('ann')]).status).toBe('passed')
  expect(configured(roles(['ann#2']), [approval('ann')]).status).toBe('inconclusive')
  expect(configured(roles(['ANN']), [approval('ann')]).status).toBe('passed')
  expect(configured(roles(['an']), [approval('ann')]).status).toBe('inconclusive')
})

test('a role by permission is asked of GitHub’s base permission, and what cannot be read decides nothing', () => {
  const roles = (permission: 'write' | 'maintain' | 'admin') => ({ ...ROLES, approver: { permission } })
  const judged = (permission: 'write' | 'maintain' | 'admin', has: 'admin' | 'write' | 'read' | null) =>
    judge(
      onGitHub(
        { people: people([approval('ann')], { permissions: new Map([[1, has]]) }) },
        {},
        { roles: roles(permission) },
      ),
    ).status
  expect(judged('write', 'write')).toBe('passed')
  expect(judged('write', 'read')).toBe('inconclusive')
  expect(judged('maintain', 'write')).toBe('inconclusive')
  expect(judged('maintain', 'admin')).toBe('passed')
  expect(judged('write', null)).toBe('inconclusive')
})

test('a role narrowed to models and environments reaches no others', () => {
  const narrowed = (models: string[], environments?: string[]) => ({
    roles: { ...ROLES, approver: { teams: ['platform'], models, ...(environments && { environments }) } },
  })
  expect(configured(narrowed(['ch*']), [approval('ann')]).status).toBe('passed')
  expect(configured(narrowed(['credit-*']), [approval('ann')]).because).toContain('does not reach churn in production')
  expect(configured(narrowed(['churn'], ['staging']), [approval('ann')]).status).toBe('inconclusive')
})

test('@owner is the team that model.yml of the governed branch names; without one nobody is', () => {
  const roles = { ...ROLES, approver: { teams: ['@owner'] } }
  const owned = (owners: ReadonlyMap<string, string>) =>
    judge(onGitHub({ people: people([approval('carl')]), owners }, {}, { roles }))
  expect(owned(new Map([['churn', 'risk']])).status).toBe('passed')
  expect(owned(new Map()).because).toContain('model.yml names no owner')
})

test('who must be looked up is the roles’ own teams, the owner’s among them, and permissions only where they are asked', () => {
  const roles = { ...ROLES, approver: { teams: ['@owner', 'platform'] }, promoter: { permission: 'write' as const } }
  const asked = (role: string, owner: string | null = 'risk') => ({ role, model: 'churn', environment: null, owner })
  expect(roleLookUp(roles, [asked('approver'), asked('policy'), asked('nobody')])).toEqual({
    teams: ['platform', 'risk'],
    permissions: false,
  })
  expect(roleLookUp(roles, [asked('approver', null), asked('promoter')])).toEqual({
    teams: ['platform'],
    permissions: true,
  })
  expect(roleLookUp(undefined, [asked('approver')])).toEqual({ teams: [], permissions: false })
})

test('a team that is not there leaves its role undecided, and is named', () => {
  const found = withReviews([approval('ann')], { teams: teams({ platform: null }) })
  expect(found.status).toBe('inconclusive')
  expect(found.because).toBe('who holds role approver cannot be told: team platform is not there or cannot be read')
})

test('where people cannot be read no approval counts', () => {
  const found = withReviews([approval('ann')], { unreadable: 'GitHub does not answer' })
  expect(found).toMatchObject({ status: 'inconclusive', because: expect.stringContaining('GitHub does not answer') })
})

test('a role that no configuration defines is nobody’s, also one called constructor', () => {
  expect(configured({ roles: {} }, [approval('ann')]).because).toContain('the configuration has no role approver')
  const found = withReviews([approval('ann')], {}, '[{role: constructor}]')
  expect(found.because).toContain('the configuration has no role constructor')
})

const rollback = { ...promotion, kind: 'rollback' as const }
const rolledBack = (facts: PeopleFacts): Finding =>
  judge({ ...onGitHub({ people: facts }), registry: registered({ changes: [rollback] }).registry, rollback: true })

test('on-call who opens a rollback has agreed to it, unless somebody else pushed to it', () => {
  expect(rolledBack(people([])).status).toBe('passed')
  const pushed = [{ ...account('bob'), because: 'pushed to the branch', is: 'pusher' as const }]
  expect(rolledBack(people([], { excluded: pushed })).status).toBe('inconclusive')
  expect(rolledBack(people([approval('dana')], { excluded: pushed })).status).toBe('passed')
  expect(rolledBack(people([], { author: account('ann') })).status).toBe('inconclusive')
  expect(rolledBack(people([], { author: account('app[bot]') })).status).toBe('inconclusive')
})

test('one person cannot stand for two roles that must be distinct, and two can', () => {
  const both = '[{role: approver}, {role: risk}]'
  const distinct = { distinct: ['approver', 'risk'] }
  const alone = configured(distinct, [approval('bob')], both)
  expect(alone).toMatchObject({ status: 'inconclusive' })
  expect(alone.because).toContain('nobody is left for')
  expect(configured(distinct, [approval('bob'), approval('ann')], both).status).toBe('passed')
  expect(configured({}, [approval('bob')], both).status).toBe('passed')
})

test('who trained the candidate fills no other role that must be distinct', () => {
  const trained = people([approval('ann')], { trainers: [account('ann')] })
  const distinct = (roles: string[]) => judge(onGitHub({ people: trained }, {}, { distinct: roles })).status
  expect(distinct(['trainer', 'approver'])).toBe('inconclusive')
  expect(distinct(['approver'])).toBe('passed')
})

test('roles are filled whenever some way to fill them exists, and never otherwise', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 5 })
  const needs = fc.array(fc.record({ ids, count: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(needs, (all) => {
      const counts = all.map(
        ({ ids: people, count }, index): Count => ({
          need: { role: `r${index}`, count, because: '', notAuthor: true, model: null, environment: null },
          counted: people.map((id) => ({ id, login: `${id}`, review: id })),
          ignored: [],
          against: [],
          unknown: [],
        }),
      )
      const seats = all.flatMap(({ ids: people, count }) => Array.from({ length: count }, () => people))
      const canSeat = (at: number, used: readonly number[]): boolean =>
        at === seats.length || (seats[at] ?? []).some((id) => !used.includes(id) && canSeat(at + 1, [...used, id]))
      const distinct = all.map((_, index) => `r${index}`)
      expect(unfilledRole(distinct, counts) === null).toBe(canSeat(0, []))
    }),
    { numRuns: 300 },
  )
})

test('a change of policy asks its role on GitHub, and never the author', () => {
  const changes = [{ kind: 'policy-changed' as const, path: 'policies/p.yml' }]
  const found = (reviews: readonly ReviewFact[], more: Partial<PeopleFacts> = {}) =>
    changesFinding(changes, github({ people: people(reviews, more) }), { ...configuration, roles: ROLES })
  expect(found([]).because).toContain('0/1 approvals of role policy for the whole repository')
  expect(found([approval('carl')]).status).toBe('passed')
  expect(found([approval('carl')], { author: account('carl') }).status).toBe('inconclusive')
  expect(changesFinding([], github()).status).toBe('skipped')
})

test('in a checkout the gate says who must approve, and asks nobody', () => {
  const found = judge({ ...onGitHub({}, { model: churn }), github: null })
  expect(found.because).toBe('1 of role approver, not the author must approve: the policy asks for it')
})
