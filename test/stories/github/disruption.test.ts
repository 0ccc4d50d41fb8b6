import { describe, expect, test } from 'vitest'
import { setCollaborator } from '../../../src/world/github/acts/change-repository.ts'
import { createOrganisation, setMember } from '../../../src/world/github/acts/create-account.ts'
import { suspendInstallation, unsuspendInstallation } from '../../../src/world/github/acts/install-app.ts'
import { forcePush } from '../../../src/world/github/acts/push.ts'
import { renameRepository, transferRepository } from '../../../src/world/github/acts/rename-repository.ts'
import type { Actor } from '../../../src/world/github/github-state.ts'
import { findAccount } from '../../../src/world/github/state/find.ts'
import {
  ALSO_BETTER,
  AUTOMATIC,
  BETTER,
  openStory,
  RULES,
  type Story,
  serves,
  UNFAIR,
} from '../../support/github-world.ts'
import { sharedStore } from '../../support/story-app.ts'

const OPEN = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const OPEN_AUTOMATIC = { ...OPEN, merge: { automatic: true } }

function keeper({ world }: Story): Actor {
  return { kind: 'user', account: findAccount(world.github.state, 'keeper') ?? expect.fail() }
}

describe('in the middle of a weighing', () => {
  test('the installation is suspended: nothing is written, and when it is back everything open is weighed', async () => {
    const story = await openStory({ policy: OPEN })
    const { running } = story.world.github
    const id = story.world.installation('acme/risk')
    story.before('repos/compare-commits-with-basehead', () => suspendInstallation(running, keeper(story), id))

    const pull = await story.promotes(BETTER)
    const meanwhile = pull.checks.length
    await unsuspendInstallation(running, keeper(story), id)
    await story.settles(3_600_000)

    expect(meanwhile).toBe(0)
    expect(pull.check('weighbridge')).toMatchObject({ status: 'completed', conclusion: 'success' })
  })

  test('the repository is renamed: the same ledger, the same verdict, under the new name', async () => {
    await sharedStore('acme/credit')
    const story = await openStory({ policy: OPEN })
    const before = await story.promotes(BETTER)
    await story.after(before.mergedBy('erin'))
    const { running } = story.world.github
    story.before('graphql Contents', () =>
      renameRepository(running, keeper(story), { repository: story.repository.id, name: 'credit' }),
    )

    const pull = await story.promotes(ALSO_BETTER)
    await story.settles(3_600_000)

    expect(story.repository.fullName).toBe('acme/credit')
    expect(pull.check('weighbridge')?.status).toBe('completed')
    expect(pull.check('weighbridge')?.summary).not.toContain('ledger broken')
    await story.after(pull.mergedBy('erin'))
    expect((await story.ledger.facts()).filter(({ kind }) => kind === 'deployed')).toHaveLength(2)
  })

  test('the repository is transferred to where the app is not: its work ends, and other repositories go on', async () => {
    const story = await openStory({ policy: OPEN })
    const { running } = story.world.github
    const other = await story.world.repository('acme/web', { files: { 'README.md': 'hello' } })
    const elsewhere = createOrganisation(running, { login: 'elsewhere' })
    const { id } = findAccount(story.world.github.state, 'keeper') ?? expect.fail()
    setMember(running, { organisation: elsewhere.id, user: id, role: 'admin' })
    story.before('repos/compare-commits-with-basehead', () =>
      transferRepository(running, keeper(story), { repository: story.repository.id, owner: elsewhere.id }),
    )

    await story.promotes(BETTER)
    await story.settles(24 * 3_600_000)
    const pull = await story.after(other.opensPull({ branch: 'x', files: { 'README.md': 'x' }, by: 'dana' }))

    expect(pull.check('weighbridge')?.title).toBe('not onboarded')
  })

  test('the pull request is closed: nothing is merged, and no work is left', async () => {
    const story = await openStory({ policy: OPEN_AUTOMATIC })
    story.before('repos/compare-commits-with-basehead', () => story.repository.pull(1).closedBy('dana'))

    const pull = await story.promotes(BETTER)
    await story.settles(3_600_000)

    expect(pull.state).toBe('closed')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('the branch is deleted: nothing is merged', async () => {
    const story = await openStory({ policy: OPEN_AUTOMATIC })
    const { running } = story.world.github
    story.before('graphql Contents', () =>
      forcePush(running, keeper(story), { repository: story.repository.id, branch: `promote-${BETTER}`, to: null }),
    )

    const pull = await story.promotes(BETTER)
    await story.settles(3_600_000)

    expect(pull.state).toBe('closed')
    expect(await story.ledger.kinds()).toEqual([])
  })

  test('the approver loses his right: his approval is gone with it (S15, S16)', async () => {
    const story = await openStory({ policy: AUTOMATIC })
    const pull = await story.promotes(BETTER)
    const { running, state } = story.world.github
    const erin = findAccount(state, 'erin') ?? expect.fail()
    const loses = () => setCollaborator(running, { repository: story.repository.id, account: erin.id, role: 'none' })

    await pull.approve('erin')
    await loses()
    await story.settles()
    await story.passes(700_000)

    expect(pull.state).toBe('open')
    expect(pull.check('weighbridge')?.conclusion).toBe('action_required')
  })

  test('another version is pushed: what was weighed before never stands on the new head (S34, S36)', async () => {
    const story = await openStory({ policy: { ...RULES, extends: undefined, merge: { automatic: true } } })
    story.before('graphql Contents', () => story.repository.pull(1).push(serves(UNFAIR), 'dana'))

    const pull = await story.promotes(BETTER)
    await story.settles(3_600_000)

    expect(pull.check('weighbridge')?.conclusion).toBe('failure')
    expect([pull.state, await story.ledger.kinds()]).toEqual(['open', []])
  })
})

describe('GitHub Enterprise Server', () => {
  test('with its own address and commits that nobody signs: weighed, merged, recorded', async () => {
    const hosts = new Set<string>()
    const story = await openStory({
      policy: OPEN_AUTOMATIC,
      settings: { apiUrl: 'https://ghe.acme.example/api/v3', webUrl: 'https://ghe.acme.example' },
      network: (send) => (input, init) => {
        const request = new Request(input, init)
        const { origin, pathname } = new URL(request.url)
        hosts.add(`${origin}${pathname.split('/').slice(0, 3).join('/')}`)
        return send(request)
      },
      github: { apiUrl: 'https://ghe.acme.example/api/v3', signsWebCommits: false },
    })

    const pull = await story.promotes(BETTER)
    await story.settles(600_000)

    expect([...hosts].sort()).toEqual(['https://ghe.acme.example/api/graphql', 'https://ghe.acme.example/api/v3'])
    expect(pull.state).toBe('merged')
    expect(await story.ledger.kinds()).toContain('deployed')
    expect(story.world.github.contractBreaks).toEqual([])
  })
})
