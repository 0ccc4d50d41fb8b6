import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProposedPull } from '../../../src/ports/conversation.ts'
import type { Effect, RecordedCall } from '../../../src/world/faults/fault.ts'
import { sweep } from '../../../src/world/faults/sweep.ts'
import { worldRun } from '../../../src/world/faults/world-run.ts'
import { openWorld, type World, type WorldSnapshot } from '../../../src/world/world.ts'
import { APP, CONFIGURATION, hostInWorld } from './host-in-world.ts'
import { openRecorded, REPOSITORY } from './recorded-github.ts'
import { stubborn } from './stubborn.ts'

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined
const BRANCH = 'weighbridge/candidate/churn-1.5.0'
const RECORD = 'models/churn/versions/1.5.0.yml'

/** What a finished training proposes, on top of a commit. */
const proposal = (base: string, more: Partial<ProposedPull> = {}): ProposedPull => ({
  branch: BRANCH,
  base: { ref: 'main', sha: base },
  headline: 'churn 1.5.0',
  files: [
    { path: RECORD, content: 'version: 1.5.0\n' },
    { path: 'a/b/c/d/e.yml', content: 'x: 2\n' },
    { path: 'policies/production.yml', content: null },
  ],
  title: 'churn 1.5.0: candidate',
  body: 'Trained by ann.',
  ...more,
})

async function proposing() {
  const opened = await hostInWorld()
  const { host, repository, models, does, app } = opened
  await does(() => app.identity())
  await does(() => host.tip(repository, 'main'))
  const base = (await models.tip()) ?? ''
  opened.world.github.forgetCalls()
  const propose = (more: Partial<ProposedPull> = {}) => does(() => host.propose(repository, proposal(base, more)))
  return { ...opened, base, propose }
}

/** Operations with the installation's token, writes marked. */
const asked = (world: World) =>
  world.github.calls
    .filter(({ token }) => token === 'installation')
    .map(({ operation, isWrite }) => `${isWrite ? 'w' : 'r'} ${operation}`)

