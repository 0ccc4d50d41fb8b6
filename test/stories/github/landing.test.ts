import { describe, expect, test } from 'vitest'
import { digestOf, fixtureBytes } from '../../support/fixture-sets.ts'
import { AUTOMATIC, BETTER, openStory, policy, RULES, type Story, serves, UNFAIR } from '../../support/github-world.ts'
import { versionFiles } from '../../support/registry-files.ts'
import { accountNamed, mergesByHand } from '../../support/story-acts.ts'

const digest = (version: string) => digestOf(fixtureBytes(`adult/models/${version}.onnx`))

describe('what a person merges', () => {
  for (const method of ['merge', 'squash', 'rebase'] as const)
    test(`with our verdict (${method}) is recorded as decided, and GitHub shows the deployment`, async () => {
      const story = await openStory()
      const pull = await story.promotes(BETTER)
      const { head } = pull
      await story.after(pull.approve('erin'))

      await story.after(pull.mergedBy('finn', method))

      expect(await story.ledger.facts()).toMatchObject([
        { kind: 'decided', pull: 1, head, merge_commit: pull.mergeCommit, merged_by: accountNamed(story, 'finn').id },
        { kind: 'deployed', version: BETTER, weighed: true, commit: pull.mergeCommit },
        { kind: 'looked', version: BETTER },
      ])
      const [deployment] = [...story.world.github.state.deployments.values()]
      expect(deployment).toMatchObject({ environment: 'production', sha: pull.mergeCommit })
      expect(pull.comments).toEqual([])
      expect(story.world.github.contractBreaks).toEqual([])
    })

  test('against our verdict is recorded as unweighed, said on it and in an issue, and nothing is undone', async () => {
    const story = await openStory()
    const pull = await story.promotes(UNFAIR)

    await story.after(pull.mergedBy('keeper'))

    expect(await story.ledger.facts()).toMatchObject([
      { kind: 'deployed', version: UNFAIR, weighed: false },
      { kind: 'looked' },
      { kind: 'unweighed', version: UNFAIR, because: 'our verdict held it', status: 'failed' },
    ])
    expect(pull.comments.map(({ body }) => body).join()).toContain('landed without our verdict')
    expect(issues(story)).toHaveLength(1)
    expect(await story.repository.file('deploy/production/adult.yml')).toContain(UNFAIR)
  })

  test('is shown on later checks of the model as long as it has not passed', async () => {
    const story = await openStory()
    const unfair = await story.promotes(UNFAIR)
    await story.after(unfair.mergedBy('keeper'))

    const better = await story.promotes(BETTER, { branch: 'better' })

    expect(better.check('weighbridge')?.text).toContain(`adult: ${UNFAIR} landed in production`)
  })

  test('within the hour in which the app was down is recorded when it is back, once', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.after(pull.mergedBy('finn'))
    await story.restarts()
    await story.passes(600_000)

    expect(await story.ledger.kinds()).toEqual(['decided', 'deployed', 'looked'])
    expect(story.world.github.state.deployments.size).toBe(1)
  })

  test('on his own machine is decided when it is what was weighed, and unweighed when it brings anything else', async () => {
    const honest = await approved()
    const smuggled = await approved()

    await honest.story.after(mergesByHand(honest.story, 'keeper', { pull: honest.pull }))
    const files = serves(UNFAIR)
    await smuggled.story.after(mergesByHand(smuggled.story, 'keeper', { pull: smuggled.pull, files }))

    expect(await honest.story.ledger.kinds()).toContain('decided')
    expect(await smuggled.story.ledger.kinds()).toContain('unweighed')
    expect(await smuggled.story.ledger.kinds()).not.toContain('decided')
  })

  test('as a push without a pull request is recorded too, with that reason', async () => {
    const story = await openStory()

    await story.after(story.repository.commit(serves(BETTER)))

    const facts = await story.ledger.facts()
    expect(facts.map(({ kind }) => kind)).toContain('unweighed')
    expect(facts.find(({ kind }) => kind === 'unweighed')?.because).toContain('it was pushed')
    expect(issues(story)).toHaveLength(1)
  })
})

