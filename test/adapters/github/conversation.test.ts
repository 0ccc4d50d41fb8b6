import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Effect, RecordedCall } from '../../../src/world/faults/fault.ts'
import { sweep } from '../../../src/world/faults/sweep.ts'
import { worldRun } from '../../../src/world/faults/world-run.ts'
import { nodeId } from '../../../src/world/github/node-id.ts'
import type { World, WorldSnapshot } from '../../../src/world/world.ts'
import { openWorld } from '../../../src/world/world.ts'
import { APP, CONFIGURATION, hostInWorld } from './host-in-world.ts'
import { openRecorded, REPOSITORY } from './recorded-github.ts'
import { stubborn } from './stubborn.ts'

const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined
/** It happened, or it did not, and nobody was told. */
const LOST: readonly Effect[] = [
  { kind: 'no-answer', when: 'before' },
  { kind: 'no-answer', when: 'after' },
  { kind: 'status', status: 502, when: 'after' },
]
const COMMAND = '/promote churn production'
const marker = (comment: number) => `<!-- weighbridge:answer:${comment} -->`

/** A pull request with a command under it. */
async function withCommand(lagMs = 0) {
  const opened = await hostInWorld()
  const { world, models, host, repository } = opened
  const pull = await models.opensPull({
    branch: 'change',
    by: 'ann',
    files: { 'new.yml': 'a: 1\n' },
    title: 'A change',
  })
  await pull.comment(COMMAND, 'ann')
  const [comment] = [...world.github.state.comments.values()]
  if (comment === undefined) throw new Error('no comment')
  const of = { nodeId: nodeId('IssueComment', comment.id), issue: pull.number }
  await opened.does(() => host.tip(repository, 'main'))
  await opened.does(() => opened.app.identity())
  world.github.forgetCalls()
  return { ...opened, lagMs, pull, comment, of, talk: host.conversation(repository) }
}

const calls = (world: World) => world.github.calls.filter(({ token }) => token === 'installation')

describe('a comment with a command', () => {
  test('is read with its thread, what governs and our answers in one call', async () => {
    const { world, models, repository, pull, comment, of, talk, does } = await withCommand()
    const first = await does(() => talk.answer({ issue: pull.number, id: null, marker: marker(1), body: 'one' }))
    const second = await does(() => talk.answer({ issue: pull.number, id: null, marker: marker(2), body: 'two' }))
    await pull.comment(`${marker(3)}\nforged`, 'eve')
    await does(() => talk.commentNow(of))
    world.github.forgetCalls()

    const now = await does(() => talk.commentNow(of))

    expect(calls(world).map(({ operation }) => operation)).toEqual(['graphql CommentNow'])
    expect(now).toMatchObject({
      comment: { id: comment.id, nodeId: of.nodeId, body: COMMAND, author: { login: 'ann', isBot: false } },
      thread: { number: pull.number, kind: 'pull', isOpen: true, author: { login: 'ann' }, title: 'A change' },
      configuration: CONFIGURATION,
      defaultBranch: 'main',
      tip: await models.tip(),
      ledgerTip: null,
    })
    expect(now.comment?.lastEditedAt).toBeNull()
    expect(now.thread.pull).toEqual({
      headSha: pull.head,
      headRef: 'change',
      baseRef: 'main',
      isFork: false,
      isMerged: false,
      checks: [],
    })
    expect(now.answers.map(({ id }) => id)).toEqual([first.id, second.id])
    expect(repository.id).toBe(models.id)
    expect(world.github.contractBreaks).toEqual([])
  })

  test('is told as edited once it was, and as absent once it is deleted', async () => {
    const { world, comment, of, talk, does } = await withCommand()
    const edit = { ...comment, body: '/help', lastEditedAt: 1, updatedAt: 1 }
    world.github.state.comments.set(comment.id, edit)
    expect((await does(() => talk.commentNow(of))).comment).toMatchObject({
      body: '/help',
      lastEditedAt: expect.any(String),
    })

    world.github.state.comments.delete(comment.id)

    expect(await does(() => talk.commentNow(of))).toMatchObject({
      comment: null,
      thread: { kind: 'pull', isOpen: true },
    })
  })

  test('under an issue is read alike; one that was moved to another thread is none', async () => {
    const { host, repository, talk, of, does } = await withCommand()
    const { number } = await does(() => host.issue(repository, '<!-- i -->', { title: 't', body: 'b', labels: [] }))

    const now = await does(() => talk.commentNow({ ...of, issue: number }))

    expect(now).toMatchObject({ comment: null, thread: { number, kind: 'issue', isOpen: true, pull: null } })
  })

  test('is never believed absent for any other reason: errors, a cut configuration, a lost thread', async () => {
    const { github, host } = openRecorded()
    const talk = host.conversation(REPOSITORY)
    const of = { nodeId: 'IC_1', issue: 7 }
    const data = (more: object) => ({
      comment: null,
      repository: {
        defaultBranchRef: { name: 'main', target: { oid: 'a'.repeat(40) } },
        configuration: null,
        ledger: null,
        thread: {
          __typename: 'Issue',
          number: 7,
          title: 't',
          author: null,
          issueState: 'OPEN',
          comments: { nodes: [] },
        },
        ...more,
      },
    })
    const gone = { type: 'NOT_FOUND', path: ['comment'], message: 'gone' }
    const answered = (body: object) => {
      github.routes['GraphQL CommentNow'] = () => ({ body })
      return talk.commentNow(of)
    }

    expect(await answered({ data: data({}), errors: [gone] })).toMatchObject({ comment: null, thread: { number: 7 } })

    const cut = { __typename: 'Blob', oid: 'b'.repeat(40), isBinary: false, isTruncated: true, text: 'version' }
    for (const body of [
      { data: data({}), errors: [gone, { type: 'FORBIDDEN', path: ['repository', 'ledger'], message: 'no' }] },
      { data: data({}), errors: [{ ...gone, type: 'FORBIDDEN' }] },
      { data: data({ thread: null }), errors: [{ ...gone, path: ['repository', 'thread'] }] },
      { data: null, errors: [gone] },
      { data: null, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['comment'], message: 'too much' }] },
      { data: data({ configuration: cut }), errors: [gone] },
    ])
      await expect(answered(body)).rejects.toMatchObject({ name: expect.stringMatching(/HostFailure|Error/) })
  })
})