describe('a proposal', () => {
  test('is opened by one read and three writes, holds exactly its changes, and proposed again costs one read', async () => {
    const { world, models, base, propose } = await proposing()

    const answer = await propose()

    expect(asked(world)).toEqual(['r graphql ProposalNow', 'w git/create-ref', 'w graphql Commit', 'w pulls/create'])
    const [pull] = models.pulls
    expect(answer).toEqual({
      is: 'opened',
      number: pull?.number,
      headSha: pull?.head,
      url: expect.stringContaining('/pull/'),
    })
    expect(await models.paths(pull?.head)).toEqual(['.github/weighbridge.yml', 'a/b/c/d/e.yml', RECORD])
    expect(await models.file(RECORD, BRANCH)).toBe('version: 1.5.0\n')
    world.github.forgetCalls()

    expect(await propose()).toEqual({ ...answer, is: 'unchanged' })

    expect(asked(world)).toEqual(['r graphql ProposalNow'])
    expect(await models.tip()).toBe(base)
    expect(world.github.contractBreaks).toEqual([])
  })

  test('whose words changed is told anew by one write; whose files changed is written anew in one commit', async () => {
    const { world, models, base, propose } = await proposing()
    await propose()
    world.github.forgetCalls()

    expect(await propose({ body: 'Trained by bob.' })).toMatchObject({ is: 'updated' })
    expect(asked(world)).toEqual(['r graphql ProposalNow', 'w pulls/update'])
    world.github.forgetCalls()
    const files = [{ path: RECORD, content: 'version: 1.5.0 # again\n' }]
    const answer = await propose({ body: 'Trained by bob.', files })

    expect(answer).toMatchObject({ is: 'updated', headSha: models.pulls[0]?.head })
    expect(asked(world)).toEqual([
      'r graphql ProposalNow',
      'w git/create-tree',
      'w git/create-commit',
      'w graphql MoveRef',
    ])
    const head = models.pulls[0]?.head ?? ''
    expect(await models.paths(head)).toEqual([...(await models.paths(base)), RECORD].toSorted())
    expect(models.pulls).toHaveLength(1)
    expect(models.pulls[0]?.state).toBe('open')
    expect(world.github.contractBreaks).toEqual([])
  })

  test('is left as it is when base goes on elsewhere, and follows when base changes what it changes', async () => {
    const { world, models, base, propose } = await proposing()
    const first = await propose()
    const other = await models.commit({ 'readme.md': 'hello\n' }, { by: 'ann' })
    world.github.forgetCalls()

    expect(await propose({ base: { ref: 'main', sha: other } })).toEqual({ ...first, is: 'unchanged' })
    expect(asked(world)).toEqual(['r graphql ProposalNow'])
    const same = await models.commit({ 'a/b/c/d/e.yml': 'x: 3\n' }, { by: 'ann' })
    expect(await propose({ base: { ref: 'main', sha: same } })).toMatchObject({ is: 'updated' })

    const head = models.pulls[0]?.head ?? ''
    expect(await models.file('readme.md', head)).toBe('hello\n')
    expect(await models.file('a/b/c/d/e.yml', head)).toBe('x: 2\n')
    expect([models.pulls.length, await models.tip()]).toEqual([1, same])
    expect(base).not.toBe(same)
  })

  test('stays as people left it: pushed to, closed, merged, aimed elsewhere, opened by themselves', async () => {
    for (const act of ['push', 'close', 'close and delete', 'merge', 'retarget', 'open'] as const) {
      const { world, models, host, repository, does, propose } = await proposing()
      if (act === 'open') await models.opensPull({ branch: BRANCH, by: 'ann', files: { 'mine.yml': 'a: 1\n' } })
      else await propose()
      const [pull] = models.pulls
      if (act === 'push') await pull?.push({ 'mine.yml': 'a: 1\n' }, 'ann')
      if (act.startsWith('close')) await pull?.closedBy('ann')
      if (act === 'close and delete')
        await does(() => host.replaceLock(repository, `refs/heads/${BRANCH}`, pull?.head ?? '', null))
      if (act === 'merge') await pull?.mergedBy('ann')
      if (act === 'retarget') {
        await models.commit({ 'a.md': 'a\n' }, { by: 'ann', branch: 'other' })
        await pull?.retargetedBy('ann', 'other')
      }
      const head = pull?.head
      world.github.forgetCalls()

      const answer = await propose({ body: 'Again.', files: [{ path: RECORD, content: 'other\n' }] })

      expect([act, answer]).toEqual([
        act,
        { is: 'left-alone', number: pull?.number, because: expect.stringMatching(/pushed|closed|merged|aimed|ann/) },
      ])
      expect([act, world.github.writes, models.pulls.length, pull?.head]).toEqual([act, [], 1, head])
    }
  })

  test('of a fork’s branch of the same name is none of ours (S23)', async () => {
    const { models, propose } = await proposing()
    const fork = await models.forkedBy('eve')
    const theirs = await fork.opensPull({ branch: BRANCH, by: 'eve', files: { 'new.yml': 'a: 1\n' } })
    await theirs.closedBy('eve')

    expect(await propose()).toMatchObject({ is: 'opened' })
  })

  test('of nothing new is none; a branch that was made and no further is used', async () => {
    const { world, models, propose } = await proposing()
    const files = [{ path: 'a/b/c/d/e.yml', content: 'x: 1\n' }]
    expect(await propose({ files })).toEqual({
      is: 'left-alone',
      number: null,
      because: 'main holds these changes already',
    })
    expect(world.github.writes).toEqual([])

    await models.commit({ 'readme.md': 'hello\n' }, { by: 'ann', branch: BRANCH })
    const other = await models.opensPull({ branch: 'other', from: BRANCH, by: 'ann', files: { 'more.md': 'a\n' } })
    const next = await other.mergedBy('ann')

    expect(await propose({ base: { ref: 'main', sha: next } })).toMatchObject({ is: 'opened' })
  })

  test('goes to no branch of others, of the ledger or of locks, and nothing is sent', async () => {
    const { github, host } = openRecorded()
    for (const branch of ['main', 'weighbridge', 'weighbridge/ledger', 'weighbridge/lock/a', 'weighbridge/../main'])
      await expect(host.propose(REPOSITORY, proposal('a'.repeat(40), { branch }))).rejects.toThrow('is no branch')
    await expect(host.propose(REPOSITORY, proposal('a'.repeat(40), { files: [] }))).rejects.toThrow('nothing is to be')
    expect(github.calls).toEqual([])
  })
})