describe('a rollback by hand', () => {
  test('is recorded as one, quarantines what was left, and is not undone', async () => {
    const story = await afterRelease()

    const back = await story.opens({ branch: 'back', files: serves('1.0.0'), by: 'dana' })
    await story.after(back.mergedBy('keeper'))

    const facts = (await story.ledger.facts()).slice(3)
    expect(facts).toMatchObject([
      { kind: 'deployed', version: '1.0.0', from: BETTER, by_hand: true },
      { kind: 'quarantined', version: BETTER, digest: digest(BETTER), reason: 'rolled back by hand to 1.0.0' },
    ])
    expect(issues(story)).toEqual([])
    expect(await story.repository.file('deploy/production/adult.yml')).toContain('1.0.0')
  })

  test('keeps what was left from coming back, under its own name and under any other', async () => {
    const story = await afterRelease()
    const back = await story.opens({ branch: 'back', files: serves('1.0.0'), by: 'dana' })
    await story.after(back.mergedBy('keeper'))

    const again = await story.promotes(BETTER, { branch: 'again' })
    const alias = versionFiles({ set: 'adult', version: '1.5.0', bytes: fixtureBytes(`adult/models/${BETTER}.onnx`) })
    const record = alias.find(({ path }) => path.startsWith('models/'))
    await story.after(story.repository.commit({ [record?.path ?? '']: record?.content ?? '' }))
    const renamed = await story.promotes('1.5.0')

    for (const pull of [again, renamed]) {
      await story.after(pull.approve('erin'))
      expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
      expect(pull.check('weighbridge')?.summary).toContain('is quarantined in production')
    }
  })

  test('by who is on call is merged at once where that is automatic, and recorded as decided', async () => {
    const story = await afterRelease()

    const back = await story.opens({ branch: 'back', files: serves('1.0.0'), by: 'otto' })

    expect(back.state).toBe('merged')
    expect((await story.ledger.facts()).slice(3)).toMatchObject([
      { kind: 'decided', pull: back.number },
      { kind: 'deployed', version: '1.0.0', from: BETTER, weighed: true },
    ])
  })
})

describe('facts that somebody else wrote change what is open', () => {
  test('a hold of one pull request holds that one', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.ledger.records({ kind: 'held', pull: pull.number, reason: 'wait for legal' })
    await story.passes(600_000)
    const held = pull.check('weighbridge')
    await story.ledger.records({ kind: 'unheld', pull: pull.number, reason: 'they agreed' })
    await story.passes(600_000)

    expect(held).toMatchObject({ conclusion: 'action_required' })
    expect(held?.summary).toContain('wait for legal')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('a freeze by command holds, and ends by itself', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const until = new Date(story.world.clock.now() + 7_200_000).toISOString()

    await story.ledger.records({ kind: 'frozen', until, reason: 'the books are closed' })
    await story.passes(600_000)
    const frozen = pull.check('weighbridge')
    await story.passes(7_200_000)

    expect(frozen).toMatchObject({ conclusion: 'failure' })
    expect(frozen?.summary).toContain('the books are closed')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('a waiver of exactly this evidence lets a gate through until it ends, and no other evidence', async () => {
    const story = await openStory({ policy: { ...RULES, waivable: { fairness: { by: 'policy', max: '14d' } } } })
    const pull = await story.promotes(UNFAIR)
    await story.after(pull.approve('erin'))
    const red = pull.check('weighbridge')?.conclusion
    const key = /Evidence key: `([0-9a-f]{64})`/.exec(pull.check('weighbridge')?.text ?? '')?.[1] ?? ''
    const until = new Date(story.world.clock.now() + 86_400_000).toISOString()
    const terms = { kind: 'waived', gate: 'fairness', until, role: 'policy', reason: 'a week of grace' } as const

    await story.ledger.records({ ...terms, evidence_key: key.replace(/./g, '0') })
    await story.passes(600_000)
    const other = pull.check('weighbridge')?.conclusion
    await story.ledger.records({ ...terms, evidence_key: key })
    await story.passes(600_000)
    const waived = pull.check('weighbridge')
    await story.passes(86_400_000)

    expect([red, other]).toEqual(['failure', 'failure'])
    expect(waived).toMatchObject({ conclusion: 'success' })
    expect(`${waived?.summary}${waived?.text}`).toContain('a week of grace')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('a quarantine holds what was green', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    const quarantine = { digest: digest(BETTER), version: BETTER, until: null, reason: 'it leaks' }
    await story.ledger.records({ kind: 'quarantined', ...quarantine })
    await story.passes(600_000)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain('it leaks')
  })
})

/** A promotion that may be merged by anybody. */
async function approved() {
  const story = await openStory()
  const pull = await story.promotes(BETTER)
  await story.after(pull.approve('erin'))
  return { story, pull }
}

/** 1.1.0 serves, weighed and merged; 1.0.0 served before it. */
async function afterRelease(): Promise<Story> {
  const story = await openStory({ policy: AUTOMATIC })
  const pull = await story.promotes(BETTER)
  await story.after(pull.approve('erin'))
  if (pull.state !== 'merged') throw new Error('the release was not merged')
  return story
}

function issues({ world }: Story) {
  return [...world.github.state.issues.values()].filter(({ title }) => title.includes('without a verdict'))
}

test('a policy that only loosens re-opens nothing that is closed', async () => {
  const story = await openStory()
  const pull = await story.promotes(UNFAIR)
  await story.after(pull.closedBy('dana'))
  const before = pull.check('weighbridge')

  await story.after(story.repository.commit(policy({ gates: {} })))

  expect(pull.check('weighbridge')).toEqual(before)
})
