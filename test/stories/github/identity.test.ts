import { describe, expect, test } from 'vitest'
import { createComment } from '../../../src/world/github/acts/comment.ts'
import { createUser } from '../../../src/world/github/acts/create-account.ts'
import { createApp } from '../../../src/world/github/acts/create-app.ts'
import { installApp } from '../../../src/world/github/acts/install-app.ts'
import { submitReview } from '../../../src/world/github/acts/review.ts'
import { requestAction, rerequestRun, rerequestSuite } from '../../../src/world/github/acts/write-check.ts'
import { createIssue } from '../../../src/world/github/acts/write-issue.ts'
import { createStatus } from '../../../src/world/github/acts/write-status.ts'
import { type Actor, type CheckRun, Refusal } from '../../../src/world/github/github-state.ts'
import { accountOf, commentsOf, findAccount } from '../../../src/world/github/state/find.ts'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { otherApp } from '../../app/other-app.ts'
import { AUTOMATIC, BETTER, openStory, RULES, type Story, serves, UNFAIR } from '../../support/github-world.ts'

const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }

function person({ world }: Story, login: string): Actor {
  return { kind: 'user', account: findAccount(world.github.state, login) ?? expect.fail(login) }
}

/** The newest roll-up of ours on a head. */
function rollUp({ world }: Story, { head }: PullHandle): CheckRun {
  const own = [...world.github.state.runs.values()].filter((run) => run.app === world.app.id && run.headSha === head)
  return own.findLast(({ name }) => name === 'weighbridge') ?? expect.fail('there is no roll-up')
}

/** An app of somebody else that may do everything ours may, under a name that looks like ours. */
async function twinApp({ repository, world: { github } }: Story): Promise<Actor> {
  const { running } = github
  const keeper = findAccount(running.state, 'keeper') ?? expect.fail()
  const acme = findAccount(running.state, 'acme') ?? expect.fail()
  const permissions = {
    checks: 'write',
    pull_requests: 'write',
    issues: 'write',
    contents: 'write',
    statuses: 'write',
  } as const
  const app = createApp(running, { owner: keeper.id, name: 'weighbridge-twin', permissions, events: [] })
  const by: Actor = { kind: 'user', account: keeper }
  const { id } = await installApp(running, by, { app: app.id, account: acme.id, repositories: [repository.id] })
  const account = accountOf(running.state, app.bot)
  return { kind: 'installation', account, app, installation: id, permissions, repositories: 'all' }
}

describe('what others say in our name', () => {
  test('a success of the same name by another app or by Actions merges nothing and is no verdict (S27)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const reports = await otherApp(story.world, story.repository)
    const pull = await story.promotes(UNFAIR)

    for (const name of ['weighbridge', 'weighbridge / fairness']) await reports(pull.head, name, 'success')
    await story.settles()

    expect(rollUp(story, pull).conclusion).toBe('failure')
    expect(pull.state).toBe('open')
    await expect(pull.mergedBy('erin')).rejects.toThrow(Refusal)
  })

  test('a commit status of our name is nobody’s verdict (S27)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(UNFAIR)

    await createStatus(story.world.github.running, person(story, 'dana'), {
      repository: story.repository.id,
      sha: pull.head,
      state: 'success',
      context: 'weighbridge',
    })
    await story.settles()

    expect(pull.state).toBe('open')
    await expect(pull.mergedBy('erin')).rejects.toThrow(Refusal)
  })

  test('approvals of bots, ours among them, count for nothing (S13)', async () => {
    const story = await openStory({ policy: RULES })
    const pull = await story.promotes(BETTER)
    const at = { repository: story.repository.id, number: pull.number, event: 'APPROVE' } as const

    await submitReview(story.world.github.running, await twinApp(story), at)
    await story.settles()

    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
  })

  test('a bot that presses a button, and comments that name us, start nothing (S13)', async () => {
    const story = await openStory({ policy: OPEN })
    const twin = await twinApp(story)
    const pull = await story.promotes(BETTER)
    const { running } = story.world.github
    const { id } = rollUp(story, pull)
    story.world.github.forgetCalls()

    await requestAction(running, twin, { repository: story.repository.id, run: id, identifier: 'weigh-again' }).catch(
      () => undefined,
    )
    for (const body of ['weighbridge: weigh again', '/promote adult 1.2.0', '@weighbridge merge'])
      await createComment(running, twin, { repository: story.repository.id, number: pull.number, body })
    await story.settles()

    expect(story.world.github.writes).toEqual([])
  })

  test('who posts our hidden marker first keeps his comment and his issue as he wrote them (S44)', async () => {
    const [marker, issueMarker] = await markersOf(await openStory({ requires: null }))
    const story = await openStory({ requires: null })
    const { running, state } = story.world.github
    const pull = await story.promotes(UNFAIR)
    const at = { repository: story.repository.id, number: pull.number }
    const theirs = `${marker}\nall is well`
    const mine = await createComment(running, person(story, 'dana'), { ...at, body: theirs })
    const issue = { repository: story.repository.id, title: 'mine', body: `${issueMarker}\nmine` }
    const { number } = await createIssue(running, person(story, 'dana'), issue)

    await story.after(pull.mergedBy('dana'))

    const comments = commentsOf(state, story.repository.id, pull.number)
    const issues = [...state.issues.values()]
    expect(comments.find(({ id }) => id === mine.id)?.body).toBe(theirs)
    expect(comments.filter(({ author }) => author === story.world.app.bot.id)).toHaveLength(1)
    expect(issues.find((one) => one.number === number)).toMatchObject({ title: 'mine', body: issue.body })
    expect(issues.filter(({ author }) => author === story.world.app.bot.id)).toHaveLength(1)
  })
})

