import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { issuesOf } from '../../../src/world/github/state/find.ts'
import { otherApp } from '../../app/other-app.ts'
import { BETTER, openStory, policy, type Story, type StoryOptions, serves } from '../../support/github-world.ts'
import { groups } from '../../support/merge-groups.ts'
import { presses } from '../../support/story-acts.ts'
import { answerIn, answersIn, opensIssue, says, speaks } from '../../support/story-talk.ts'

/** A hold stands at what is promoted, and at its environment for what a later push promotes. */
const HELD = ['held', 'held']
const UNHELD = ['unheld', 'unheld']
const MEASURED = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const TOO_HIGH = { metric: 'roc_auc', min: 0.999 }
const WAIVABLE = {
  gates: { metrics: [TOO_HIGH] },
  waivable: { metrics: { by: 'approver', max: '14d', count: 1 } },
}
/** Of a whole sweep: installations, repositories, deliveries, what is so now, open pull requests, the one just merged. */
const SWEEP_CALLS = 6
const DAY_MS = 86_400_000

async function promoted(more: StoryOptions = {}) {
  const story = await openStory({ policy: MEASURED, ...more })
  const pull = await story.promotes(BETTER)
  return { story, pull, number: pull.number }
}

/** 1.1.0 serves; it did not pass, and that is waived for two days. */
async function landedUnderWaiver(reason: string) {
  const { story, pull, number } = await promoted({ policy: WAIVABLE })
  await says(story, 'erin', number, `/waive metrics until=2d reason="${reason}"`)
  await story.after(pull.mergedBy('finn'))
  return story
}

/** Issues about waivers. */
function waiverIssues({ world, repository }: Story) {
  const all = issuesOf(world.github.state, repository.id)
  return all.filter(({ title }) => title.includes('waiver')).map(({ title, body }) => ({ title, body: body ?? '' }))
}

async function losesInbox(story: Story) {
  for (const end of ['', '-wal', '-shm']) rmSync(`${story.home.path}/inbox.sqlite${end}`, { force: true })
  await story.restarts()
}

/** Conclusion of the newest roll-up on a commit. */
function shownOn({ world }: Story, sha: string) {
  const runs = [...world.github.state.runs.values()].filter(
    ({ headSha, name }) => headSha === sha && name === 'weighbridge',
  )
  return runs.at(-1)?.conclusion
}

/** The roll-up as it stands when the app is about to answer. */
async function whenAnswered(
  story: Story,
  act: () => Promise<unknown>,
  see: () => unknown,
): Promise<readonly unknown[]> {
  const seen: unknown[] = []
  story.before('issues/create-comment', async () => void seen.push(see()))
  await act()
  await story.settles()
  return seen
}

