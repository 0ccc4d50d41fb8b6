import { describe, expect, test } from 'vitest'
import type { PullHandle } from '../../../src/world/pull-handle.ts'
import {
  ALSO_BETTER,
  BETTER,
  configuration,
  openStory,
  policy,
  ROLES,
  RULES,
  serves,
} from '../../support/github-world.ts'
import {
  accountNamed,
  approvesAsApp,
  approvesOld,
  dismisses,
  leavesGitHub,
  leavesTeam,
  mergesBaseWith,
  opensTwin,
  pushesAs,
  renamesAccount,
  renamesTeam,
  resets,
  updates,
} from '../../support/story-acts.ts'

/** What the roll-up says of the approver. */
function said(pull: PullHandle): string {
  const { summary = '', text = '' } = pull.check('weighbridge') ?? {}
  return `${summary}\n${text}`
}

const conclusion = (pull: PullHandle) => pull.check('weighbridge')?.conclusion

/** Branch of `story.promotes(BETTER)`. */
const BRANCH = `promote-${BETTER}`

describe('an approval counts only from somebody who holds the role now', () => {
  const outsiders = [
    { who: 'may only read', person: { permission: 'read', teams: ['ml'] } },
    { who: 'may only triage', person: { permission: 'triage', teams: ['ml'] } },
    { who: 'has no permission here at all', person: { permission: 'none', teams: ['ml'] } },
  ] as const
  for (const { who, person } of outsiders)
    test(`a member of the team who ${who} is ignored, and named (S15, S16)`, async () => {
      const story = await openStory({ people: { oona: person } })
      const pull = await story.promotes(BETTER)

      await story.after(pull.approve('oona'))

      expect(conclusion(pull)).toBe('action_required')
      expect(said(pull)).toContain('oona (')
    })

  test('somebody who may write and is in no team of the role is ignored, with that reason (S15)', async () => {
    const story = await openStory({ people: { walter: {} } })
    const pull = await story.promotes(BETTER)

    await story.after(pull.approve('walter'))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('walter (does not hold role approver)')
  })

  test('somebody who left the team a moment before the look-up is ignored (S15)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    story.before('graphql Teams', async () => leavesTeam(story, 'erin', 'ml'))

    await story.after(pull.approve('erin'))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('erin (does not hold role approver)')
  })

  test('somebody who leaves the team later takes the approval along at the next weighing (S15)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const before = conclusion(pull)

    leavesTeam(story, 'erin', 'ml')
    await story.passes(3_600_000)

    expect([before, conclusion(pull)]).toEqual(['success', 'action_required'])
  })

  test('somebody who was renamed stays who he is, and who took his old name does not become him (S15)', async () => {
    const story = await openStory({ people: { mallory: {} } })
    const { id } = accountNamed(story, 'finn')
    await story.after(
      story.repository.commit(
        configuration({ roles: { approver: { users: [`finn#${id}`] }, policy: { teams: ['risk'] } } }),
      ),
    )
    const pull = await story.promotes(BETTER)

    renamesAccount(story, 'finn', 'finley')
    renamesAccount(story, 'mallory', 'finn')
    const running = story.world
    await running.user('finley', {})
    await running.user('finn', {})
    await story.after(pull.approve('finn'))
    const byImpostor = conclusion(pull)
    await story.after(pull.approve('finley'))

    expect([byImpostor, conclusion(pull)]).toEqual(['action_required', 'success'])
  })

  test('an account that is deleted approves nothing any more (S15)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    leavesGitHub(story, 'erin')
    await story.passes(3_600_000)

    expect(conclusion(pull)).toBe('action_required')
  })

  test('a team that is not there any more holds, and is named', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    renamesTeam(story, 'ml', 'machine-learning')

    await story.after(pull.approve('erin'))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('ml')
    expect(said(pull)).toContain('cannot be told')
  })

  test('@owner is the team that model.yml of the governed branch names', async () => {
    const story = await openStory({
      people: { olga: { teams: ['ml'] }, ruth: { teams: ['risk'] } },
      configuration: { roles: { approver: { teams: ['@owner'] }, policy: { teams: ['risk'] } } },
    })
    const pull = await story.promotes(BETTER)

    await story.after(pull.approve('ruth'))
    const byStranger = conclusion(pull)
    await story.after(pull.approve('olga'))

    expect([byStranger, conclusion(pull)]).toEqual(['action_required', 'success'])
  })
})

