import { describe, expect, test } from 'vitest'
import {
  ALSO_BETTER,
  AUTOMATIC,
  BETTER,
  openStory,
  policy,
  RULES,
  serves,
  UNFAIR,
  WORSE,
} from '../../support/github-world.ts'
import { resets } from '../../support/story-acts.ts'

const GATES = RULES.gates as { readonly metrics: readonly object[] }
const LIGHT = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }

describe('the head moves', () => {
  test('between the verdict and the merge: what was not weighed is not merged (S34) (C29)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(BETTER)
    story.before('pulls/merge', () => pull.push(serves(UNFAIR), 'dana'))

    await story.after(pull.approve('erin'))

    expect(pull.state).toBe('open')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('while it is weighed: the new head bears its own verdict, and nothing of the old one (S34)', async () => {
    const story = await openStory()
    const pull = await story.repository.opensPull({ branch: 'b', files: serves(BETTER), by: 'dana' })
    story.before('graphql Contents', () => pull.push(serves(UNFAIR), 'dana'))

    await story.settles()

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.title).toContain(UNFAIR)
  })

  test('away and back again: what was approved is what stands, and the way there left nothing (S36)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER, { branch: 'b' })
    const good = pull.head
    await story.after(pull.approve('erin'))
    const bad = await story.after(pull.push(serves(UNFAIR), 'dana'))
    const between = pull.check('weighbridge')?.conclusion

    await story.after(resets(story, 'dana', 'b', good))

    expect([between, pull.head]).toEqual(['failure', good])
    expect(bad).not.toBe(good)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(pull.check('weighbridge')?.title).toContain(BETTER)
  })

  test('away and back before anybody looked: no verdict is of the wrong commit (S36)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(UNFAIR, { branch: 'b' })
    const bad = pull.head

    await pull.push(serves(BETTER), 'dana')
    await story.after(resets(story, 'dana', 'b', bad))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.title).toContain(UNFAIR)
  })

  test('and GitHub’s answers lag behind the event: the new head is weighed all the same (S37)', async () => {
    const story = await openStory({ lagging: 3000 })
    const pull = await story.promotes(BETTER)
    await story.world.passes(10_000)

    await story.after(pull.push(serves(UNFAIR), 'dana'))
    await story.world.passes(30_000)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.title).toContain(UNFAIR)
  })

  test('and answers lag while it is approved: it is merged once, as it was weighed (S37)', async () => {
    const story = await openStory({ lagging: 3000, policy: AUTOMATIC })
    const pull = await story.promotes(BETTER)
    await story.world.passes(10_000)

    await story.after(pull.approve('erin'))
    await story.passes(30_000)
    await story.passes(600_000)

    expect(pull.state).toBe('merged')
    expect(story.world.github.writes.filter((write) => write === 'PUT pulls/merge')).toHaveLength(1)
    expect(await story.ledger.kinds()).toEqual(['decided', 'deployed', 'looked'])
  })
})