describe('a fact that somebody enters', () => {
  test('leaves no green standing: a hold re-opens the verdict before it is answered, and ends with /unhold', async () => {
    const { story, pull, number } = await promoted()
    const rollUp = () => pull.check('weighbridge')

    const seen = await whenAnswered(
      story,
      () => speaks(story, 'erin', number, '/hold reason="wait for the audit"'),
      () => rollUp()?.conclusion,
    )
    const held = rollUp()
    await says(story, 'dana', number, '/unhold')
    const byAuthor = answerIn(story, number)
    await says(story, 'finn', number, '/unhold')

    expect(seen).not.toContain('success')
    expect(held).toMatchObject({ conclusion: 'action_required' })
    expect(held?.summary).toContain('wait for the audit')
    expect(byAuthor).toContain('is the author of the pull request, so somebody else decides this')
    expect(rollUp()).toMatchObject({ conclusion: 'success' })
    expect(await story.ledger.kinds()).toEqual([...HELD, ...UNHELD])
  })

  test('holds the pull request as a whole: a push that swaps in another environment is held, and its hold lifted there alone', async () => {
    const place = (name: string) => ({ name, manifests: `deploy/${name}`, policy: `policies/${name}.yml` })
    const environments = [place('staging'), place('production')]
    const files = { ...policy(MEASURED, 'staging'), ...serves('1.0.0', 'staging') }
    const { story, pull, number } = await promoted({ configuration: { environments }, files })
    await says(story, 'erin', number, '/hold reason="wait for the audit"')

    const swapped = { ...serves('1.0.0'), ...serves(BETTER, 'staging') }
    await story.after(pull.push(swapped, 'dana'))
    const inStaging = pull.check('weighbridge')
    await says(story, 'finn', number, '/unhold')
    const lifted = pull.check('weighbridge')
    await story.after(pull.push({ ...serves(BETTER), ...serves('1.0.0', 'staging') }, 'dana'))

    expect(inStaging).toMatchObject({ conclusion: 'action_required' })
    expect(inStaging?.summary).toContain('wait for the audit')
    expect(lifted).toMatchObject({ conclusion: 'success' })
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
  })

  test('holds a pull request whose new head nobody has weighed yet, and with models in another repository', async () => {
    const story = await openStory({ policy: MEASURED, registry: true })
    const pull = await story.promotes(BETTER)
    await pull.push({ ...serves('1.4.0') }, 'dana')
    story.world.github.forgetCalls()

    await says(story, 'erin', pull.number, '/hold reason="too quick"')
    const calls = story.world.github.calls.map(({ operation }) => operation)

    expect(calls).toContain('graphql PullsNow')
    expect(await story.ledger.kinds()).toEqual(HELD)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
  })

  test('a freeze stops every open promotion of the environment and ones that come later, until it ends', async () => {
    const { story, pull } = await promoted()
    const issue = await opensIssue(story, 'otto', 'Cluster upgrade')

    const seen = await whenAnswered(
      story,
      () => speaks(story, 'otto', issue, '/freeze production until=2d reason="cluster upgrade"'),
      () => pull.check('weighbridge')?.conclusion,
    )
    const later = await story.opens({ branch: 'later', files: { ...serves('1.4.0') }, by: 'dana' })
    const frozen = [pull, later].map((one) => one.check('weighbridge')?.conclusion)
    const text = later.check('weighbridge')?.summary
    await story.passes(2 * DAY_MS + 60_000)

    expect(seen).not.toContain('success')
    expect(frozen).toEqual(['failure', 'failure'])
    expect(text).toContain('cluster upgrade')
    expect([pull, later].map((one) => one.check('weighbridge')?.conclusion)).toEqual(['success', 'success'])
    expect((await story.ledger.facts()).map(({ kind, scope }) => [kind, scope])).toEqual([
      ['frozen', { environment: 'production', model: '*' }],
    ])
  })

  test('a freeze is lifted by /unfreeze; one that is over, or of no environment, is refused', async () => {
    const { story, pull, number } = await promoted()
    await says(story, 'otto', number, '/freeze production until=2d reason="x"')

    await says(
      story,
      'otto',
      number,
      '/unfreeze production\n\n/freeze prodution until=2d reason="x"\n\n/freeze production until=2020-01-01 reason="x"\n\n/freeze production until=2d reason="ask anna@acme.example"',
    )
    const answer = answerIn(story, number)

    expect(answer).toContain('No longer frozen by command: production.')
    expect(answer).toContain('there is no environment prodution. Did you mean production?')
    expect(answer).toContain('2020-01-01 is over, or no moment.')
    expect(answer).toContain('Warning: the reason looks as though it holds personal data')
    expect(await story.ledger.kinds()).toEqual(['frozen', 'unfrozen', 'frozen'])
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('while a verdict is being written is not overtaken by it', async () => {
    const { story, pull, number } = await promoted()
    await story.after(
      story.repository.commit(policy({ gates: { metrics: [{ metric: 'roc_auc', min: 0.84 }] } }), { by: 'keeper' }),
    )
    story.before('checks/update', async () => void (await speaks(story, 'erin', number, '/hold reason="now"')))

    await says(story, 'erin', number, '/weigh')
    await story.settles()

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge')?.summary).toContain('now')
  })
})

describe('the button “How to waive”', () => {
  test('pressed on a check that shows something else by now tells nothing', async () => {
    const { story, pull, number } = await promoted({ policy: WAIVABLE })
    const { runs } = story.world.github.state
    story.before('checks/list-for-ref', async () => {
      for (const run of runs.values()) runs.set(run.id, { ...run, externalId: `${run.externalId}0` })
    })

    await story.after(presses(story, 'erin', pull, 'how-to-waive'))

    expect(answersIn(story, number)).toEqual([])
  })
})

describe('in a merge queue', () => {
  test('a hold re-opens the group that waits there, and it leaves the queue', async () => {
    const requires = { mergeQueue: true, checks: ['weighbridge', 'ci'], app: null }
    const { story, pull, number } = await promoted({ requires })
    const reports = await otherApp(story.world, story.repository)
    await reports(pull.head, 'ci', 'success')
    await story.after(pull.queuedBy('erin'))
    const [head = ''] = groups(story)
    const onGroup = () => shownOn(story, head)
    const before = onGroup()

    const seen = await whenAnswered(story, () => speaks(story, 'erin', number, '/hold reason="wait"'), onGroup)

    expect(before).toBe('success')
    expect(seen).not.toContain('success')
    expect(onGroup()).toBe('action_required')
    expect(pull.state).toBe('open')
  })
})

describe('a waiver', () => {
  test('lets exactly the evidence pass that was shown, and ends with the next push (S17, S40)', async () => {
    const { story, pull, number } = await promoted({ policy: WAIVABLE })
    const before = pull.check('weighbridge')

    await says(story, 'erin', number, '/waive metrics until=7d reason="corrected labels arrive on Monday"')
    const after = pull.check('weighbridge')
    const answer = answerIn(story, number)
    await story.after(pull.push({ ...serves('1.4.0') }, 'dana'))

    expect(before).toMatchObject({ conclusion: 'failure' })
    expect(after).toMatchObject({ conclusion: 'success' })
    expect(after?.text).toContain('corrected labels arrive on Monday')
    expect(answer).toMatch(
      /Waived until 2026-\d\d-\d\dT.*: metrics of adult in production, for the evidence that the check shows/,
    )
    expect(answer).toContain('It covers no other gate, and no overlap with training rows.')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(await story.ledger.facts()).toMatchObject([{ kind: 'waived', gate: 'metrics', role: 'approver' }])
  })

  test('that ends while its version serves opens one issue at that moment, and /status says so; no sweep costs more for it', async () => {
    const story = await landedUnderWaiver('labels @acme/ml <!-- x -->')
    await says(story, 'dana', 1, '/status')
    const during = answerIn(story, 1)
    await story.passes(2 * DAY_MS - 700_000)
    story.world.github.forgetCalls()
    await story.passes(601_000)
    const swept = story.world.github.calls.map(({ operation }) => String(operation))
    const before = waiverIssues(story)

    await story.passes(200_000)
    const opened = waiverIssues(story)
    await says(story, 'dana', 1, '/status adult')
    await losesInbox(story)

    expect(during).toMatch(/\| production \| adult \| `1\.1\.0` \|.*live under a waiver of metrics until .*: labels/)
    expect(answerIn(story, 1)).toMatch(/live under an expired waiver of metrics, until .*: labels/)
    expect(before).toEqual([])
    expect(swept.length).toBeLessThanOrEqual(SWEEP_CALLS)
    expect(opened).toHaveLength(1)
    expect(opened[0]?.title).toBe('adult 1.1.0 is live in production under an expired waiver of metrics')
    expect(opened[0]?.body).toMatch(/landed in production at .*It did not pass metrics: that was waived until 2026-/)
    expect(opened[0]?.body.split('\n').slice(1).join()).not.toMatch(/(?<!`)@acme|(?<!\\)<!--/)
    expect(waiverIssues(story)).toEqual(opened)
  })

  test('that ends while its version serves opens the issue though the inbox was lost before', async () => {
    const story = await landedUnderWaiver('labels')
    await losesInbox(story)

    await story.passes(2 * DAY_MS + 60_000)

    expect(waiverIssues(story)).toHaveLength(1)
  })

  test('that ends once another version serves opens none', async () => {
    const story = await landedUnderWaiver('labels')
    const next = await story.opens({ branch: 'next', files: serves('1.4.0'), by: 'dana' })
    await story.after(next.mergedBy('keeper'))

    await story.passes(2 * DAY_MS + 60_000)

    expect(waiverIssues(story)).toEqual([])
  })

  test('over which time passes holds no longer', async () => {
    const { story, pull, number } = await promoted({ policy: WAIVABLE })
    await says(story, 'erin', number, '/waive metrics until=1d reason="labels"')
    const during = pull.check('weighbridge')?.conclusion

    await story.passes(DAY_MS + 60_000)

    expect([during, pull.check('weighbridge')?.conclusion]).toEqual(['success', 'failure'])
  })

  test('is refused to the author, to who pushed, without the role, for too long, and where the policy names no such gate (S40)', async () => {
    const people = { dana: { teams: ['ml'] }, paul: { teams: ['ml'] } }
    const { story, pull, number } = await promoted({ policy: WAIVABLE, people })
    await story.after(pull.push({ 'docs/note.md': 'a note\n' }, 'paul'))
    const waive = async (by: string, line: string) => {
      await says(story, by, number, line)
      return answerIn(story, number)
    }

    expect(await waive('dana', '/waive metrics until=7d reason="x"')).toContain('is the author of the pull request')
    expect(await waive('paul', '/waive metrics until=7d reason="x"')).toContain('paul is bound to this change')
    expect(await waive('rosa', '/waive metrics until=7d reason="x"')).toContain('It takes role approver: team ml')
    expect(await waive('erin', '/waive metrics until=15d reason="x"')).toContain('for at most 14d')
    expect(await waive('erin', '/waive metrics until=7d')).toContain('reason')
    for (const gate of ['registry', 'manifest', 'integrity', 'approvals', 'quarantine'])
      expect(await waive('erin', `/waive ${gate} until=7d reason="x"`)).toContain(`does not let anybody waive ${gate}.`)
    expect(await story.ledger.kinds()).toEqual([])
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('is explained by a button, which says who may and gives the line; to nobody who may only read', async () => {
    const { story, pull, number } = await promoted({
      policy: WAIVABLE,
      people: { visitor: { permission: 'read' } },
    })

    await story.after(presses(story, 'visitor', pull, 'how-to-waive'))
    const forVisitor = answersIn(story, number)
    await story.after(presses(story, 'dana', pull, 'how-to-waive'))
    await story.after(presses(story, 'erin', pull, 'how-to-waive'))

    expect(pull.check('weighbridge')?.actions.map(({ label }) => label)).toEqual(['Weigh again', 'How to waive'])
    expect(forVisitor).toEqual([])
    expect(answersIn(story, number)).toHaveLength(1)
    expect(answerIn(story, number)).toContain('| `metrics` | adult in production | role approver | 14d |')
    expect(answerIn(story, number)).toContain('/waive metrics until=14d reason="..."')
  })
})

describe('/status', () => {
  test('says what is served since when, what waits with its verdict, what is held and frozen', async () => {
    const { story, number } = await promoted()
    await says(story, 'erin', number, '/hold reason="wait"\n\n/freeze production until=2d reason="audit"')

    await says(story, 'dana', number, '/status')
    const answer = answerIn(story, number)

    expect(answer).toContain('| production | adult | `1.0.0` | 2026-10-01 | pull request 1 is held: wait |')
    expect(answer).toMatch(/- production is frozen until 2026-.*: audit/)
    expect(answer).toMatch(/\*\*Waits\*\*\n\n- #1 \(adult in production\): failed/)
    expect(answer).toContain('**Runs**\n\nNothing.')
  })

  test('tells of models that lie in another repository', async () => {
    const story = await openStory({ policy: MEASURED, registry: true })
    const pull = await story.promotes(BETTER)

    await says(story, 'dana', pull.number, '/status')

    expect(answerIn(story, pull.number)).toContain('| production | adult | `1.0.0` | 2026-10-01 |')
  })
})
