import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { otherApp } from '../../app/other-app.ts'
import { CENTRAL, CENTRAL_NAME, laysOver } from '../../support/central-policy.ts'
import { ALSO_BETTER, BETTER, openStory, type Story } from '../../support/github-world.ts'
import { asOneGroup } from '../../support/merge-groups.ts'
import { removesFromApp } from '../../support/story-acts.ts'

const atLeast = (min: number, more: object = {}) => ({ gates: { metrics: [{ metric: 'roc_auc', min }] }, ...more })
/** What the repository asks for itself: candidates of these stories pass it. */
const LAX = { policy: atLeast(0.85) }
const PASSED = { conclusion: 'success' }
const HELD = { conclusion: 'action_required' }
const FAILED = { conclusion: 'failure' }

const textOf = (check: { readonly summary: string; readonly text: string | null } | undefined) =>
  `${check?.summary}${check?.text}`
const readsOf = ({ world }: Story) =>
  world.github.calls.filter(({ isWrite, token }) => !isWrite && token === 'installation').map((one) => one.operation)

describe('a central policy', () => {
  test('holds what the policy of the repository lets pass, and the check says where the rule comes from', async () => {
    const story = await openStory(LAX)
    const policies = await laysOver(story, atLeast(0.99))

    const pull = await story.promotes(BETTER)

    const sha = await policies.tip()
    const check = pull.check('weighbridge')
    expect(check).toMatchObject(FAILED)
    expect(check?.summary).toContain('0.99')
    expect(textOf(check)).toContain(`${CENTRAL_NAME}:1`)
    expect(textOf(check)).toContain(`https://github.com/acme/policies/blob/${sha}/${CENTRAL}#L1`)
    expect(textOf(check)).toContain(`policy from acme/policies at \`${sha?.slice(0, 12)}\``)
    expect(textOf(check)).toContain('without the policy of acme/policies')
    expect(story.world.github.contractBreaks).toEqual([])
  })

  test('lets pass what both let pass, and the verdict that is kept names its commit and holds its text', async () => {
    const story = await openStory(LAX)
    const policies = await laysOver(story, atLeast(0.8))

    const pull = await story.promotes(BETTER)
    await story.after(pull.mergedBy('erin'))

    expect(pull.check('weighbridge')).toMatchObject(PASSED)
    const [path = ''] = globSync(join(story.home.evidence(story.repository.id), 'verdicts/*.json'))
    const document = JSON.parse(readFileSync(path, 'utf8'))
    expect(document.check.sources).toContainEqual({
      of: 'policy',
      repository: 'acme/policies',
      sha: await policies.tip(),
    })
    expect(document.texts[CENTRAL_NAME]).toBe(JSON.stringify(atLeast(0.8)))
  })

  test('costs one read a weighing, where it lies looked up once', async () => {
    const story = await openStory(LAX)
    await laysOver(story, atLeast(0.8, { extends: 'policies/base.yml' }), {
      files: { 'policies/base.yml': JSON.stringify(atLeast(0.7)) },
    })
    await story.promotes(BETTER)
    const first = readsOf(story)
    story.world.github.forgetCalls()

    await story.promotes(ALSO_BETTER)

    expect(first.filter((one) => one === 'graphql DefaultTip')).toHaveLength(1)
    expect(readsOf(story)).toEqual([
      'graphql PullNow',
      'repos/compare-commits-with-basehead',
      'graphql Contents',
      'graphql DefaultTip',
    ])
  })

  test('takes its own files and shipped ones for what it extends, never those of the repository', async () => {
    const files = { 'policies/base.yml': JSON.stringify(atLeast(0.1)) }
    const story = await openStory({ ...LAX, files })
    await laysOver(
      story,
      { extends: 'policies/base.yml', gates: {} },
      { files: { 'policies/base.yml': JSON.stringify(atLeast(0.99)) } },
    )

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject(FAILED)
    expect(textOf(pull.check('weighbridge'))).toContain('acme/policies:policies/base.yml:1')
  })
})