describe('the base moves', () => {
  test('two promotions race for one environment: one lands, the other is weighed against it (S35)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const first = await story.promotes(BETTER)
    const second = await story.promotes(ALSO_BETTER)

    await first.approve('erin')
    await story.after(second.approve('erin'))

    const states = [first.state, second.state].toSorted()
    expect(states).toEqual(['merged', 'open'])
    const left = first.state === 'open' ? first : second
    expect(left.check('weighbridge')?.conclusion).not.toBe('success')
    expect(await story.ledger.kinds()).toEqual(['decided', 'deployed', 'looked'])
  })

  test('a person merges one while the app is about to merge the other: one lands, with its own verdict (S35)', async () => {
    const story = await openStory({ policy: AUTOMATIC, requires: { checks: ['weighbridge'] } })
    const byApp = await story.promotes(BETTER)
    const byPerson = await story.promotes(ALSO_BETTER, { isDraft: true })
    await story.after(byPerson.approve('erin'))
    story.before('pulls/merge', async () => {
      await byPerson.readyBy('dana')
      await byPerson.mergedBy('finn')
    })

    await story.after(byApp.approve('erin'))

    expect([byApp.state, byPerson.state]).toEqual(['open', 'merged'])
    expect(byApp.check('weighbridge')?.conclusion).not.toBe('success')
    expect(await story.ledger.facts()).toMatchObject([
      { kind: 'decided', pull: byPerson.number },
      { kind: 'deployed', version: ALSO_BETTER, weighed: true },
      { kind: 'looked' },
    ])
  })

  test('by a stricter policy a moment before the merge: it is not called what our verdict was about (S35)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(BETTER)
    const strict = policy({ ...AUTOMATIC, gates: { metrics: [{ metric: 'roc_auc', min: 0.99 }] } })
    story.before('pulls/merge', () => story.repository.commit(strict))

    await story.after(pull.approve('erin'))

    expect(pull.state).toBe('merged')
    const facts = await story.ledger.facts()
    expect(facts.map(({ kind }) => kind)).toContain('unweighed')
    expect(facts.map(({ kind }) => kind)).not.toContain('decided')
    expect(pull.comments.map(({ body }) => body).join()).toContain('landed without our verdict')
  })

  test('by prose alone: nothing is weighed again, and the approval stands', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const before = pull.check('weighbridge')
    story.world.github.forgetCalls()

    await story.after(story.repository.commit({ 'README.md': 'moved' }))

    expect(pull.check('weighbridge')).toEqual(before)
    expect(story.world.github.writes).toEqual([])
  })

  test('two that pass at once are not both merged: the second is asked again (S35)', async () => {
    const story = await openStory({ policy: { ...RULES, extends: undefined, merge: { automatic: true } } })
    const pulls = [
      await story.repository.opensPull({ branch: 'one', files: serves(BETTER), by: 'dana' }),
      await story.repository.opensPull({ branch: 'two', files: serves(ALSO_BETTER), by: 'dana' }),
    ]

    await story.settles()

    const left = pulls.find(({ state }) => state === 'open')
    expect(pulls.map(({ state }) => state).toSorted()).toEqual(['merged', 'open'])
    expect(left?.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect((await story.ledger.kinds()).filter((kind) => kind === 'decided')).toHaveLength(1)
    expect(story.world.github.contractBreaks).toEqual([])
  })

  test('by a policy: verdicts that it concerns are opened again, and no other', async () => {
    const story = await openStory()
    const better = await story.promotes(BETTER)
    const prose = await story.opens({ branch: 'prose', files: { 'README.md': 'hello' }, by: 'dana' })
    const before = [better.check('weighbridge')?.externalId, prose.check('weighbridge')?.externalId]

    await story.after(story.repository.commit(policy(AUTOMATIC)))

    expect(better.check('weighbridge')?.externalId).not.toBe(before[0])
    expect(better.check('weighbridge')?.status).toBe('completed')
    expect(prose.check('weighbridge')?.externalId).toBe(before[1])
  })

  test('by the record of another version: the approval stands', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const path = `models/adult/versions/${BETTER}.yml`
    const record = JSON.parse((await story.repository.file(path)) ?? '{}')

    const other = JSON.stringify({ ...record, version: '1.6.0' })
    await story.after(story.repository.commit({ 'models/adult/versions/1.6.0.yml': other }))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('by a stricter policy: the green goes at once, and comes back only when the rules are kept', async () => {
    const story = await openStory({ policy: LIGHT })
    const pull = await story.promotes(BETTER)
    const before = pull.check('weighbridge')?.conclusion
    const seen: unknown[] = []
    story.before('graphql Contents', async () => void seen.push(pull.check('weighbridge')?.status))

    await story.after(story.repository.commit(policy({ gates: { metrics: [{ metric: 'roc_auc', min: 0.99 }] } })))
    const stricter = pull.check('weighbridge')?.conclusion
    await story.after(story.repository.commit(policy(LIGHT)))

    expect([before, stricter, pull.check('weighbridge')?.conclusion]).toEqual(['success', 'failure', 'success'])
    expect(seen.length).toBeLessThanOrEqual(1)
  })

  test('by another promotion that landed: what would now be a step back is held', async () => {
    const story = await openStory({ policy: { ...RULES, gates: { ...GATES, approvals: undefined } } })
    const small = await story.promotes(WORSE)

    const better = await story.promotes(BETTER)
    await story.after(better.approve('erin'))
    await story.after(better.mergedBy('erin'))

    expect(better.state).toBe('merged')
    expect(small.check('weighbridge')?.title).toContain(WORSE)
    expect(small.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('a record that is renamed away is a record that is gone, and held', async () => {
    const story = await openStory()
    const path = `models/adult/versions/${BETTER}.yml`
    const text = (await story.repository.file(path)) ?? ''

    const pull = await story.opens({ branch: 'away', files: { [path]: null, 'docs/old.yml': text }, by: 'dana' })

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain(BETTER)
  })
})

describe('time passes', () => {
  const frozen = { ...LIGHT, gates: { ...LIGHT.gates, freeze: [{ from: 'Wed 16:00', until: 'Mon 08:00' }] } }

  test('a freeze at 16:00 takes the green away at 15:58, and gives it back on Monday', async () => {
    const story = await openStory({ policy: frozen })
    const pull = await story.promotes(BETTER)
    const conclusion = () => pull.check('weighbridge')?.conclusion
    const morning = conclusion()

    await story.passes(until(story, '2026-11-18T15:57:00Z'))
    const before = conclusion()
    await story.passes(until(story, '2026-11-18T15:58:01Z'))
    const early = conclusion()
    await story.passes(until(story, '2026-11-22T12:00:00Z'))
    const sunday = conclusion()
    await story.passes(until(story, '2026-11-23T08:00:01Z'))

    expect([morning, before, early, sunday, conclusion()]).toEqual([
      'success',
      'success',
      'failure',
      'failure',
      'success',
    ])
  })

  test('a verdict that time will change says until when it holds', async () => {
    const story = await openStory({ policy: frozen })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')?.summary.split('\n')[0]).toMatch(/It holds until 2026-11-18T1[56]:/)
  })

  function until(story: { readonly world: { readonly clock: { now(): number } } }, moment: string): number {
    return Date.parse(moment) - story.world.clock.now()
  }
})

describe('what could not be measured', () => {
  test('is inconclusive and blocks: neutral and skipped are never written (S29, S30)', async () => {
    const story = await openStory({
      policy: { gates: { custom: [{ name: 'cheap', rule: 'candidate.training.cost_usd < 10.0' }] } },
    })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.checks.map(({ conclusion }) => conclusion)).not.toContain('neutral')
    expect(pull.checks.map(({ conclusion }) => conclusion)).not.toContain('skipped')
  })

  test('because the exam is not there is inconclusive, and nothing of it passes (S29)', async () => {
    const { rmSync } = await import('node:fs')
    const story = await openStory({ policy: LIGHT, ownStore: true })
    rmSync(`${story.store}/.weighbridge/store/data`, { recursive: true })
    rmSync(`${story.home.path}/files/.weighbridge/evidence`, { recursive: true })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge / metrics')).toMatchObject({ conclusion: 'action_required' })
  })
})
