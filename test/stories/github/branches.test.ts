import { describe, expect, test } from 'vitest'
import { BETTER, configuration, openStory, policy, RULES, serves, UNFAIR } from '../../support/github-world.ts'
import { opensTwin } from '../../support/story-acts.ts'

/** Rules that anything keeps. */
const LAX = policy({ gates: {} })

const ENVIRONMENT = { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml' }
const TWO_BRANCHES = { branches: ['main', 'release'] }

describe('a check belongs to a commit, whoever asks for another base (S54)', () => {
  test('a base with lax rules that nobody governs gives no check at all, and main’s stands', async () => {
    const story = await openStory()
    await story.repository.commit(LAX, { branch: 'lax', by: 'dana' })

    const into = { branch: 'unfair', files: serves(UNFAIR), by: 'dana', from: 'main' }
    const lax = await story.opens({ ...into, base: 'lax' })
    const alone = lax.checks
    const strict = await opensTwin(story, 'dana', { branch: 'unfair' })

    expect(alone).toEqual([])
    expect(strict.head).toBe(lax.head)
    expect(strict.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('the lax pull request may come second: it changes nothing', async () => {
    const story = await openStory()
    await story.repository.commit(LAX, { branch: 'lax', by: 'dana' })
    const strict = await story.promotes(UNFAIR, { branch: 'unfair', from: 'main' })
    const before = strict.check('weighbridge')

    await opensTwin(story, 'dana', { branch: 'unfair', base: 'lax' })

    expect(strict.check('weighbridge')).toEqual(before)
    expect(before).toMatchObject({ conclusion: 'failure' })
  })

  test('a base that is the head without its README commit gives no "nothing of ours" to the head', async () => {
    const story = await openStory()
    await story.repository.commit(serves(UNFAIR), { branch: 'almost', by: 'dana' })
    await story.settles()

    const head = { branch: 'whole', from: 'almost', files: { 'README.md': 'all' }, by: 'dana' }
    const small = await story.opens({ ...head, base: 'almost' })
    const whole = await opensTwin(story, 'dana', { branch: 'whole' })

    expect(small.head).toBe(whole.head)
    expect(whole.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('the same trick into a governed branch is the all-of of both pull requests', async () => {
    const story = await openStory({ configuration: TWO_BRANCHES })
    await story.repository.commit(serves(UNFAIR), { branch: 'release' })
    await story.settles()

    const head = { branch: 'whole', from: 'release', files: { 'README.md': 'all' }, by: 'dana' }
    const small = await story.opens({ ...head, base: 'release' })
    const before = small.check('weighbridge')?.conclusion
    const whole = await opensTwin(story, 'dana', { branch: 'whole' })

    expect(before).toBe('success')
    expect(small.head).toBe(whole.head)
    expect(whole.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(whole.check('weighbridge')?.externalId).toMatch(/:release\+main:1\+2:/)
  })

  test('a twin that is closed leaves the verdict of the other alone', async () => {
    const story = await openStory({ configuration: TWO_BRANCHES })
    await story.repository.commit(serves(UNFAIR), { branch: 'release' })
    await story.settles()
    const head = { branch: 'whole', from: 'release', files: { 'README.md': 'all' }, by: 'dana' }
    const small = await story.opens({ ...head, base: 'release' })
    const whole = await opensTwin(story, 'dana', { branch: 'whole' })

    await story.after(whole.closedBy('dana'))
    const closed = small.check('weighbridge')?.conclusion
    await story.after(whole.reopenedBy('dana'))

    expect(closed).toBe('success')
    expect(small.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('a pull request that aims at another base is judged by that one’s rules', async () => {
    const story = await openStory({ configuration: TWO_BRANCHES })
    await story.repository.commit(LAX, { branch: 'release' })
    await story.settles()
    const pull = await story.promotes(UNFAIR, { base: 'release', from: 'main' })
    const lax = pull.check('weighbridge')?.conclusion

    await story.after(pull.retargetedBy('dana', 'main'))
    const strict = pull.check('weighbridge')?.conclusion
    await story.after(pull.retargetedBy('dana', 'release'))

    expect([lax, strict, pull.check('weighbridge')?.conclusion]).toEqual(['success', 'failure', 'success'])
  })
})

describe('governed branches', () => {
  test('are those of the default branch’s configuration, whatever their own says', async () => {
    const story = await openStory()
    await story.repository.commit(configuration({ branches: ['main', 'mine'] }), { branch: 'mine', by: 'dana' })

    const pull = await story.promotes(UNFAIR, { base: 'mine', from: 'mine' })

    expect(pull.checks).toEqual([])
  })

  test('take one in only when the change of configuration has landed', async () => {
    const story = await openStory()
    await story.repository.commit({ 'README.md': 'x' }, { branch: 'next', by: 'dana' })
    const change = await story.opens({
      branch: 'govern',
      files: configuration({ branches: ['main', 'next'] }),
      by: 'dana',
    })
    const pull = await story.promotes(UNFAIR, { base: 'next', from: 'next' })
    const before = pull.checks

    await story.after(change.approve('rosa'))
    await story.after(change.mergedBy('dana'))
    await story.passes(3_600_000)

    expect(before).toEqual([])
    expect(change.state).toBe('merged')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })
})

describe('nobody is judged by rules of his own', () => {
  test('a pull request that loosens its policy is judged by the old one, and promotes nothing (S18)', async () => {
    const story = await openStory()

    const pull = await story.opens({ branch: 'both', files: { ...serves(UNFAIR), ...LAX }, by: 'dana' })
    await story.after(pull.approve('erin'))
    await story.after(pull.approve('rosa'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain('disparate_impact')
  })

  test('a policy alone waits for the role that guards policies, and its author is never that (S18)', async () => {
    const story = await openStory()

    const pull = await story.opens({ branch: 'looser', files: LAX, by: 'rosa' })
    const alone = pull.check('weighbridge')?.conclusion
    await story.after(pull.approve('erin'))
    const byOthers = pull.check('weighbridge')?.conclusion
    await story.world.user('ruth', { teams: ['risk'] })
    await story.after(pull.approve('ruth'))

    expect([alone, byOthers]).toEqual(['action_required', 'action_required'])
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('a configuration that makes its author an approver gives him nothing before it has landed (S18)', async () => {
    const story = await openStory()
    const mine = configuration({ roles: { approver: { users: ['dana', 'walter'] }, policy: { users: ['walter'] } } })
    await story.world.user('walter', {})

    const pull = await story.opens({ branch: 'mine', files: { ...mine, ...serves(BETTER) }, by: 'dana' })
    await story.after(pull.approve('walter'))

    expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
  })

  test('an environment that points at laxer rules is a change of configuration', async () => {
    const story = await openStory({ files: policy({ gates: {} }, 'lax') })
    const lax = configuration({ environments: [{ ...ENVIRONMENT, policy: 'policies/lax.yml' }] })

    const pull = await story.opens({ branch: 'lax', files: { ...lax, ...serves(UNFAIR) }, by: 'dana' })
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('rules of a policy that the head adds do not judge it', async () => {
    const story = await openStory()

    const pull = await story.opens({
      branch: 'own-rules',
      files: { ...serves(UNFAIR), 'models/adult/policy.yml': policyText() },
      by: 'dana',
    })

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })
})

function policyText(): string {
  return `${JSON.stringify({ without: ['disparate_impact'], gates: { metrics: (RULES.gates as { metrics: unknown }).metrics } })}\n`
}
