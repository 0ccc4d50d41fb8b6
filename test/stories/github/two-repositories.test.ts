import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { BETTER, configuration, openStory, serves, UNFAIR } from '../../support/github-world.ts'
import { removesFromApp } from '../../support/story-acts.ts'

test('artifacts, evidence and the ledger’s mirror may lie in a bucket, and then nothing of them lies here', async () => {
  const story = await openStory({ bucket: true })
  const pull = await story.promotes(BETTER)
  await story.after(pull.approve('erin'))

  await story.after(pull.mergedBy('finn'))

  const { objects, requests } = story.world.store
  expect(await story.ledger.kinds()).toEqual(['decided', 'deployed', 'looked'])
  expect(requests.some((request) => request.includes(`adult/${BETTER}/model.onnx`))).toBe(true)
  const kept = objects.keys().filter((key) => key.startsWith(`acme-evidence/weighbridge/${story.repository.id}/`))
  expect(kept.some((key) => key.includes('/ledger/'))).toBe(true)
  expect(kept.some((key) => key.includes('/verdicts/'))).toBe(true)
  expect(existsSync(`${story.home.path}/files/acme-evidence`)).toBe(false)
})

test('evidence that cannot be kept holds, and says whom to ask without saying where that is', async () => {
  const story = await openStory({ bucket: true })
  story.world.store.faults.failing = `/${story.repository.id}/`

  const pull = await story.promotes(BETTER)

  expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
  expect(pull.check('weighbridge')?.summary).toContain('cannot be ')
  expect(JSON.stringify(pull.checks)).not.toContain('acme-evidence')
})

test('artifacts that cannot be reached hold, with what the store answered', async () => {
  const story = await openStory({ bucket: true })
  story.world.store.faults.failing = 'registry/'

  const pull = await story.promotes(BETTER)

  expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
  expect(pull.check('weighbridge')?.summary).toContain('cannot be reached')
})

describe('environments here, models there', () => {
  test('a promotion is weighed by the records of the other repository, and its check names both', async () => {
    const story = await openStory({ registry: true })

    const pull = await story.promotes(BETTER)
    const before = pull.check('weighbridge')
    await story.after(pull.approve('erin'))

    const { summary = '', text = '' } = pull.check('weighbridge') ?? {}
    expect(before).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(`${summary}${text}`).toContain('acme/models')
    expect(story.world.github.contractBreaks).toEqual([])
  })

  test('an unfair one is as red as in one repository', async () => {
    const story = await openStory({ registry: true })

    const pull = await story.promotes(UNFAIR)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain('disparate_impact across sex 0.2947')
  })

  test('what lands is in the ledger of the environments, and nothing is written to the models', async () => {
    const story = await openStory({ registry: true })
    const tip = await story.models.tip()
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    await story.after(pull.mergedBy('finn'))

    expect(await story.ledger.kinds()).toEqual(['decided', 'deployed', 'looked'])
    expect(await story.models.tip()).toBe(tip)
    expect(await story.models.tip('weighbridge/ledger')).toBeNull()
  })

  test('a record that changed there after the approval is other evidence', async () => {
    const story = await openStory({ registry: true })
    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))
    const path = `models/adult/versions/${BETTER}.yml`
    const record = JSON.parse((await story.models.file(path)) ?? '{}')

    await story.models.commit({ [path]: JSON.stringify({ ...record, training: { ...record.training, seed: 8 } }) })
    await story.passes(600_000)

    expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
  })

  test('a models repository that the app is not installed in holds, with the reason', async () => {
    const story = await openStory({ registry: true })
    removesFromApp(story, story.models)

    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge')?.summary).toContain('acme/models')
  })

  test('a models repository that the operator does not grant holds in the same way', async () => {
    const story = await openStory({
      registry: true,
      operator: `version: 1
repositories:
  - match: acme/*
    stores: [{prefix: 'file:.weighbridge/store/'}]
    evidence: 'file:.weighbridge/evidence/'
`,
    })

    const pull = await story.promotes(BETTER)
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })
    expect(pull.check('weighbridge')?.summary).toContain('acme/models')
  })

  test('a head that points at another repository of models is judged by the base’s', async () => {
    const story = await openStory({ registry: true })
    const mine = configuration({ registry: { repository: 'mallory/models' } })

    const pull = await story.opens({ branch: 'mine', files: { ...mine, ...serves(BETTER) }, by: 'dana' })
    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')?.conclusion).not.toBe('success')
  })
})