describe('an approval counts only for the evidence that was there to read', () => {
  test('given before any report it counts for nothing, with that reason (S31)', async () => {
    const story = await openStory()
    const pull = await story.repository.opensPull({ branch: BRANCH, files: serves(BETTER), by: 'dana' })
    story.before('repos/compare-commits-with-basehead', async () => {
      await pull.approve('erin')
      await story.world.clock.sleep(2000)
    })

    await story.settles()

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toMatch(/erin \(approved `?[0-9a-f]{7}`? before a report stood there\)/)
  })

  test('given to an older head with other evidence it counts for nothing (S31)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    const old = pull.head
    await story.after(pull.push(serves(ALSO_BETTER), 'dana'))

    await story.after(approvesOld(story, 'erin', pull, old))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain(`erin (approved other evidence, at \`${old.slice(0, 7)}\`)`)
  })

  test('it ends when another version is pushed, and a new one is asked for (S31)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.after(pull.push(serves(ALSO_BETTER), 'dana'))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('approved other evidence')
  })

  test('it ends when it is dismissed (S31)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.after(dismisses(story, 'rosa', pull, 'erin'))

    expect(conclusion(pull)).toBe('action_required')
  })

  test('it ends when the same person asks for changes, and a colleague’s approval does not outweigh that (S31)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    await story.after(pull.requestChanges('erin'))
    await story.after(pull.approve('finn'))

    expect(conclusion(pull)).toBe('failure')
    expect(said(pull)).toContain('erin of role approver asked for changes')
  })

  test('it survives an update of the branch from its base and a change of prose', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    await story.after(story.repository.commit({ 'README.md': 'moved on' }))

    await story.after(updates(story, 'dana', pull))
    const updated = conclusion(pull)
    await story.after(pull.push({ 'docs/why.md': 'because' }, 'dana'))

    expect([updated, conclusion(pull)]).toEqual(['success', 'success'])
  })

  test('it ends when the policy of the base changes', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.after(
      story.repository.commit(
        policy({ ...RULES, gates: { ...(RULES.gates as object), metrics: [{ metric: 'roc_auc', min: 0.8 }] } }),
      ),
    )

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('approved other evidence')
  })

  test('it ends when the configuration of the base changes who decides', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.after(
      story.repository.commit(configuration({ roles: { approver: { teams: ['risk'] }, policy: { teams: ['risk'] } } })),
    )

    expect(conclusion(pull)).toBe('action_required')
  })

  test('a conflict resolution that smuggles another version in ends it (S33)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    await story.after(story.repository.commit({ 'README.md': 'moved on' }))

    await story.after(mergesBaseWith(story, 'dana', { pull, branch: BRANCH, files: serves(ALSO_BETTER) }))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('approved other evidence')
  })

  test('a conflict resolution that loosens the policy makes it a change of policy and holds (S33)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    await story.after(story.repository.commit({ 'README.md': 'moved on' }))

    await story.after(mergesBaseWith(story, 'dana', { pull, branch: BRANCH, files: policy({ gates: {} }) }))

    expect(conclusion(pull)).not.toBe('success')
  })
})

describe('nobody approves what is his own', () => {
  test('another app’s approval counts for nothing, however it is called (S31)', async () => {
    const story = await openStory({ configuration: { roles: { ...ROLES, approver: { permission: 'write' } } } })
    const pull = await story.promotes(BETTER)

    await story.after(approvesAsApp(story, pull))

    expect(conclusion(pull)).toBe('action_required')
  })

  test('who pushed to the branch does not count, whoever the commit names (S31, S32)', async () => {
    const story = await openStory()
    const pull = await story.promotes(BETTER)
    await story.after(pushesAs(story, 'erin', { branch: BRANCH, files: { 'docs/a.md': 'x' }, author: 'dana' }))

    await story.after(pull.approve('erin'))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('erin (pushed to the branch)')
  })

  test('whose commit is in it does not count, and who wrote his name there gains nothing (S31, S32)', async () => {
    const story = await openStory({ people: { finn: { teams: ['ml'], email: 'finn@acme.test' } } })
    const pull = await story.promotes(BETTER)
    await story.after(pushesAs(story, 'dana', { branch: BRANCH, files: { 'docs/a.md': 'x' }, author: 'finn' }))

    await story.after(pull.approve('finn'))
    const byNamed = conclusion(pull)
    await story.after(pull.approve('erin'))

    expect(byNamed).toBe('action_required')
    expect(conclusion(pull)).toBe('success')
  })

  test('who is named as a co-author does not count (S31)', async () => {
    const story = await openStory({ people: { finn: { teams: ['ml'], email: 'finn@acme.test' } } })
    const pull = await story.promotes(BETTER)
    await story.after(
      pushesAs(story, 'dana', {
        branch: BRANCH,
        files: { 'docs/a.md': 'x' },
        message: 'Say why\n\nCo-authored-by: Finn <finn@acme.test>',
      }),
    )

    await story.after(pull.approve('finn'))

    expect(conclusion(pull)).toBe('action_required')
    expect(said(pull)).toContain('finn (')
  })

  test('the author’s second pull request of the same commits gets no approval from the first author (S31)', async () => {
    const story = await openStory()
    const first = await story.promotes(BETTER, { by: 'erin', branch: 'one' })
    await resets(story, 'finn', 'two', first.head)
    const second = await opensTwin(story, 'finn', { branch: 'two' })

    await story.after(second.approve('erin'))

    expect(second.head).toBe(first.head)
    expect(conclusion(first)).toBe('action_required')
    expect(conclusion(second)).toBe('action_required')
  })

  test('one person cannot stand for two roles that must be distinct', async () => {
    const story = await openStory({
      people: { both: { teams: ['ml', 'risk'] } },
      configuration: { distinct: ['approver', 'policy'] },
      policy: {
        ...RULES,
        gates: { ...(RULES.gates as object), approvals: [{ role: 'approver' }, { role: 'policy' }] },
      },
    })
    const pull = await story.promotes(BETTER)

    await story.after(pull.approve('both'))
    const alone = conclusion(pull)
    await story.after(pull.approve('rosa'))

    expect(alone).toBe('action_required')
    expect(conclusion(pull)).toBe('success')
  })
})
