import { expect, onTestFinished, test } from 'vitest'
import { openAppHost } from '../../../src/adapters/github/app-host.ts'
import { openLedger } from '../../../src/adapters/ledger/ledger.ts'
import { releaseLock, takeLock } from '../../../src/adapters/ledger/lock.ts'
import { LEDGER_BRANCH } from '../../../src/adapters/ledger/view.ts'
import { ledgerRuleset } from '../../../src/jobs/init-ledger-ruleset.ts'
import { type BudgetState, isOpen } from '../../../src/ledger/budget-state.ts'
import { verifyFiles } from '../../../src/ledger/verify-files.ts'
import { realClock } from '../../../src/world/clock.ts'
import { addRuleset } from '../../../src/world/github/acts/change-repository.ts'
import { forcePush } from '../../../src/world/github/acts/push.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import { openWorld } from '../../../src/world/world.ts'
import {
  CHURN,
  dispatched,
  ended,
  fact,
  fileStore,
  memory,
  OUR_KEY,
  ofBudget,
  quarantine,
  versionsOf,
} from './ledger-world.ts'

const APP = { name: 'weighbridge', permissions: { contents: 'write', metadata: 'read' }, events: ['push'] } as const

/** An emulated GitHub on real Git, and instances of the app that reach it as they reach the real one. */
async function onGitHub() {
  const world = await openWorld({ app: APP, clock: realClock, courier: { deliver: async () => 202 } })
  onTestFinished(() => world.close())
  await world.user('mallory', { permission: 'write' })
  await world.user('olivia', { permission: 'admin' })
  const models = await world.repository('acme/models', { files: { 'README.md': '# Models\n' } })
  const repository = { id: models.id, owner: 'acme', name: 'models', installation: world.installation('acme/models') }
  const place = fileStore()
  const instance = (send: typeof fetch = world.fetch) => {
    const app = openAppHost({
      weigher: { appId: world.app.id, privateKey: world.app.privateKey },
      mover: null,
      fetch: send,
      clock: { now: realClock.now, sleep: (ms) => realClock.sleep(Math.min(ms, 5)) },
      throttle: { spacingMs: 0, writesPerMinute: 10_000, writesPerHour: 10_000 },
      lagMs: 0,
    })
    const host = app.weigher(repository.installation)
    const ledger = openLedger({
      host,
      repository,
      ...place,
      signingKey: OUR_KEY,
      publicKeys: [OUR_KEY.public],
      seen: memory(),
      clock: { sleep: (ms) => realClock.sleep(Math.min(ms, 20)) },
    })
    return { host, ledger, tip: () => host.tip(repository, LEDGER_BRANCH) }
  }
  const files = async () =>
    new Map(
      await Promise.all(
        (await models.paths(LEDGER_BRANCH)).map(
          async (path) => [path, (await models.file(path, LEDGER_BRANCH)) ?? ''] as const,
        ),
      ),
    )
  const lines = async () => {
    const verified = verifyFiles(await files(), [OUR_KEY.public])
    expect(verified).toMatchObject({ flaw: null, ledger: models.id })
    return verified.lines
  }
  return { world, models, instance, lines }
}

test.each([2, 6])('%i instances append at once on GitHub: every line once, one chain', async (writers) => {
  const { world, models, instance, lines } = await onGitHub()

  await Promise.all(
    Array.from({ length: writers }, (_, number) => instance().ledger.append([fact(number), fact(number + 1)])),
  )

  expect(await lines()).toHaveLength(writers + 1)
  expect(await models.paths(LEDGER_BRANCH)).not.toContain('README.md')
  expect(world.github.contractBreaks).toEqual([])
})

test('an append is read back by another instance, in one query', async () => {
  const { world, instance } = await onGitHub()
  const { tip } = await instance().ledger.append([fact(1), fact(2, { fact: quarantine('1.0.0') })])
  const other = instance()
  await other.tip()
  world.github.forgetCalls()

  const reading = await other.ledger.read(CHURN, tip)

  expect(reading).toMatchObject({ is: 'sound', state: { seq: 2, quarantined: [{ version: '1.0.0' }] } })
  expect(world.github.calls).toHaveLength(1)
})

test('what a writer pushes to the branch is noticed', async () => {
  const { models, instance } = await onGitHub()
  const app = instance()
  await app.ledger.append([fact(1)])
  await app.ledger.append([fact(2)])
  await models.commit({ 'facts/production/churn/2026-11.jsonl': '{}\n' }, { by: 'mallory', branch: LEDGER_BRANCH })

  const reading = await app.ledger.read(CHURN, await app.tip())

  expect(reading).toMatchObject({
    is: 'broken',
    because: expect.stringContaining('ledger broken at 3'),
    mirror: { seq: 2 },
  })
  await expect(instance().ledger.append([fact(3)])).rejects.toThrow('ledger broken at 2')
})

