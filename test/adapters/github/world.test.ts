import { expect, test } from 'vitest'
import type { CheckWrite } from '../../../src/ports/check-run.ts'
import { CONFIGURATION, hostInWorld } from './host-in-world.ts'

const checkOn = (headSha: string, more: Partial<CheckWrite> = {}): CheckWrite => ({
  id: null,
  name: 'weighbridge',
  headSha,
  status: 'completed',
  conclusion: 'action_required',
  externalId: '1:main:1:abc',
  title: 'held',
  summary: 'why',
  text: `why\n\nEvidence key: \`${'d'.repeat(64)}\``,
  annotations: [{ path: 'new.yml', startLine: 1, endLine: 1, level: 'failure', title: 't', message: 'm' }],
  buttons: [{ label: 'Weigh again', description: 'Read everything anew', identifier: 'weigh-again' }],
  detailsUrl: null,
  ...more,
})

test('in the world, a pull request is read in one call with reviews, checks and people, against GitHub’s schema', async () => {
  const { world, models, host, repository, does } = await hostInWorld()
  const pull = await models.opensPull({ branch: 'change', by: 'ann', files: { 'new.yml': 'a: 1\n' } })
  const { id } = await does(() => host.publish(checkOn(pull.head), repository))
  await world.passes(60_000)
  await pull.approve('bob')
  await pull.approve('eve')
  world.github.forgetCalls()

  const read = await does(() => host.pull(repository, pull.number))

  expect(world.github.calls.map(({ operation }) => operation)).toEqual(['graphql PullNow'])
  expect(read).toMatchObject({
    state: 'open',
    author: { login: 'ann', isBot: false },
    base: { ref: 'main', sha: await models.tip() },
    head: { ref: 'change', sha: pull.head },
    isFork: false,
    configuration: CONFIGURATION,
    ledgerTip: null,
    defaultBranch: 'main',
    ignoredReviews: [{ author: { login: 'eve' } }],
    checks: [{ id, name: 'weighbridge', conclusion: 'action_required', evidenceKey: 'd'.repeat(64) }],
  })
  expect(read.reviews).toMatchObject([
    { author: { login: 'bob' }, state: 'approved', commit: pull.head, published: [{ evidenceKey: 'd'.repeat(64) }] },
  ])
  expect(world.github.contractBreaks).toEqual([])
})

test('in the world, every read and write of the port keeps to GitHub’s descriptions', async () => {
  const { world, models, app, host, repository, does } = await hostInWorld()
  const pull = await models.opensPull({ branch: 'change', by: 'ann', files: { 'new.yml': 'a: 1\n' } })
  const base = (await models.tip()) ?? ''
  const { bot, appId } = await does(() => app.identity())
  expect([bot.id, appId]).toEqual([world.app.bot.id, world.app.id])
  expect(await does(() => host.repositories())).toEqual([repository])
  expect(await does(() => app.installations())).toEqual([{ id: repository.installation, isSuspended: false }])
  expect((await does(() => app.deliveries('2020-01-01T00:00:00Z'))).map(({ event }) => event)).toContain('pull_request')

  const remote = host.open(repository)
  const mergeBase = await does(() => remote.mergeBase(base, pull.head))
  expect((await does(() => remote.diff(mergeBase, pull.head))).map(({ path }) => path)).toEqual(['new.yml'])
  const snapshot = await remote.snapshot(pull.head)
  expect((await does(() => snapshot.list('a'))).map(({ path, mode }) => [path, mode])).toEqual([
    ['a/b/c/d/e.yml', '100644'],
  ])
  expect((await does(() => snapshot.list(''))).length).toBe(4)
  expect([...(await does(() => snapshot.read(['new.yml', 'none.yml']))).keys()]).toEqual(['new.yml'])
  expect(await does(() => remote.resolve(`${pull.head}^`))).toBe(base)

  const first = await does(() => host.publish(checkOn(pull.head), repository))
  await does(() => host.publish(checkOn(pull.head, { id: first.id, annotations: [], externalId: 'next' }), repository))
  expect(await does(() => host.checksOn(repository, pull.head))).toMatchObject([{ id: first.id, externalId: 'next' }])
  expect(await does(() => host.openPulls(repository, 'main'))).toMatchObject([
    { number: pull.number, rollUp: { id: first.id } },
  ])
  expect(await does(() => host.pullsWithHead(repository, pull.head))).toEqual([
    { number: pull.number, baseRef: 'main' },
  ])
  expect((await does(() => host.pushers(repository, 'change'))).map(({ login }) => login)).toEqual(['ann'])
  expect(await does(() => host.mayBypass(repository, 'main'))).toBe(false)
  expect(await does(() => host.queue(repository, 'main'))).toEqual([])
  const accounts = (await does(() => host.pull(repository, pull.number))).author
  const people = {
    organisation: 'acme',
    teams: ['risk', 'gone'],
    accounts: accounts === null ? [] : [accounts],
    permissions: true,
  }
  const roles = await does(() => host.roles(repository, people))
  expect([roles.teams.get('risk'), roles.teams.get('gone'), [...roles.permissions.values()]]).toEqual([
    new Set(),
    null,
    ['write'],
  ])

  for (const body of ['held', 'held', 'passed'])
    await does(() => host.comment(repository, pull.number, '<!-- w -->', body))
  expect(pull.comments.map(({ body }) => body)).toEqual(['<!-- w -->\npassed'])
  const issue = { title: 'unweighed', body: 'what', labels: ['weighbridge'] }
  const opened = await does(() => host.issue(repository, '<!-- i -->', issue))
  expect(await does(() => host.issue(repository, '<!-- i -->', { ...issue, body: 'more' }))).toEqual(opened)

  const merged = await does(() => host.merge(repository, pull.number, { sha: pull.head, method: 'merge' }))
  expect(merged).toEqual({ is: 'merged', sha: await models.tip() })
  const tip = (await models.tip()) ?? ''
  expect(await does(() => host.landed(repository, base, tip))).toMatchObject([
    { sha: tip, parents: [base, pull.head], pulls: [{ number: pull.number, headSha: pull.head, mergeCommit: tip }] },
  ])
  const deployed = { environment: 'production', sha: tip, model: 'churn', version: '1.4.0', description: 'churn 1.4.0' }
  for (const of of [deployed, deployed]) await does(() => host.deployment(repository, of))
  expect(world.github.writes.filter((write) => write.endsWith('deployments'))).toHaveLength(1)
  expect(world.github.contractBreaks).toEqual([])
})

