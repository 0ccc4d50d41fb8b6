import { describe, expect, test } from 'vitest'
import { otherApp } from '../../app/other-app.ts'
import { AUTOMATIC, BETTER, openStory, serves, TAMPERED, UNFAIR } from '../../support/github-world.ts'
import { becomesDraft, presses } from '../../support/story-acts.ts'

/** Nobody must approve, so that what is measured decides alone. */
const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const MERGED = { ...MEASURED, merge: { automatic: true } }

describe('a promotion', () => {
  test('that keeps every rule passes at once, and nobody writes twice', async () => {
    const story = await openStory({ policy: MEASURED })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ status: 'completed', conclusion: 'success' })
    expect(story.world.github.writes).toEqual(['POST check-runs', 'POST check-runs'])
    expect(story.world.github.contractBreaks).toEqual([])
  })

  test('is held until somebody of the role approves, and says for whom it waits', async () => {
    const story = await openStory()

    const pull = await story.promotes(BETTER)
    const before = pull.check('weighbridge')
    await story.after(pull.approve('erin'))

    expect(before).toMatchObject({ conclusion: 'action_required' })
    expect(before?.summary).toContain('0/1 approvals of role approver for adult in production')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(pull.check('weighbridge')?.text).toContain('1/1 approvals of role approver: erin')
  })

  test('of an unfair version is red with the number, and no approval makes it green', async () => {
    const story = await openStory()

    const pull = await story.promotes(UNFAIR)
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain('disparate_impact across sex 0.2947 is under the floor of 0.5')
  })

  test('of an artifact that somebody swapped is red, and its bytes are never run', async () => {
    const story = await openStory()

    const pull = await story.promotes(TAMPERED)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain('the record says')
    expect(pull.check('weighbridge / metrics')).toMatchObject({ conclusion: 'action_required' })
  })

  test('that nothing requires our check for says so in its first line, as soon as GitHub can tell', async () => {
    const story = await openStory({ requires: null })

    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')?.summary.split('\n')[0]).toContain('Not required here: nothing holds.')
  })

  test('shows its decision first, then a table, the line to repeat it, and keeps to what GitHub takes', async () => {
    const story = await openStory()

    const pull = await story.promotes(UNFAIR)

    for (const { summary, text, title, annotations, externalId } of pull.checks) {
      expect(summary).toMatch(/^(\*\*)?[✓✗?]/)
      expect(text).toContain('| rule | measured | interval | limit | incumbent | verdict |')
      expect(text).toMatch(/Repeat it: `npx weighbridge check --base [0-9a-f]{12} --head [0-9a-f]{12} --now /)
      expect(Math.max(summary.length, text.length)).toBeLessThan(65_536)
      expect(annotations.length).toBeLessThanOrEqual(50)
      expect(title.length).toBeLessThan(256)
      expect(externalId).toMatch(/^weighbridge [\d.]+:main:1:[0-9a-f]{64}$/)
    }
  })
})

describe('a pull request', () => {
  test('of prose alone passes with one write, whatever the rules say', async () => {
    const story = await openStory()

    const pull = await story.opens({ branch: 'prose', files: { 'docs/a.md': 'hello' }, by: 'dana' })

    expect(pull.checks).toMatchObject([{ conclusion: 'success', title: 'nothing of ours changed' }])
    expect(story.world.github.calls).toHaveLength(3)
  })

  test('that is weighed again is not written again', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    const before = pull.checks
    story.world.github.forgetCalls()

    await story.passes(3_600_000)

    expect(story.world.github.calls.map(({ operation }) => operation)).toContain('graphql PullNow')
    expect(story.world.github.writes).toEqual([])
    expect(pull.checks).toEqual(before)
  })

  test('is weighed again for who presses the button and may write, and for nobody else', async () => {
    const story = await openStory({ people: { visitor: { permission: 'read' } } })
    const pull = await story.promotes(BETTER)
    story.world.github.forgetCalls()

    await story.after(presses(story, 'visitor', pull, 'weigh-again'))
    const forVisitor = story.world.github.writes
    await story.after(presses(story, 'dana', pull, 'weigh-again'))

    expect(forVisitor).toEqual([])
    expect(story.world.github.writes).toContain('PATCH check-runs')
    expect(pull.checks).toHaveLength(3)
  })
})

test('a repository without a configuration is told so, and does not pass', async () => {
  const story = await openStory()
  const other = await story.world.repository('acme/web', { files: { 'README.md': 'hello' } })

  const pull = await story.after(other.opensPull({ branch: 'change', files: { 'README.md': 'hi' }, by: 'dana' }))

  expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required', title: 'not onboarded' })
})

test('nothing is fetched for a fork: it is held for a maintainer (S22)', async () => {
  const story = await openStory()
  const fork = await story.repository.forkedBy('dana')

  const { number } = await story.after(fork.opensPull({ branch: 'better', files: serves(BETTER), by: 'dana' }))

  const pull = story.repository.pull(number)
  expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
  expect(pull.check('weighbridge')?.title).toContain('from a fork')
  expect(pull.check('weighbridge / metrics')?.conclusion ?? null).not.toBe('success')
})

test('32 checks of others on each of 25 open pull requests cost no call at all (S53)', async () => {
  const story = await openStory()
  const reports = await otherApp(story.world, story.repository)
  const pulls = []
  for (let number = 1; number <= 25; number++)
    pulls.push(
      await story.repository.opensPull({ branch: `b${number}`, files: { [`docs/${number}.md`]: 'x' }, by: 'dana' }),
    )
  await story.settles()
  const opening = story.world.github.calls.length
  story.world.github.forgetCalls()

  for (const { head } of pulls) for (let check = 1; check <= 32; check++) await reports(head, `ci ${check}`, 'success')
  await story.settles()

  expect(story.world.github.calls).toEqual([])
  expect(opening).toBeLessThan(200)
  expect(pulls.every((pull) => pull.check('weighbridge')?.conclusion === 'success')).toBe(true)
})

describe('automatic merge', () => {
  test('that waits for somebody else’s check happens when that has passed', async () => {
    const story = await openStory({ policy: MERGED, requires: { checks: ['weighbridge', 'ci'], app: null } })
    const reports = await otherApp(story.world, story.repository)
    const pull = await story.promotes(BETTER)
    const before = { state: pull.state, conclusion: pull.check('weighbridge')?.conclusion }

    await story.after(reports(pull.head, 'ci', 'success'))

    expect(before).toEqual({ state: 'open', conclusion: 'success' })
    expect(pull.state).toBe('merged')
  })

  test('merges the weighed head, with its SHA in the call, and records what was decided', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(BETTER)
    const { head } = pull
    const sent: unknown[] = []
    story.before('pulls/merge', async () => void sent.push(pull.head))

    await story.after(pull.approve('erin'))

    expect(sent).toEqual([head])
    expect(pull.state).toBe('merged')
    expect(await story.repository.file('deploy/production/adult.yml')).toContain('"weighbridge.dev/version": "1.1.0"')
    expect(await story.ledger.facts()).toMatchObject([
      {
        kind: 'decided',
        pull: 1,
        head,
        merge_commit: pull.mergeCommit,
        status: 'passed',
        approvals: [{ by: expect.any(Number) }],
      },
      { kind: 'deployed', version: BETTER, from: '1.0.0', commit: pull.mergeCommit, weighed: true },
      { kind: 'looked', version: BETTER },
    ])
    expect(story.world.github.contractBreaks).toEqual([])
  })

  test('never merges a draft, and does when its author says that it is ready', async () => {
    const story = await openStory({ policy: MERGED })

    const pull = await story.promotes(BETTER, { isDraft: true })
    const asDraft = { state: pull.state, conclusion: pull.check('weighbridge')?.conclusion }
    await story.after(pull.readyBy('dana'))

    expect(asDraft).toEqual({ state: 'open', conclusion: 'success' })
    expect(pull.state).toBe('merged')
  })

  test('leaves what became a draft a moment before the merge', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(BETTER)
    story.before('pulls/merge', () => becomesDraft(story, 'dana', pull))

    await story.after(pull.approve('erin'))

    expect(pull.state).toBe('open')
  })

  test('leaves what the policy does not say to merge', async () => {
    const story = await openStory({ policy: MEASURED })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(pull.state).toBe('open')
  })

  test('leaves prose to its author: nothing of ours is to be merged', async () => {
    const story = await openStory({ policy: MERGED })

    const pull = await story.opens({ branch: 'prose', files: { 'docs/a.md': 'hello' }, by: 'dana' })

    expect(pull.state).toBe('open')
  })

  test('is left to people where the app may pass the rules by (S63)', async () => {
    const story = await openStory({ policy: MERGED, requires: { appMayBypass: true } })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(pull.state).toBe('open')
  })
})