test('it may lie in an organisation of the operator’s own, where the app is installed too', async () => {
  const story = await openStory(LAX)
  const policies = await laysOver(story, atLeast(0.99), { home: 'bank/policies' })
  const { installation } = story.world
  expect(installation(policies.fullName)).not.toBe(installation(story.repository.fullName))

  const pull = await story.promotes(BETTER)

  expect(pull.check('weighbridge')).toMatchObject(FAILED)
  expect(textOf(pull.check('weighbridge'))).toContain('bank/policies:policies/central.yml')
})

describe('a repository cannot loosen it', () => {
  const RULE = 'metrics/roc_auc'
  const BASE = { 'policies/base.yml': JSON.stringify(atLeast(0.99)) }
  const own = (more: object) => ({
    ...LAX,
    files: BASE,
    policy: { ...atLeast(0.5), extends: 'policies/base.yml', ...more },
  })

  test.each([
    ['loosen', own({ loosen: [RULE] })],
    ['without', own({ without: [RULE] })],
    [
      'an advisory rule of the same name',
      { policy: { gates: { metrics: [{ metric: 'roc_auc', min: 0.5, advisory: true }] } } },
    ],
    [
      'a rule for other tasks',
      { policy: { gates: { metrics: [{ metric: 'roc_auc', min: 0.5, tasks: ['regression'] }] } } },
    ],
    ['a file of the same path', { ...LAX, files: { [CENTRAL]: JSON.stringify(atLeast(0.1)) } }],
    ['a policy of the model', { ...LAX, files: { 'models/adult/policy.yml': JSON.stringify(atLeast(0.1)) } }],
  ])('by %s', async (_, options) => {
    const story = await openStory(options)
    await laysOver(story, atLeast(0.99))

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject(FAILED)
    expect(textOf(pull.check('weighbridge'))).toContain(CENTRAL_NAME)
  })

  test('and has nothing merged by itself that the policy keeps for people', async () => {
    const story = await openStory({ policy: atLeast(0.85, { merge: { automatic: true } }) })
    await laysOver(story, atLeast(0.8, { merge: { automatic: false } }))

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject(PASSED)
    expect(pull.state).toBe('open')
  })
})

describe('a central policy that cannot be read holds everything that it governs, and says why:', () => {
  test('the app is not installed there', async () => {
    const story = await openStory(LAX)
    removesFromApp(story, await laysOver(story, atLeast(0.1)))

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject(HELD)
    expect(pull.check('weighbridge')?.summary).toContain('the app reaches no repository acme/policies')
  })

  test('it was removed from there between two weighings', async () => {
    const story = await openStory(LAX)
    const policies = await laysOver(story, atLeast(0.1))
    await story.promotes(BETTER)
    removesFromApp(story, policies)

    const pull = await story.promotes(ALSO_BETTER)

    expect(pull.check('weighbridge')).toMatchObject(HELD)
    expect(pull.check('weighbridge')?.summary).toContain('acme/policies')
  })

  test('GitHub fails for a while: nothing is green meanwhile, and then it is weighed', async () => {
    let isDown = true
    const network =
      (send: typeof fetch): typeof fetch =>
      async (input, init) => {
        const request = new Request(input, init)
        const isAsked = (await request.clone().text()).includes('DefaultTip')
        return isDown && isAsked ? new Response('down', { status: 502 }) : send(request)
      }
    const story = await openStory({ ...LAX, network })
    await laysOver(story, atLeast(0.8))

    const pull = await story.promotes(BETTER)
    const meanwhile = pull.check('weighbridge')?.conclusion
    isDown = false
    await story.passes(600_000)

    expect(meanwhile).not.toBe('success')
    expect(pull.check('weighbridge')).toMatchObject(PASSED)
  })

  test.each([
    [
      'there is no such repository',
      atLeast(0.1),
      { repository: 'acme/none' },
      'the app reaches no repository acme/none',
    ],
    ['it is no YAML', 'gates: [', {}, CENTRAL_NAME],
    ['it has a mistake', atLeast(0.1, { gate: {} }), {}, 'gate: unknown key'],
    ['it is too large', `# ${'x'.repeat(300_000)}\n${JSON.stringify(atLeast(0.1))}`, {}, CENTRAL_NAME],
    ['what it extends is not there', atLeast(0.1, { extends: 'policies/no.yml' }), {}, 'acme/policies:policies/no.yml'],
    ['it extends itself', atLeast(0.1, { extends: CENTRAL }), {}, 'a circle'],
  ])('%s', async (_, policy, options, said) => {
    const story = await openStory(LAX)
    await laysOver(story, policy, options)

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject(HELD)
    expect(pull.check('weighbridge')?.summary).toContain(said)
  })
})

