import { describe, expect, test } from 'vitest'
import { dequeuePull } from '../../../src/world/github/acts/queue-pull.ts'
import { rerequestRun } from '../../../src/world/github/acts/write-check.ts'
import type { CheckRun } from '../../../src/world/github/github-state.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import { otherApp } from '../../app/other-app.ts'
import { ALSO_BETTER, BETTER, openStory, RULES, type Story, type StoryOptions } from '../../support/github-world.ts'
import { asOneGroup, groups } from '../../support/merge-groups.ts'

/** Passes without anybody's approval. */
const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const PROSE = { branch: 'prose', files: { 'README.md': 'x' }, by: 'dana' }

function withQueue(options: StoryOptions = {}): Promise<Story> {
  return openStory({ policy: RULES, ...options, requires: { mergeQueue: true, ...options.requires } })
}

function runsOn({ world }: Story, headSha: string | undefined): readonly CheckRun[] {
  return [...world.github.state.runs.values()].filter((run) => run.headSha === headSha)
}

function rollUp(story: Story, headSha: string | undefined): CheckRun | undefined {
  return runsOn(story, headSha).findLast(({ name }) => name === 'weighbridge')
}

/** Every call of ours that changes nothing, answers out of its memory (304) among them; in the order of names. */
function reads({ world }: Story): readonly string[] {
  const asked = world.github.calls.filter(({ isWrite, token }) => !isWrite && token === 'installation')
  return asked.map(({ operation }) => `${operation}`).toSorted()
}

/** An approved promotion and one on top of it, both green on their own. */
async function twoPromotions(story: Story) {
  const first = await story.promotes(BETTER)
  await story.after(first.approve('erin'))
  const second = await story.promotes(ALSO_BETTER, { branch: 'stacked', from: `promote-${BETTER}` })
  await story.after(second.approve('finn'))
  expect([first, second].map((pull) => pull.check('weighbridge')?.conclusion)).toEqual(['success', 'success'])
  return { first, second }
}

describe('a group of one', () => {
  test('is weighed as the merged tree, with the approvals of its pull request, and lands', async () => {
    const story = await withQueue()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await pull.queuedBy('erin')
    const [head] = groups(story)
    await story.settles()

    expect(rollUp(story, head)).toMatchObject({ conclusion: 'success' })
    expect(pull.state).toBe('merged')
    expect((await story.ledger.kinds()).toSorted()).toEqual(['decided', 'deployed', 'looked'])
    expect(story.world.github.contractBreaks).toEqual([])
  })

  test('of which one gate fails leaves the queue, and says why on the group and on the pull request', async () => {
    const story = await withQueue()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await pull.queuedBy('erin')
    const [head] = groups(story)
    await pull.requestChanges('finn')
    await story.settles()

    expect(rollUp(story, head)?.conclusion).toBe('failure')
    expect(rollUp(story, head)?.output.summary).toContain('finn')
    expect([pull.state, groups(story).length]).toEqual(['open', 0])
  })

  test('that waits for somebody else is weighed again when asked, as itself and not as the whole queue', async () => {
    const story = await withQueue({ requires: { checks: ['weighbridge', 'ci'], app: null } })
    const reports = await otherApp(story.world, story.repository)
    const { first, second } = await twoPromotions(story)
    for (const { head } of [first, second]) await reports(head, 'ci', 'success')
    await first.queuedBy('erin')
    const prose = await story.opens(PROSE)
    await reports(prose.head, 'ci', 'success')
    await story.after(prose.queuedBy('erin'))
    const head = groups(story)[1]
    const before = rollUp(story, head)
    const erin = findAccount(story.world.github.state, 'erin')

    story.world.github.forgetCalls()
    await rerequestRun(
      story.world.github.running,
      { kind: 'user', account: erin ?? expect.fail() },
      { repository: story.repository.id, run: before?.id ?? 0 },
    )
    await story.settles()

    expect(before?.conclusion).toBe('success')
    expect(story.world.github.writes).toEqual(['PATCH check-runs'])
    expect(rollUp(story, head)).toMatchObject({ conclusion: 'success', externalId: before?.externalId })
  })
})

