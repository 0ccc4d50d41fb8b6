import { describe, expect, test } from 'vitest'
import { configuration, MANIFEST, openStory, type Story } from '../../support/github-world.ts'
import type { Fields } from '../../support/registry-files.ts'
import { answerIn, opensIssue, says } from '../../support/story-talk.ts'
import { BUDGET, runsTrainings, TRAINER_ROLES, TRAINING_FILES } from '../../support/training-runs.ts'

const HOUR = 3_600_000

/** Production asks for a registered record, and judges what it says of its training. */
const STRICT = {
  gates: {
    lineage: { record: 'registered' },
    custom: [{ name: 'short enough', rule: 'candidate.training.compute.gpu_seconds < 1000.0' }],
  },
}

async function openTrained(policy: Fields = STRICT, teams: readonly string[] = ['science']) {
  const story = await openStory({
    policy,
    configuration: { roles: TRAINER_ROLES, training: BUDGET },
    files: TRAINING_FILES,
    people: { tess: { teams } },
    requires: null,
  })
  return { story, ...(await trained(story)) }
}

/** A candidate that was trained where models lie, and the manifest that serves it. */
async function trained(story: Story) {
  runsTrainings(story.world, story.store)
  const there = { ...story, repository: story.models }
  const issue = await opensIssue(there, 'tess', 'A better model')
  await story.settles()
  await says(there, 'tess', issue, '/train adult')
  await story.settles(HOUR)
  const [candidate] = story.models.pulls
  if (candidate === undefined) throw new Error('nothing was trained')
  const path = 'models/adult/versions/1.5.0.yml'
  const record = (await story.models.file(path, candidate.head)) ?? ''
  const manifest = ((await story.repository.file(MANIFEST)) ?? '')
    .replaceAll('"1.0.0"', '"1.5.0"')
    .replace('/adult/1.0.0/model.onnx', '/adult/candidates/trained-7/model.onnx')
  return { path, record, manifest }
}

describe('a record that the app has registered', { timeout: 120_000 }, () => {
  test('passes where the policy asks for one, and what it says of its training is judged', async () => {
    const { story, path, record, manifest } = await openTrained()
    await story.after(story.repository.commit({ [path]: record }, { by: 'keeper' }))

    const pull = await story.opens({ branch: 'promote', files: { [MANIFEST]: manifest }, by: 'dana' })

    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('is held when somebody changed by hand what it says of its training', async () => {
    const { story, path, record, manifest } = await openTrained()
    const changed = record.replace('seed: 7', 'seed: 8')
    await story.after(story.repository.commit({ [path]: changed }, { by: 'keeper' }))

    const pull = await story.opens({ branch: 'promote', files: { [MANIFEST]: manifest }, by: 'dana' })

    expect(JSON.stringify(pull.check('weighbridge'))).toContain('was changed by hand')
  })

  test('that a person wrote counts as declared, however right it looks', async () => {
    const { story } = await openTrained()

    const pull = await story.promotes('1.1.0')

    expect(JSON.stringify(pull.check('weighbridge'))).toContain('nobody has looked up a run that trained these bytes')
  })

  test('is not approved by whoever asked for its training (trainer)', async () => {
    const { story, path, record, manifest } = await openTrained(
      { gates: { ...STRICT.gates, approvals: [{ role: 'approver' }] } },
      ['science', 'ml'],
    )
    await story.after(story.repository.commit({ [path]: record }, { by: 'keeper' }))
    const pull = await story.opens({ branch: 'promote', files: { [MANIFEST]: manifest }, by: 'dana' })

    await story.after(pull.approve('tess'))
    expect(JSON.stringify(pull.check('weighbridge'))).toContain('asked for its training')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'action_required' })

    await story.after(pull.approve('erin'))
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })

  test('is trained where models lie, also in a repository that serves nothing, and its trainer approves it nowhere (trainer)', async () => {
    const story = await openStory({
      policy: { gates: { ...STRICT.gates, approvals: [{ role: 'approver' }] } },
      configuration: { roles: TRAINER_ROLES },
      people: { tess: { teams: ['science', 'ml'] } },
      requires: null,
      registry: true,
    })
    const own = configuration({ environments: [], roles: TRAINER_ROLES, training: BUDGET })
    await story.after(story.models.commit({ ...own, ...TRAINING_FILES }))
    const issue = await opensIssue(story, 'tess', 'A better model')
    await says(story, 'tess', issue, '/train adult')

    const { path, record, manifest } = await trained(story)
    await story.after(story.models.commit({ [path]: record }))
    const pull = await story.opens({ branch: 'promote', files: { [MANIFEST]: manifest }, by: 'dana' })
    await story.after(pull.approve('tess'))
    const byHerself = pull.check('weighbridge')
    await story.after(pull.approve('erin'))

    expect(answerIn(story, issue)).toContain(
      'models of this repository lie in acme/models: write the same in an issue there',
    )
    expect(byHerself).toMatchObject({ conclusion: 'action_required' })
    expect(JSON.stringify(byHerself)).toContain('asked for its training')
    expect(pull.check('weighbridge')).toMatchObject({ conclusion: 'success' })
  })
})