test('a repository that has no configuration is not onboarded by it: its check is never green', async () => {
  const story = await openStory(LAX)
  await laysOver(story, { gates: {} })
  const other = await story.world.repository('acme/other', { files: { 'README.md': 'x' } })

  const pull = await story.after(other.opensPull({ branch: 'b', files: { 'README.md': 'y' }, by: 'erin' }))

  expect(pull.check('weighbridge')).toMatchObject(HELD)
})

test('a merge group reads it once for all its promotions', async () => {
  const story = await openStory({ ...LAX, requires: { mergeQueue: true, checks: ['weighbridge', 'ci'], app: null } })
  await laysOver(story, atLeast(0.8))
  const pulls = [await story.promotes(BETTER)]
  pulls.push(await story.promotes(ALSO_BETTER, { branch: 'stacked', from: `promote-${BETTER}` }))
  const reports = await otherApp(story.world, story.repository)
  for (const { head } of pulls) await reports(head, 'ci', 'success')
  await asOneGroup(story, 2)
  story.world.github.forgetCalls()

  for (const pull of pulls) await pull.queuedBy('erin')
  await story.settles()

  const reads = readsOf(story)
  expect(reads.filter((one) => one === 'graphql GroupNow')).toHaveLength(1)
  expect(reads.filter((one) => one === 'graphql DefaultTip')).toHaveLength(1)
})

describe('a push to the central policy', () => {
  test('has open promotions weighed again at once, and a mend of it too', async () => {
    const story = await openStory(LAX)
    const policies = await laysOver(story, atLeast(0.8))
    const pull = await story.promotes(BETTER)
    const before = pull.check('weighbridge')?.conclusion

    await story.after(policies.commit({ [CENTRAL]: JSON.stringify(atLeast(0.99)) }))
    const stricter = pull.check('weighbridge')?.conclusion
    await story.after(policies.commit({ [CENTRAL]: JSON.stringify(atLeast(0.8)) }))

    expect([before, stricter, pull.check('weighbridge')?.conclusion]).toEqual(['success', 'failure', 'success'])
    expect(await policies.tip('weighbridge/ledger')).toBeNull()
  })

  test('that changes a rule needs approvals anew; one of prose keeps them', async () => {
    const story = await openStory({ policy: { gates: { ...atLeast(0.85).gates, approvals: [{ role: 'approver' }] } } })
    const policies = await laysOver(story, atLeast(0.8))
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const approved = pull.check('weighbridge')?.conclusion

    await story.after(policies.commit({ 'README.md': 'x', [CENTRAL]: `# why\n${JSON.stringify(atLeast(0.8))}` }))
    const prose = pull.check('weighbridge')?.conclusion
    await story.after(policies.commit({ [CENTRAL]: JSON.stringify(atLeast(0.86)) }))

    expect([approved, prose, pull.check('weighbridge')?.conclusion]).toEqual(['success', 'success', 'action_required'])
    expect(pull.check('weighbridge')?.summary).toContain('approved other evidence')
  })
})