describe('what we say', () => {
  test('costs one write: a reaction, an answer; said again it costs none', async () => {
    const { world, pull, comment, talk, does } = await withCommand()
    await does(() => talk.react(comment.id, 'eyes'))
    const answer = { issue: pull.number, marker: marker(comment.id), body: 'Working on it.' }
    const { id } = await does(() => talk.answer({ ...answer, id: null }))
    expect(calls(world).map(({ operation }) => operation)).toEqual([
      'reactions/create-for-issue-comment',
      'issues/create-comment',
    ])

    await does(() => talk.react(comment.id, 'eyes'))
    world.github.forgetCalls()
    await does(() => talk.answer({ ...answer, id }))
    expect(world.github.writes).toEqual([])
    await does(() => talk.answer({ ...answer, id, body: 'Done.' }))

    expect(world.github.writes).toEqual(['PATCH issues/comments'])
    expect(world.github.state.reactions.size).toBe(1)
    expect(pull.comments.at(-1)).toMatchObject({ body: `${marker(comment.id)}\nDone.` })
    expect(world.github.contractBreaks).toEqual([])
  })

  test('too long for GitHub ends at the end of a line and says so', async () => {
    const { pull, comment, talk, does } = await withCommand()
    const body = Array.from({ length: 9000 }, (_, at) => `line ${at} é`).join('\n')

    await does(() => talk.answer({ issue: pull.number, id: null, marker: marker(comment.id), body }))

    const said = pull.comments.at(-1)?.body ?? ''
    expect(said.length).toBeLessThanOrEqual(65_536)
    expect(said.length).toBeGreaterThan(65_000)
    expect(said).toMatch(/line \d+ é\n\n…\n\nThe rest does not fit here\.$/)
  })

  test('is never put into anybody else’s mouth, nor is anybody else folded away (S44)', async () => {
    const { world, pull, comment, of, talk, does } = await withCommand()
    const forged = { issue: pull.number, id: comment.id, marker: marker(comment.id), body: 'I approve' }

    await expect(does(() => talk.answer(forged))).rejects.toThrow('ann')
    await expect(does(() => talk.minimise(of.nodeId))).rejects.toThrow('only ours are folded')

    expect(world.github.writes).toEqual([])
  })

  test('and was deleted by somebody stays deleted; a reaction to what is gone is none', async () => {
    const { world, pull, comment, talk, does } = await withCommand()
    const answer = { issue: pull.number, marker: marker(comment.id), body: 'Working on it.' }
    const { id } = await does(() => talk.answer({ ...answer, id: null }))
    world.github.state.comments.clear()
    world.github.forgetCalls()

    expect(await does(() => talk.answer({ ...answer, id, body: 'Done.' }))).toEqual({ id })
    await does(() => talk.react(comment.id, 'rocket'))

    expect(pull.comments).toEqual([])
    expect(world.github.writes).toEqual([])
  })

  test('earlier is folded by one write, and not again', async () => {
    const { world, pull, of, host, repository, talk, does } = await withCommand()
    await does(() => talk.answer({ issue: pull.number, id: null, marker: marker(1), body: 'one' }))
    const [old] = (await does(() => talk.commentNow(of))).answers
    world.github.forgetCalls()

    await does(() => talk.minimise(old?.nodeId ?? ''))
    expect(calls(world).map(({ operation }) => operation)).toEqual(['graphql Minimise'])
    await does(() => host.conversation(repository).minimise(old?.nodeId ?? ''))

    expect(calls(world).map(({ operation }) => operation)).toEqual(['graphql Minimise', 'graphql Whose'])
    expect(pull.comments.map(({ isMinimised }) => isMinimised)).toEqual([false, true])
    expect((await does(() => talk.commentNow(of))).answers).toEqual([])
    expect(world.github.contractBreaks).toEqual([])
  })
})

