import { describe, expect, test } from 'vitest'
import { writeFiles } from '../../../src/adapters/checkout/new-repository.ts'
import { fixtureBytes } from '../../support/fixture-sets.ts'
import {
  ALSO_BETTER,
  BETTER,
  configuration,
  openStory,
  RULES,
  type Story,
  type StoryOptions,
  serves,
} from '../../support/github-world.ts'
import { type Fields, manifestPath, versionFiles } from '../../support/registry-files.ts'
import { filesOf } from '../../support/story-registry.ts'

/** Nobody must approve. */
const MEASURED: Fields = { gates: { metrics: [{ metric: 'roc_auc', min: 0.85 }] } }
const OWN = '1.5.0'
const ROOT = { root: { permission: 'admin' } } as const

/** What the app asked GitHub since the last look; tokens apart. */
function reads({ world }: Story): readonly string[] {
  const asked = world.github.calls.filter(({ isWrite, token }) => !isWrite && token === 'installation')
  return asked.map(({ operation }) => `${operation}`)
}

const NOW = 'graphql PullNow'
const COMPARE = 'repos/compare-commits-with-basehead'
const CONTENTS = 'graphql Contents'
const FIRST = [NOW, COMPARE, CONTENTS]
/** Whether anything asks for our check: once in ten minutes a branch, while no check of ours stands. */
const RULES_OF_BRANCH = 'repos/get-branch-rules'

/** A version with its record, its bytes in the store, and the manifest that serves it. */
async function brings(story: Story, version: string, record: Fields = {}) {
  const bytes = fixtureBytes(`adult/models/${BETTER}.onnx`)
  const files = versionFiles({ set: 'adult', version, bytes, record })
  const isRecord = ({ path }: { readonly path: string }) => path.startsWith('models/')
  await writeFiles(
    story.store,
    files.filter((file) => !isRecord(file)),
  )
  return { ...serves(version), ...filesOf(files.filter(isRecord)) }
}

async function landedOnce(options: StoryOptions = {}): Promise<Story> {
  const story = await openStory({ policy: MEASURED, ...options })
  const first = await story.promotes(BETTER)
  await story.after(first.mergedBy('erin'))
  story.world.github.forgetCalls()
  return story
}

describe('what a promotion costs GitHub', () => {
  test('of a version on base, before there is a ledger: 4 reads, and one write a check', async () => {
    const story = await openStory({ policy: MEASURED })

    const pull = await story.promotes(BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(reads(story)).toEqual([...FIRST, RULES_OF_BRANCH])
    expect(story.world.github.writes).toHaveLength(pull.checks.length)
  })

  test('of a version on base, with a ledger: 4 reads', async () => {
    const story = await landedOnce()

    const pull = await story.promotes(ALSO_BETTER)

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(reads(story)).toEqual([...FIRST, CONTENTS])
  })

  test('with its record and a parent in the same pull request: 4 reads, parent, ledger and past in one', async () => {
    const story = await landedOnce({ ownStore: true })

    const files = await brings(story, OWN, { parent: ALSO_BETTER })
    const pull = await story.promotes(OWN, { files })

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(reads(story)).toEqual([...FIRST, CONTENTS])
  })

  test('with approvals asked and one review: 5 reads, and the one that says who pushed', async () => {
    const story = await openStory({ policy: RULES })
    const pull = await story.promotes(BETTER)
    const before = reads(story)
    story.world.github.forgetCalls()

    await story.after(pull.approve('erin'))

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(before).toEqual([...FIRST, RULES_OF_BRANCH])
    // The commits are remembered: now, who pushed to the branch, and the roles of reviewer and author.
    expect(reads(story)).toEqual([NOW, 'repos/list-activities', 'graphql Teams'])
  })

  test('weighed again: one read, no write', async () => {
    const story = await openStory({ policy: MEASURED })
    await story.promotes(BETTER)
    story.world.github.forgetCalls()

    await story.passes(600_000)

    const asked = reads(story)
    expect(asked.filter((one) => one === NOW)).toHaveLength(1)
    expect(asked.filter((one) => one === CONTENTS || one === COMPARE)).toEqual([])
    expect(story.world.github.writes).toEqual([])
  })

  test('into a later environment: base tip tells that the version stands in the earlier one', async () => {
    const environments = [
      { name: 'staging', manifests: 'deploy/staging', policy: 'policies/production.yml' },
      { name: 'production', manifests: 'deploy/production', policy: 'policies/production.yml', after: 'staging' },
    ]
    const story = await openStory({
      policy: MEASURED,
      configuration: { environments },
      files: { ...configuration({ environments }), ...serves(BETTER, 'staging') },
    })

    const stood = await story.promotes(BETTER)
    const asked = reads(story)
    const never = await story.promotes(ALSO_BETTER)

    expect(stood.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(asked).toEqual([...FIRST, RULES_OF_BRANCH])
    expect(never.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(never.check('weighbridge')?.summary).toContain(`adult ${ALSO_BETTER} was never live in staging`)
  })
})

describe('what the ledger does not know', () => {
  test('a version that served before there was a ledger is gone back to as a rollback', async () => {
    const story = await landedOnce()

    const pull = await story.promotes('1.0.0')

    expect(pull.check('weighbridge')?.summary).toContain('rollback: adult 1.1.0 → 1.0.0')
    expect(reads(story)).toContain('graphql History')
  })

  test('a record that was removed and comes back with other bytes is told by its past', async () => {
    const story = await openStory({ policy: MEASURED, ownStore: true, people: ROOT, requires: null })
    const record = `models/adult/versions/${ALSO_BETTER}.yml`
    await story.after(story.repository.commit({ [record]: null }, { by: 'root' }))

    const pull = await story.promotes(ALSO_BETTER, { files: await brings(story, ALSO_BETTER) })

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'failure' })
    expect(pull.check('weighbridge')?.summary).toContain(`adult ${ALSO_BETTER} landed as`)
  })

  test('a model that was taken out of an environment is not new there', async () => {
    const story = await openStory({ policy: MEASURED, people: ROOT, requires: null })
    await story.after(story.repository.commit({ [manifestPath('adult')]: null }, { by: 'root' }))

    const pull = await story.promotes(BETTER)

    // A first version would need an approver, whatever the policy says.
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(reads(story)).toContain('graphql History')
  })
})

describe('where nothing asks for our check', () => {
  test('the first text says so, and is not written again when it is weighed again', async () => {
    const story = await openStory({ policy: MEASURED, requires: null })

    const pull = await story.promotes(BETTER)
    const first = pull.check('weighbridge')?.summary ?? ''
    story.world.github.forgetCalls()
    await story.passes(600_000)

    expect(first).toMatch(/^Not required here: nothing holds\./)
    expect(story.world.github.writes).toEqual([])
  })

  test('a pull request without our files asks nobody about it: three calls', async () => {
    const story = await openStory({ policy: MEASURED, requires: null })

    const pull = await story.opens({ branch: 'prose', by: 'dana', files: { 'README.md': 'prose\n' } })
    const calls = story.world.github.calls.filter(({ token }) => token === 'installation')
    story.world.github.forgetCalls()
    await story.passes(600_000)

    expect(calls.map(({ operation }) => operation)).toEqual([NOW, COMPARE, 'checks/create'])
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
    expect(story.world.github.writes).toEqual([])
  })
})