test('an answer of GitHub that is lost appends nothing twice', async () => {
  const { world, instance, lines } = await onGitHub()
  await instance().ledger.append([fact(1)])
  let lost = 0
  const losing: typeof fetch = async (...request) => {
    const answer = await world.fetch(...request)
    const isCommit = String((request[1] as { body?: unknown } | undefined)?.body).includes('createCommitOnBranch')
    if (isCommit && lost++ === 0) throw new TypeError('fetch failed')
    return answer
  }

  await instance(losing).ledger.append([fact(2)])

  expect(lost).toBeGreaterThanOrEqual(1)
  expect(versionsOf(await lines())).toEqual(['1.1.0', '1.2.0'])
})

test('an administrator who puts the branch back is noticed by an instance that never saw it', async () => {
  const { world, models, instance } = await onGitHub()
  const tips: string[] = []
  for (const number of [1, 2, 3]) tips.push((await instance().ledger.append([fact(number)])).tip)
  const admin = { kind: 'user', account: findAccount(world.github.state, 'olivia')! } as const
  await forcePush(world.github.running, admin, { repository: models.id, branch: LEDGER_BRANCH, to: tips[0]! })

  const reading = await instance().ledger.read(CHURN, tips[0]!)

  expect(reading).toMatchObject({
    is: 'broken',
    because: expect.stringMatching(/^ledger broken at 3: the branch is shorter than it was/),
    mirror: { seq: 3 },
  })
})

test('with the ruleset that init writes, nobody but the app can write there, and the app can', async () => {
  const { world, models, instance, lines } = await onGitHub()
  const { name, bypass_actors, conditions, rules, target, enforcement } = JSON.parse(
    String(ledgerRuleset(world.app.id).content),
  )
  const { include, exclude } = conditions.ref_name
  await addRuleset(world.github.running, models.id, {
    name,
    target,
    enforcement,
    include,
    exclude,
    rules,
    bypass: bypass_actors,
  })
  const by = (login: string) => models.commit({ 'facts/evil.jsonl': '{}\n' }, { by: login, branch: LEDGER_BRANCH })

  await expect(by('mallory')).rejects.toThrow()
  await instance().ledger.append([fact(1)])
  for (const login of ['mallory', 'olivia']) await expect(by(login)).rejects.toThrow()
  await models.commit({ 'README.md': 'mine' }, { by: 'mallory', branch: 'weighbridge-notes' })

  expect(await lines()).toHaveLength(1)
})

test('a branch that a writer made in the place of a lock holds nobody up', async () => {
  const { world, models, instance } = await onGitHub()
  await models.commit({ 'lock.json': '{"owner":"mallory"}' }, { by: 'mallory', branch: 'weighbridge/lock/merge-main' })
  const repository = { id: models.id, owner: 'acme', name: 'models', installation: world.installation('acme/models') }
  const ports = () => ({ host: instance().host, repository, signingKey: OUR_KEY, publicKeys: [OUR_KEY.public] })
  const ask = (owner: string) => ({
    name: 'merge-main',
    owner,
    purpose: 'merge',
    now: new Date().toISOString(),
    forMs: 60_000,
  })

  const first = await takeLock(ports(), ask('a'))
  const second = await takeLock(ports(), ask('b'))

  expect(first.is).toBe('held')
  expect(second).toMatchObject({ is: 'taken', by: { owner: 'a' } })
  if (first.is === 'held') expect(await releaseLock(ports(), first)).toBe(true)
  expect((await takeLock(ports(), ask('b'))).is).toBe('held')
})

test('on GitHub two instances decide on one budget: one reserves, the other is refused, and the end frees it', async () => {
  const { instance, lines } = await onGitHub()
  const ask = (number: number) => (budget: BudgetState) =>
    budget.runs.some(isOpen) ? { refused: 'one is open' } : [ofBudget(dispatched(number))]
  const instances = [instance(), instance()]

  const answers = await Promise.all(instances.map(({ ledger }, number) => ledger.appendBudget(ask(number))))
  const first = answers.findIndex(({ is }) => is === 'appended')
  await instances[0]!.ledger.appendBudget(() => [ofBudget(ended(first))])

  expect(answers.map(({ is }) => is).sort()).toEqual(['appended', 'refused'])
  const reading = await instances[1]!.ledger.readBudget(await instances[1]!.tip())
  expect(reading).toMatchObject({ is: 'sound', budget: { seq: 2, runs: [{ ended: { gpu_seconds: 1840 } }] } })
  expect(await lines()).toHaveLength(2)
})