describe('an answer, whatever goes wrong with each call', { timeout: DEEP ? 600_000 : 60_000 }, () => {
  let snapshot: WorldSnapshot
  beforeAll(async () => {
    const world = await openWorld({ app: APP, courier: { deliver: async () => 202 } })
    await world.user('ann')
    const models = await world.repository('acme/models', { files: { '.github/weighbridge.yml': CONFIGURATION } })
    const pull = await models.opensPull({ branch: 'change', by: 'ann', files: { 'new.yml': 'a: 1\n' } })
    await pull.comment(COMMAND, 'ann')
    await world.settles()
    snapshot = await world.snapshot()
    await world.close()
  })
  afterAll(() => snapshot.close())

  /** Looks whether it has answered, reacts, and answers or edits. */
  const answers = (lagMs: number) =>
    worldRun({
      snapshot,
      lagMs,
      settlesWithinMs: 1_800_000,
      start: stubborn(async (host, repository) => {
        const talk = host.conversation(repository)
        const asked = { marker: marker(7), issue: 1 }
        const comment = [...snapshot.github.state.comments.keys()][0] ?? 0
        const now = await talk.commentNow({ nodeId: nodeId('IssueComment', comment), issue: 1 })
        await talk.react(comment, 'eyes')
        const known = now.answers.find(({ body }) => body.startsWith(asked.marker))?.id ?? null
        const { id } = await talk.answer({ ...asked, id: known, body: 'Working on it.' })
        await talk.answer({ ...asked, id, body: 'Done.' })
      }),
      tell: async (_, settled) => settled(),
      endOf: async (world) => ({
        comments: (await world.repository('acme/models')).pull(1).comments,
        reactions: world.github.state.reactions.size,
        breaks: world.github.contractBreaks,
      }),
    })

  test('is one comment, with one reaction (S08, S37)', async () => {
    const report = await sweep(answers(0), { seed: 20_261_121, deep: DEEP })

    expect(report.problems).toEqual([])
    expect(report.calls.map(({ address }) => address.operation)).toEqual(
      expect.arrayContaining(['graphql CommentNow', 'issues/create-comment', 'issues/update-comment']),
    )
  })

  test('is one comment also where lists lag less than we wait (S37)', async () => {
    const effects = ({ isWrite, address }: RecordedCall): readonly Effect[] =>
      isWrite && address.operation.startsWith('issues') ? LOST : []

    const { problems } = await sweep(answers(5000), { seed: 1, deep: true, effects })

    expect(problems).toEqual([])
  })
})
