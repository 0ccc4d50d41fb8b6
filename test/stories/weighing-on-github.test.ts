import { expect, test } from 'vitest'
import { openCheckout } from '../../src/adapters/checkout/checkout.ts'
import { mergeInto } from '../../src/adapters/checkout/new-repository.ts'
import type { Finding } from '../../src/gates/finding.ts'
import { type LedgerFacts, NOBODY, type PeopleFacts } from '../../src/gates/github-facts.ts'
import { openCheckoutPorts } from '../../src/jobs/checkout-ports.ts'
import { hostHistory } from '../../src/jobs/github/host-history.ts'
import type { GitHubSide, PeopleAsk } from '../../src/jobs/github-side.ts'
import { type Weighed, type WeighInput, weigh } from '../../src/jobs/weigh.ts'
import { emptyState, type LedgerState } from '../../src/ledger/fact.ts'
import { LENIENT, manifestFile, modelFile, NOW, openWorld, policyFile, type World } from '../support/registry-world.ts'

const ROLES = { roles: { approver: { users: ['ann#1'] }, policy: { users: ['bob#2'] }, oncall: { users: ['dana#4'] } } }
const APPROVED = { gates: { ...(LENIENT.gates as object), approvals: [{ role: 'approver' }] } }

interface Told {
  readonly weighed: Weighed
  readonly asked: readonly PeopleAsk[]
  readonly ledgers: readonly string[]
}

/** Weighs a branch as the app does, with people and a ledger given by hand. */
async function weighOnGitHub(
  world: World,
  head: string,
  more: {
    readonly people?: (ask: PeopleAsk) => PeopleFacts
    readonly ledger?: (state: LedgerState) => LedgerFacts
    readonly openHistory?: WeighInput['openHistory']
    readonly github?: null
  } = {},
): Promise<Told> {
  const checkout = await openCheckout(world.folder)
  const ports = openCheckoutPorts(checkout.root, checkout.gitFolder, () => {})
  const asked: PeopleAsk[] = []
  const ledgers: string[] = []
  const side: GitHubSide = {
    pull: 7,
    people: async (ask) => {
      asked.push(ask)
      return more.people?.(ask) ?? NOBODY
    },
    ledger: async (environment, model) => {
      ledgers.push(`${environment}/${model}`)
      const state = emptyState(environment, model)
      return more.ledger?.(state) ?? { is: 'sound', state }
    },
  }
  try {
    const weighed = await weigh({
      repository: checkout,
      base: 'main',
      head,
      now: NOW,
      skip: [],
      audience: 'shared',
      shipped: new Map(),
      openModels: async () => null,
      openPorts: (configuration) => ports.openPorts(configuration),
      github: more.github === null ? null : side,
      ...(more.openHistory && { openHistory: more.openHistory }),
    })
    return { weighed, asked, ledgers }
  } finally {
    await ports.close()
  }
}

const approvedBy =
  (login: string, id: number) =>
  (ask: PeopleAsk): PeopleFacts => ({
    ...NOBODY,
    author: { id: 5, login: 'eve', isBot: false },
    reviews: [
      {
        id: 1,
        by: { id, login, isBot: false },
        state: 'approved',
        submittedAt: NOW,
        commit: 'e'.repeat(40),
        evidenceKeyThen: ask.evidenceKey,
      },
    ],
  })

const gateOf = ({ weighed }: Told, name: string): Finding | undefined =>
  weighed.verdict.children.find(({ gate }) => gate === name)

