import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { dequeuePull } from '../../../src/world/github/acts/queue-pull.ts'
import { rerequestRun } from '../../../src/world/github/acts/write-check.ts'
import type { CheckRun, Delivery } from '../../../src/world/github/github-state.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import { otherApp } from '../../app/other-app.ts'
import { ALSO_BETTER, BETTER, openStory, RULES, type Story, type StoryOptions } from '../../support/github-world.ts'

/** Passes without anybody's approval. */
const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const PROSE = { branch: 'prose', files: { 'README.md': 'x' }, by: 'dana' }

function withQueue(options: StoryOptions = {}): Promise<Story> {
  return openStory({ policy: RULES, ...options, requires: { mergeQueue: true, ...options.requires } })
}

/** Heads of the groups that stand in the queue now, first first. */
function groups({ world }: Story): readonly string[] {
  return [...world.github.state.queue.values()].map(({ group }) => group?.headSha ?? '')
}

function runsOn({ world }: Story, headSha: string | undefined): readonly CheckRun[] {
  return [...world.github.state.runs.values()].filter((run) => run.headSha === headSha)
}

function rollUp(story: Story, headSha: string | undefined): CheckRun | undefined {
  return runsOn(story, headSha).findLast(({ name }) => name === 'weighbridge')
}

const reads = ({ world }: Story) =>
  world.github.calls.filter(({ operation }) => !/create|update|merge|Enqueue/.test(operation ?? '')).length

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

  test('costs eight reads, and three for each further pull request', async () => {
    const story = await withQueue()
    await asOneGroup(story, 4)
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const more: PullHandle[] = []
    for (const number of [1, 2, 3])
      more.push(await story.opens({ ...PROSE, branch: `prose-${number}`, files: { [`docs/${number}.md`]: 'x' } }))
    for (const one of [pull, ...more]) await one.queuedBy('erin')
    story.world.github.forgetCalls()
    const last = groups(story).at(-1) ?? ''

    await story.settles()

    expect(rollUp(story, last)?.conclusion).toBe('success')
    expect(reads(story)).toBeLessThanOrEqual(8 + 3 * more.length)
  })
})

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

/** GitHub builds one group of so many entries, and tells of that one alone: from the branch's own tip on. */
async function asOneGroup(story: Story, entries: number): Promise<void> {
  const { app, repository, world } = story
  const base = await repository.tip()
  world.webhooksTo({
    deliver: async (delivery: Delivery) => {
      const body = JSON.parse(delivery.requestBody)
      const group = body.merge_group
      if (group !== undefined && group.head_sha !== groups(story)[entries - 1]) return 202
      if (group !== undefined) group.base_sha = base
      const bytes = Buffer.from(JSON.stringify(body))
      const headers = Object.entries(delivery.requestHeaders).map(([name, value]) => [name.toLowerCase(), value])
      const signature = `sha256=${createHmac('sha256', world.app.webhookSecret).update(bytes).digest('hex')}`
      const answer = await app.receive({ ...Object.fromEntries(headers), 'x-hub-signature-256': signature }, bytes)
      return answer.status
    },
  })
}