describe('a group of several', () => {
  test('lands in order, each entry with a roll-up of its own', async () => {
    const story = await withQueue()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const prose = await story.opens(PROSE)

    await pull.queuedBy('erin')
    await prose.queuedBy('erin')
    const heads = groups(story)
    await story.settles()

    expect(heads.map((head) => rollUp(story, head)?.conclusion)).toEqual(['success', 'success'])
    expect([pull.state, prose.state]).toEqual(['merged', 'merged'])
  })

  test('takes no approval along that was given to other evidence: the second promotion is asked for again', async () => {
    const story = await withQueue()
    const { first, second } = await twoPromotions(story)

    await first.queuedBy('erin')
    await second.queuedBy('erin')
    const last = groups(story)[1]
    await story.settles()

    expect(rollUp(story, last)?.conclusion).toBe('action_required')
    expect(rollUp(story, last)?.output.summary).toContain('finn (approved other evidence')
    expect([first.state, second.state]).toEqual(['merged', 'open'])
  })

  test('in which one model is promoted twice fails, and names both pull requests', async () => {
    const story = await withQueue()
    const { first, second } = await twoPromotions(story)
    await asOneGroup(story, 2)

    await first.queuedBy('erin')
    await second.queuedBy('erin')
    const last = groups(story)[1]
    await story.settles()

    expect(rollUp(story, last)).toMatchObject({ conclusion: 'failure' })
    expect(rollUp(story, last)?.output.title).toBe('two promotions of one model')
    for (const { number } of [first, second]) expect(rollUp(story, last)?.output.summary).toContain(`#${number}`)
    expect([first.state, second.state]).toEqual(['open', 'open'])
  })

  test('costs five reads, who pushed among them, and no more than two for each further pull request', async () => {
    const alone = await heldQueue()
    const further = await heldQueue()

    const one = await groupCosts(alone, [])
    const four = await groupCosts(further, [1, 2, 3])

    expect(one).toEqual(READS_OF_ONE)
    expect(four.filter((operation) => !READS_OF_ONE.includes(operation))).toEqual([])
    expect(four.length).toBeLessThanOrEqual(READS_OF_ONE.length + 2 * 3)
  })

  test('of which each asks for approvals reads roles and contents once, and of each who pushed to it', async () => {
    const story = await heldQueue()
    const reports = await otherApp(story.world, story.repository)
    const { first, second } = await twoPromotions(story)
    for (const { head } of [first, second]) await reports(head, 'ci', 'success')
    await asOneGroup(story, 2)
    story.world.github.forgetCalls()

    await story.after(first.queuedBy('erin'))
    await second.queuedBy('erin')
    const last = groups(story)[1]
    await story.settles()

    expect(rollUp(story, last)?.output.title).toBe('two promotions of one model')
    expect(reads(story)).toEqual([...READS_OF_ONE, ...FURTHER].toSorted())
  })
})

const FURTHER = ['repos/compare-commits-with-basehead', 'repos/list-activities']
const READS_OF_ONE = ['graphql Contents', 'graphql GroupNow', 'graphql Teams', ...FURTHER].toSorted()

/** A queue that lands nothing before somebody else's check stands. */
function heldQueue(): Promise<Story> {
  return withQueue({ requires: { checks: ['weighbridge', 'ci'], app: null } })
}

/** What weighing one group costs: an approved promotion, and further pull requests that promote nothing. */
async function groupCosts(story: Story, further: readonly number[]): Promise<readonly string[]> {
  const reports = await otherApp(story.world, story.repository)
  const pulls = [await story.promotes(BETTER)]
  await story.after(pulls[0]?.approve('erin') ?? expect.fail())
  for (const number of further)
    pulls.push(await story.opens({ ...PROSE, branch: `prose-${number}`, files: { [`docs/${number}.md`]: 'x' } }))
  for (const { head } of pulls) await reports(head, 'ci', 'success')
  await asOneGroup(story, pulls.length)
  story.world.github.forgetCalls()
  for (const pull of pulls) await story.after(pull.queuedBy('erin'))
  expect(rollUp(story, groups(story).at(-1))?.conclusion).toBe('success')
  return reads(story)
}

describe('a queue', () => {
  test('that drops a group before it was weighed costs no write', async () => {
    const story = await withQueue({ policy: OPEN })
    const pull = await story.promotes(BETTER)
    const { running, state } = story.world.github
    const erin = findAccount(state, 'erin') ?? expect.fail()
    story.world.github.forgetCalls()

    await pull.queuedBy('erin')
    const [head] = groups(story)
    await dequeuePull(
      running,
      { kind: 'user', account: erin },
      { repository: story.repository.id, number: pull.number },
    )
    await story.settles()

    expect(runsOn(story, head)).toEqual([])
    expect(story.world.github.writes).toEqual([])
    expect(pull.state).toBe('open')
  })

  test('is what an automatic merge goes through, with exactly the head that was weighed (S34)', async () => {
    const asked: unknown[] = []
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const body = await new Request(input, init).clone().text()
        if (body.includes('enqueuePullRequest')) asked.push(JSON.parse(body).variables)
        return send(input, init)
      }
    const story = await withQueue({ policy: { ...OPEN, merge: { automatic: true } }, network })

    const pull = await story.promotes(BETTER)

    expect(JSON.stringify(asked)).toContain(pull.head)
    expect(asked).toHaveLength(1)
    expect(pull.state).toBe('merged')
    expect(story.world.github.writes).not.toContain('PUT pulls/merge')
  })

  test('to which somebody pushes meanwhile merges nothing that was not weighed (S34)', async () => {
    const story = await withQueue({ policy: { ...OPEN, merge: { automatic: true } } })
    const hidden = { 'deploy/production/adult.yml': (await story.repository.file('deploy/production/adult.yml')) ?? '' }
    story.before('graphql Enqueue', () => story.repository.pull(1).push({ ...hidden, 'README.md': 'late' }, 'dana'))

    const pull = await story.promotes(BETTER)

    expect(await story.repository.file('deploy/production/adult.yml')).toContain('1.0.0')
    expect(pull.check('weighbridge')?.status).toBe('completed')
  })
})