test('a promotion waits for the approval of exactly this evidence, and people are looked up once', async () => {
  const world = await openWorld({ configuration: ROLES, policy: APPROVED })
  const head = await world.opensPromotion('1.1.0')

  const open = await weighOnGitHub(world, head)
  const approved = await weighOnGitHub(world, head, { people: approvedBy('ann', 1) })
  const wrong = await weighOnGitHub(world, head, { people: approvedBy('eve', 5) })

  expect(open.weighed.verdict.status).toBe('inconclusive')
  expect(open.weighed.notAsked).toEqual([])
  expect(gateOf(open, 'approvals')?.because).toContain('0/1 approvals of role approver')
  expect(open.asked).toMatchObject([{ roles: [{ role: 'approver', environment: 'production' }], permissions: false }])
  expect(open.ledgers).toEqual(['production/compas'])
  expect(approved.weighed.verdict.status).toBe('passed')
  expect([approved, wrong].map(({ weighed }) => weighed.approvals)).toEqual([[{ review: 1, by: 1 }], []])
  expect(gateOf(wrong, 'approvals')?.status).toBe('inconclusive')
})

test('two promotions of one pull request look people up once, and each asks for its own environment', async () => {
  const environment = (name: string) => ({ name, manifests: `deploy/${name}`, policy: 'policies/production.yml' })
  const configuration = { ...ROLES, environments: [environment('staging'), environment('production')] }
  const world = await openWorld({ configuration, policy: APPROVED })
  const head = await world.opensPromotion('1.1.0', { with: [manifestFile('compas', '1.1.0', 'staging')] })

  const told = await weighOnGitHub(world, head, { people: approvedBy('ann', 1) })

  expect(told.asked).toHaveLength(1)
  expect(told.asked[0]?.roles.map(({ environment }) => environment).toSorted()).toEqual(['production', 'staging'])
  expect(told.ledgers.toSorted()).toEqual(['production/compas', 'staging/compas'])
  expect(told.weighed.verdict.status).toBe('passed')
  expect(told.weighed.approvals).toEqual([{ review: 1, by: 1 }])
})

test('where nobody must approve nobody is looked up, and a change of nothing of ours asks GitHub nothing', async () => {
  const world = await openWorld({ configuration: ROLES })

  const lean = await weighOnGitHub(world, await world.opensPromotion('1.1.0'))
  const prose = await weighOnGitHub(world, await world.opens('prose', { path: 'README.md', content: 'x' }))

  expect([lean.weighed.verdict.status, lean.asked]).toEqual(['passed', []])
  expect(prose).toMatchObject({ asked: [], ledgers: [] })
  expect(prose.weighed.merge).toBe(null)
})

test('the same promotion in a checkout has the same gates without what only GitHub can answer', async () => {
  const world = await openWorld({ configuration: ROLES, policy: APPROVED })
  const head = await world.opensPromotion('1.1.0')

  await weighOnGitHub(world, head, { github: null })
  const app = await weighOnGitHub(world, head, { people: approvedBy('ann', 1) })
  const checkout = await weighOnGitHub(world, head, { github: null })

  const gates = app.weighed.verdict.children.filter(({ gate }) => gate !== 'approvals')
  expect(JSON.stringify(gates)).toBe(JSON.stringify(checkout.weighed.verdict.children))
  expect(checkout.weighed.notAsked).toEqual(['approvals'])
  expect(app.weighed.evidenceKey).toBe(checkout.weighed.evidenceKey)
})

test('prose and another model’s history leave the evidence key alone; the policy of the base does not (S33, S35)', async () => {
  const world = await openWorld({ configuration: ROLES, policy: APPROVED })
  const head = await world.opensPromotion('1.1.0')
  const key = async () => (await weighOnGitHub(world, head)).weighed.evidenceKey

  const first = await key()
  await world.commit('prose on main', { path: 'README.md', content: 'Hello.\n' })
  expect(await key()).toBe(first)

  await world.git('switch', '--quiet', head)
  await mergeInto(world.folder, 'main')
  await world.commit('prose on the branch', { path: 'NOTES.md', content: 'x' })
  await world.git('switch', '--quiet', 'main')
  expect(await key()).toBe(first)

  await world.commit('another rule', policyFile({ gates: { ...APPROVED.gates, lineage: { require: ['commit'] } } }))
  expect(await key()).not.toBe(first)
})

