import { afterEach, describe, expect, test } from 'vitest'
import { type AppWorld, type AppWorldOptions, openAppWorld, serves } from './app-world.ts'

let opened: AppWorld | null = null

async function begin(options: AppWorldOptions = {}): Promise<AppWorld> {
  opened = await openAppWorld(options)
  await opened.settles()
  opened.world.github.forgetCalls()
  return opened
}

afterEach(async () => {
  await opened?.close()
  opened = null
})

const GOVERNED = {
  '.github/weighbridge.yml': `version: 1
branches: [main, release]
store:
  artifacts: file:.weighbridge/store
environments:
  - name: production
    manifests: deploy/production
    policy: policies/production.yml
roles:
  approver: {teams: [ml-platform]}
  policy: {teams: [model-risk]}
  promoter: {teams: [ml-platform]}
`,
}

describe('a check belongs to a commit', () => {
  test('a harmless pull request with the same head does not make an unfair one green (S54)', async () => {
    const { repository, settles } = await begin({ files: GOVERNED })
    await repository.commit(serves('1.2.0'), { branch: 'release', by: 'erin' })
    await settles()
    const unfair = await repository.opensPull({ branch: 'unfair', files: serves('1.2.0'), by: 'dana' })
    await settles()

    const { number } = await repository.opensPull({
      branch: 'unfair',
      files: {},
      by: 'dana',
      base: 'release',
      from: 'unfair',
    })
    await settles()

    expect(repository.pull(number).head).toBe(unfair.head)
    expect(unfair.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('a verdict for a head that has moved is never shown on the new one (S36)', async () => {
    const { repository, settles } = await begin()
    const pull = await repository.opensPull({ branch: 'change', files: serves('1.1.0'), by: 'dana' })
    const old = pull.head
    await pull.push(serves('1.2.0'), 'dana')
    await settles()

    expect(pull.head).not.toBe(old)
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
  })

  test('an approval of other bytes than those of now does not count (S31)', async () => {
    const { repository, settles } = await begin()
    const pull = await repository.opensPull({ branch: 'change', files: serves('1.2.0'), by: 'dana' })
    await settles()
    await pull.approve('erin')
    await pull.push(serves('1.1.0'), 'dana')
    await settles()

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge')?.summary).toContain('role approver')
  })
})

describe('a merge queue', () => {
  test('is weighed for real: the group gets a verdict of its own', async () => {
    const { repository, settles, world } = await begin()
    await repository.requires(['weighbridge'], { mergeQueue: true })
    const pull = await repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })
    await settles()
    await pull.approve('erin')
    await settles()

    await pull.queuedBy('dana')
    await settles()

    expect(pull.state).toBe('merged')
    expect(world.github.contractBreaks).toEqual([])
  })
})

describe('a process that dies', () => {
  test('leaves nothing behind: the next one finishes what was waiting', async () => {
    const place = await begin()
    const { repository, world } = place
    const pull = await repository.opensPull({ branch: 'better', files: serves('1.1.0'), by: 'dana' })

    await place.restarts()
    await place.settles()

    expect(pull.check('weighbridge')).toMatchObject({ status: 'completed', conclusion: 'action_required' })
    expect(pull.checks).toHaveLength(3)
    expect(world.github.contractBreaks).toEqual([])
  })
})