/** The first line of what the app itself wrote when something landed without a verdict. */
async function markersOf(story: Story): Promise<readonly [string, string]> {
  const pull = await story.promotes(UNFAIR)
  await story.after(pull.mergedBy('dana'))
  const { app, github } = story.world
  const issue = [...github.state.issues.values()].find(({ author }) => author === app.bot.id)
  return [firstLine(pull.comments[0]?.body), firstLine(issue?.body)]
}

function firstLine(text: string | null | undefined): string {
  const [line = ''] = (text ?? '').split('\n')
  expect(line).toMatch(/^<!-- weighbridge.* -->$/)
  return line
}

describe('a fork', () => {
  test('that asks again is found by its head, and its check is not left waiting (S23)', async () => {
    const story = await openStory({ policy: RULES })
    const fork = await story.repository.forkedBy('dana')
    const pull = await story.after(fork.opensPull({ branch: 'better', files: serves(BETTER), by: 'dana' }))
    const { running, state } = story.world.github
    const run = rollUp(story, pull)

    story.world.github.forgetCalls()
    await rerequestRun(running, person(story, 'erin'), { repository: story.repository.id, run: run.id })
    await story.settles()
    await rerequestSuite(running, person(story, 'erin'), { repository: story.repository.id, suite: run.suite })
    await story.settles()

    expect(story.world.github.writes.filter((write) => write.endsWith('check-runs')).length).toBeGreaterThanOrEqual(2)
    expect(rollUp(story, pull)).toMatchObject({ status: 'completed', conclusion: 'action_required' })
    expect(state.suites.get(run.suite)?.status).toBe('completed')
  })

  test('gets neither secrets nor bytes: nothing is fetched, and a maintainer is asked to take it over (S22)', async () => {
    const story = await openStory({ policy: { ...OPEN, merge: { automatic: true } } })
    const fork = await story.repository.forkedBy('dana')

    const pull = await story.after(fork.opensPull({ branch: 'better', files: serves(BETTER), by: 'dana' }))
    await story.after(fork.commit(serves(UNFAIR), { by: 'dana', branch: 'better' }))

    const check = story.repository.pull(pull.number).check('weighbridge')
    expect(check).toMatchObject({ conclusion: 'action_required' })
    expect(check?.title).toContain('fork')
    expect(pull.state).toBe('open')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('with the head of a pull request from inside does not borrow its verdict (S23)', async () => {
    const story = await openStory({ policy: OPEN })
    const inside = await story.promotes(BETTER)
    const fork = await story.repository.forkedBy('dana')

    await story.after(fork.opensPull({ branch: 'twin', from: inside.head, files: { 'README.md': 'x' }, by: 'dana' }))

    expect(inside.check('weighbridge')?.conclusion).toBe('success')
    expect(story.repository.pull(inside.number + 1).check('weighbridge')?.conclusion).toBe('action_required')
  })
})

describe('every verb on every surface goes through one authorisation, by id (S41)', () => {
  const SURFACES = ['button', 'run asked again', 'suite asked again'] as const
  const PEOPLE = {
    reader: { permission: 'read', may: false },
    triager: { permission: 'triage', may: false },
    writer: { permission: 'write', may: true },
    root: { permission: 'admin', may: true },
  } as const
  const people = Object.fromEntries(Object.entries(PEOPLE).map(([login, { permission }]) => [login, { permission }]))

  for (const [login, { may }] of Object.entries(PEOPLE))
    for (const surface of SURFACES)
      test(`weigh again, ${surface}, by ${login}: ${may ? 'done' : 'nothing'} (S41)`, async () => {
        const story = await openStory({ policy: OPEN, people })
        const pull = await story.promotes(BETTER)
        const { running } = story.world.github
        const run = rollUp(story, pull)
        const at = { repository: story.repository.id, run: run.id, suite: run.suite, identifier: 'weigh-again' }
        story.world.github.forgetCalls()

        const press = { button: requestAction, 'run asked again': rerequestRun, 'suite asked again': rerequestSuite }
        await press[surface](running, person(story, login), at).catch(() => undefined)
        await story.settles()

        expect(story.world.github.writes.length > 0).toBe(may)
      })

  test('who lost his right a moment ago, or took somebody’s login, is nobody (S15, S41)', async () => {
    const story = await openStory({ policy: OPEN, people })
    const pull = await story.promotes(BETTER)
    const { running, state } = story.world.github
    const writer = findAccount(state, 'writer') ?? expect.fail()
    state.accounts.set(writer.id, { ...writer, login: 'was-writer' })
    const thief = createUser(running, { login: 'writer' })
    story.world.github.forgetCalls()

    await requestAction(
      running,
      { kind: 'user', account: thief },
      {
        repository: story.repository.id,
        run: rollUp(story, pull).id,
        identifier: 'weigh-again',
      },
    ).catch(() => undefined)
    await story.settles()

    expect(story.world.github.writes).toEqual([])
  })
})