test('a change of terms asks its roles on GitHub, also where nothing is promoted', async () => {
  const world = await openWorld({ configuration: ROLES })
  const head = await world.opens('terms', modelFile('compas', { risk_class: 'high' }))

  const open = await weighOnGitHub(world, head)
  const both = await weighOnGitHub(world, head, {
    people: (ask) => {
      const [ann, bob] = [approvedBy('ann', 1)(ask), approvedBy('bob', 2)(ask)]
      return { ...ann, reviews: [...ann.reviews, ...bob.reviews] }
    },
  })

  expect(open.asked[0]?.roles.map(({ role }) => role)).toEqual(['approver', 'policy'])
  expect(gateOf(open, 'approvals')?.status).toBe('inconclusive')
  expect(both.weighed.verdict.status).toBe('passed')
  expect(both.weighed).toMatchObject({ merge: null, promotions: [], concerns: { models: ['compas'], policy: false } })
})

test('what the ledger holds against a promotion holds it; a broken ledger decides nothing', async () => {
  const world = await openWorld({ configuration: ROLES })
  const head = await world.opensPromotion('1.1.0')
  const digest = (await weighOnGitHub(world, head)).weighed.promotions[0]?.artifactDigest ?? ''

  const quarantined = [{ digest, version: '0.9.0', until: null, reason: 'an alert', by: 1 }]
  const bad = await weighOnGitHub(world, head, {
    ledger: (state) => ({ is: 'sound', state: { ...state, quarantined } }),
  })
  const broken = await weighOnGitHub(world, head, { ledger: () => ({ is: 'broken', because: 'broken at 8123' }) })

  expect(bad.weighed.verdict).toMatchObject({ status: 'failed', because: expect.stringContaining('quarantined') })
  expect(broken.weighed.verdict).toMatchObject({
    status: 'inconclusive',
    because: expect.stringContaining('broken at 8123'),
  })
})

test('the app reads what served from the ledger: what landed unweighed is neither incumbent nor known good (S39)', async () => {
  const world = await openWorld({ configuration: ROLES, serves: null })
  const head = await world.opens('back', manifestFile('compas', '1.0.0'))
  const deployed = (weighed: boolean): LedgerState['deployed'] => [
    { version: '1.0.0', digest: 'sha256:x', at: NOW, commit: 'f'.repeat(40), weighed, verified: false },
  ]
  const historyOf = (state: LedgerState) =>
    hostHistory({ pull: 1, people: async () => NOBODY, ledger: async () => ({ is: 'sound', state }) })
  const kindsOf = async (state: LedgerState) => {
    const { weighed } = await weighOnGitHub(world, head, { openHistory: historyOf(state) })
    return weighed.promotions.map(({ kind, firstHere }) => [kind, firstHere])
  }
  const empty = emptyState('production', 'compas')

  expect(await kindsOf({ ...empty, deployed: deployed(true) })).toEqual([['rollback', false]])
  expect(await kindsOf({ ...empty, deployed: deployed(false) })).toEqual([['promotion', true]])
  expect(await kindsOf(empty)).toEqual([['promotion', true]])
})

test('a pull request is merged by the app only where every policy says so, and a workflow in it is named', async () => {
  const world = await openWorld({
    configuration: ROLES,
    policy: { ...LENIENT, merge: { automatic: true, method: 'rebase' } },
  })
  const head = await world.opensPromotion('1.1.0', {
    with: [{ path: '.github/workflows/ci.yml', content: 'on: push\n' }],
  })

  const { weighed } = await weighOnGitHub(world, head)

  expect(weighed.merge).toMatchObject({ automatic: true, method: 'rebase' })
  expect(weighed.touchesWorkflows).toBe(true)
  expect(weighed.promotions).toMatchObject([{ model: 'compas', from: '1.0.0', to: '1.1.0', firstHere: false }])
})