test('in the world, a merge of a head that has moved is refused (S34)', async () => {
  const { models, host, repository, does } = await hostInWorld()
  const pull = await models.opensPull({ branch: 'change', by: 'ann', files: { 'new.yml': 'a: 1\n' } })
  const seen = pull.head
  await pull.push({ 'new.yml': 'a: 2\n' }, 'ann')

  expect(await does(() => host.merge(repository, pull.number, { sha: seen, method: 'merge' }))).toMatchObject({
    is: 'refused',
    status: 409,
  })
  expect(pull.state).toBe('open')
})

test('in the world, the ledger’s branch begins without a parent and goes on only from where it was seen', async () => {
  const { world, models, host, repository, does } = await hostInWorld()
  const on = { branch: 'weighbridge/ledger', headline: 'append [skip ci]' }
  const file = (content: string) => [{ path: 'facts/x.jsonl', content }]

  const first = await does(() => host.commit(repository, { ...on, expected: null, files: file('1\n') }))
  expect(first.is).toBe('committed')
  expect(await does(() => host.commit(repository, { ...on, expected: null, files: file('2\n') }))).toMatchObject({
    is: 'moved',
  })
  const expected = first.is === 'committed' ? first.sha : ''
  const second = await does(() => host.commit(repository, { ...on, expected, files: file('1\n2\n') }))
  expect(second.is).toBe('committed')
  expect(await does(() => host.commit(repository, { ...on, expected, files: file('3\n') }))).toMatchObject({
    is: 'moved',
  })
  expect(await models.paths(expected)).toEqual(['facts/x.jsonl'])
  const remote = host.open(repository)
  const tip = second.is === 'committed' ? second.sha : ''
  expect(await does(() => remote.mergeBase(expected, tip))).toBe(expected)
  const main = (await models.tip()) ?? ''
  await expect(does(() => remote.mergeBase(main, tip))).rejects.toMatchObject({ name: 'HostFailure', status: 404 })
  expect(await does(() => host.tip(repository, 'weighbridge/ledger'))).toBe(tip)
  expect(world.github.contractBreaks).toEqual([])
})

test('in the world, of fifty claims of a lock one wins, and it goes only from where it was seen (S38)', async () => {
  const { world, host, repository, does } = await hostInWorld({
    throttle: { spacingMs: 0, writesPerMinute: 1000, writesPerHour: 1000 },
  })
  const ref = 'refs/heads/weighbridge/lock/production/churn'

  const claims = await does(() =>
    Promise.all(Array.from({ length: 50 }, (_, at) => host.createLock(repository, ref, `owner ${at}`))),
  )

  const [winner, ...others] = claims.filter(({ is }) => is === 'made')
  expect(others).toEqual([])
  const seen = winner?.sha ?? ''
  expect(claims.filter((claim) => claim.is === 'taken' && claim.sha === seen && claim.content !== null)).toHaveLength(
    49,
  )
  expect(await does(() => host.replaceLock(repository, ref, 'f'.repeat(40), null))).toBe(false)
  expect(await does(() => host.replaceLock(repository, ref, seen, null))).toBe(true)
  expect(await does(() => host.tip(repository, ref))).toBeNull()
  expect(world.github.contractBreaks).toEqual([])
})

test('in the world, a fork is a fork, and its pull request is found by its head (S23)', async () => {
  const { models, host, repository, does } = await hostInWorld()
  const fork = await models.forkedBy('eve')
  const pull = await fork.opensPull({ branch: 'change', by: 'eve', files: { 'new.yml': 'a: 1\n' } })

  expect(await does(() => host.pull(repository, pull.number))).toMatchObject({ isFork: true, author: { login: 'eve' } })
  expect(await does(() => host.pullsWithHead(repository, pull.head))).toEqual([
    { number: pull.number, baseRef: 'main' },
  ])
  const remote = host.open(repository)
  const base = (await models.tip()) ?? ''
  expect((await does(async () => remote.diff(await remote.mergeBase(base, pull.head), pull.head))).length).toBe(1)
})