describe('a proposal, whatever goes wrong with each call', { timeout: DEEP ? 1_200_000 : 60_000 }, () => {
  let snapshot: WorldSnapshot
  let [base, next] = ['', '']
  beforeAll(async () => {
    const world = await openWorld({ app: APP, courier: { deliver: async () => 202 } })
    await world.user('ann')
    const models = await world.repository('acme/models', {
      files: { '.github/weighbridge.yml': CONFIGURATION, 'policies/production.yml': '', 'a/b/c/d/e.yml': 'x: 1\n' },
    })
    base = (await models.tip()) ?? ''
    next = await models.commit({ 'a/b/c/d/e.yml': 'x: 0\n' }, { by: 'ann' })
    await world.settles()
    snapshot = await world.snapshot()
    await world.close()
  })
  afterAll(() => snapshot.close())

  /** Opened, then on another base with other words. */
  const proposes = (lagMs: number) =>
    worldRun({
      snapshot,
      lagMs,
      settlesWithinMs: 1_800_000,
      start: stubborn(async (host, repository) => {
        await host.propose(repository, proposal(base))
        await host.propose(repository, proposal(next, { body: 'Again.' }))
      }),
      tell: async (_, settled) => settled(),
      endOf: async (world) => {
        const models = await world.repository('acme/models')
        return {
          pulls: models.pulls.map(({ number, state }) => ({ number, state })),
          bodies: [...world.github.state.issues.values()].map(({ title, body }) => `${title}: ${body}`),
          paths: await models.paths(BRANCH),
          record: await models.file(RECORD, BRANCH),
          edited: await models.file('a/b/c/d/e.yml', BRANCH),
          main: await models.tip(),
          breaks: world.github.contractBreaks,
        }
      },
    })

  test('is one pull request with exactly its changes (S08, S37)', async () => {
    const report = await sweep(proposes(0), { seed: 20_261_121, deep: DEEP, pairs: DEEP ? 40 : 0 })

    expect(report.problems).toEqual([])
    expect(report.calls.filter(({ isWrite }) => isWrite).map(({ address }) => address.operation)).toEqual(
      expect.arrayContaining(['git/create-ref', 'graphql Commit', 'pulls/create', 'graphql MoveRef', 'pulls/update']),
    )
  })

  /** What can go wrong with a write: it happened or it did not, and its caller does not know, or is dead. */
  const lost = ({ isWrite }: RecordedCall): readonly Effect[] =>
    isWrite
      ? (['before', 'after'] as const).flatMap((when) => [
          { kind: 'no-answer', when },
          { kind: 'kill', when },
        ])
      : []

  test('is one pull request where its answer is lost or it dies at each write, before and after (S08)', async () => {
    expect((await sweep(proposes(0), { seed: 1, deep: true, effects: lost })).problems).toEqual([])
  })

  test('is one pull request also where lists lag within the time that we wait (S37)', async () => {
    const making = ['git/create-ref', 'graphql Commit', 'pulls/create']
    const after = (call: RecordedCall) =>
      lost(call).filter(
        (effect) => 'when' in effect && effect.when === 'after' && (DEEP || making.includes(call.address.operation)),
      )

    expect((await sweep(proposes(5000), { seed: 2, deep: DEEP, effects: after })).problems).toEqual([])
  })

  test('is one pull request also where lists lag far beyond it: GitHub takes no second (S37)', async () => {
    const [now, late] = [await proposes(0)([]), await proposes(45_000)([])]

    expect(late.end).toEqual(now.end)
    if (DEEP) expect((await sweep(proposes(45_000), { seed: 3, deep: true, effects: lost })).problems).toEqual([])
  })
})
