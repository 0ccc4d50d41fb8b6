import { expect, test } from 'vitest'
import { fromSnapshot } from '../../../src/world/world.ts'
import { HERE, oneJob, openActions, TRAIN } from './support/actions-office.ts'

const on = (events: string, run = "'true'", more = '') =>
  `name: CI\non: ${events}\n${more}jobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n`
const SCRIPTED = { script: () => ({}) }

test('a push starts what is for its branch and its paths, on the commit that was pushed', async () => {
  const { world } = await openActions({
    workflow: on('{ push: { branches: [main, "release/**"], paths: ["models/**", "!**/*.md"] } }'),
    runner: SCRIPTED,
  })
  const models = await world.repository('acme/models')

  await models.commit({ 'docs/a.md': 'x' }, { by: 'ben' })
  await models.commit({ 'models/README.md': 'x' }, { by: 'ben' })
  await models.commit({ 'models/1.yml': 'x' }, { branch: 'feature', by: 'ben' })
  const sha = await models.commit({ 'models/1.yml': 'x' }, { by: 'ben', message: 'Train churn again' })
  await models.commit({ 'models/2.yml': 'x' }, { message: 'Quietly [skip ci]' })
  await models.commit({ 'models/3.yml': 'x' }, { branch: 'release/1/a', by: 'ada' })
  await world.actions.settle()

  expect(world.actions.runs.map((run) => [run.event, run.headBranch, run.displayTitle])).toEqual([
    ['push', 'main', 'Train churn again'],
    ['push', 'release/1/a', 'Change models/3.yml'],
  ])
  expect(world.actions.runs[0]?.headSha).toBe(sha)
})

test('a pull request runs its merge with the base, again when it moves, and not when only its text changes', async () => {
  const { world } = await openActions({
    workflow: on('pull_request', 'cat README.md models/1.yml; git log --format=%P -1').replace(
      'steps:\n',
      'steps:\n      - uses: actions/checkout@v4\n',
    ),
  })
  const models = await world.repository('acme/models')
  const pull = await models.opensPull({ branch: 'candidate', by: 'ben', files: { 'models/1.yml': 'one\n' } })
  await world.actions.settle()
  const base = await models.commit({ 'README.md': '# Moved\n' })

  await models.commit({ 'models/1.yml': 'two\n' }, { by: 'ben', branch: 'candidate' })
  await world.actions.settle()

  const { runs, jobs } = world.actions
  expect(runs.map((run) => [run.event, run.ref, run.conclusion])).toEqual([
    ['pull_request', `refs/pull/${pull.number}/merge`, 'success'],
    ['pull_request', `refs/pull/${pull.number}/merge`, 'success'],
  ])
  expect(runs[1]?.headSha).toBe(await models.tip('candidate'))
  expect(jobs[1]?.log).toMatch(/ # Moved\n\S+ two\n/)
  expect(runs[1]?.sha).not.toBe(base)
})

test("a fork's pull request gets no secret, and a token that only reads", async () => {
  const { world } = await openActions({
    listens: true,
    workflow: on(
      'pull_request',
      `|
          echo "secret [\${{ secrets.STORE_KEY }}]"
          curl -s -o /dev/null -w 'wrote %{http_code}\\n' -H "Authorization: Bearer \${{ github.token }}" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/statuses/$GITHUB_SHA" -d '{"state":"success"}'`,
      'permissions: write-all\n',
    ),
  })
  world.actions.secrets('acme/models', { STORE_KEY: 'hunter2-hunter2' })
  await world.user('eve', { permission: 'none' })
  const models = await world.repository('acme/models')
  const fork = await models.forkedBy('eve')

  await fork.opensPull({ branch: 'evil', by: 'eve', files: { 'models/1.yml': 'one\n' } })
  await models.opensPull({ branch: 'good', by: 'ben', files: { 'models/2.yml': 'two\n' } })
  await world.actions.settle()

  const [evil, good] = world.actions.jobs
  expect(evil?.log).toContain(' secret []\n')
  expect(evil?.log).toContain(' wrote 403\n')
  expect(good?.log).toContain(' secret [***]\n')
  expect(good?.log).toContain(' wrote 201\n')
})

test("a push by a job's own token starts no run; a push by an app does", async () => {
  const { world, bot } = await openActions({
    listens: true,
    workflow: `name: CI
on: [push, workflow_dispatch]
permissions: { contents: write }
jobs:
  push:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - if: github.event_name == 'workflow_dispatch'
        run: |
          git config user.name robot; git config user.email robot@example.com
          git commit -q --allow-empty -m 'By the job'; git push -q origin HEAD:main
`,
  })
  const models = await world.repository('acme/models')
  const before = await models.tip()
  await world.actions.settle()
  const begun = world.actions.runs.length

  await bot.rest.actions.createWorkflowDispatch({ ...HERE, workflow_id: 'train.yml', ref: 'main' })
  await world.actions.settle()
  const after = await models.tip()
  expect(world.actions.jobs.at(-1)?.conclusion).toBe('success')
  expect(after).not.toBe(before)
  expect(world.actions.runs.slice(begun).map((run) => run.event)).toEqual(['workflow_dispatch'])

  await bot.rest.repos.createOrUpdateFileContents({ ...HERE, path: 'a.txt', message: 'By the app', content: 'aGk=' })
  await world.actions.settle()

  expect(world.actions.runs.slice(begun).map((run) => run.event)).toEqual(['workflow_dispatch', 'push'])
})

test('a broken workflow file fails its runs at once, and a disabled one starts none', async () => {
  const { world, as } = await openActions({ workflow: on('push'), runner: SCRIPTED })
  const models = await world.repository('acme/models')
  await world.actions.settle()

  await as('ada').rest.actions.disableWorkflow({ ...HERE, workflow_id: 'train.yml' })
  await models.commit({ 'a.txt': 'x' })
  await world.actions.settle()
  await as('ada').rest.actions.enableWorkflow({ ...HERE, workflow_id: 'train.yml' })
  await models.commit({ [TRAIN]: on('push').replace('steps', 'needs: nobody\n    steps') })
  await world.actions.settle()

  expect(world.actions.runs.map((run) => run.conclusion)).toEqual(['success', 'startup_failure'])
})

test('a copy of a world goes on with the run that was under way, and the two go their own ways', async () => {
  const { world, dispatch, clock } = await openActions({
    workflow: oneJob("'true'"),
    runner: { script: () => ({ durationMs: 60_000, artifacts: { model: { 'm.txt': 'weights' } } }) },
  })
  await dispatch()
  await world.settles(1000)
  const snapshot = await world.snapshot()
  await world.settles(30_000)
  const copy = await fromSnapshot(snapshot)

  await copy.settles(120_000)
  await dispatch()

  expect(copy.actions.runs.map((run) => run.conclusion)).toEqual(['success'])
  expect(copy.actions.artifacts.map((one) => one.name)).toEqual(['model'])
  expect(copy.actions.jobs[0]?.completedAt).toBe((world.actions.jobs[0]?.startedAt ?? 0) + 60_000)
  expect(world.actions.runs.map((run) => run.conclusion)).toEqual([null, null])
  expect(clock.now()).toBeLessThan(copy.clock.now())
  await copy.close()
  await snapshot.close()
})

test('a scripted story takes no longer than a sweep can pay for', async () => {
  const { world, dispatch } = await openActions({ workflow: oneJob("'true'"), runner: SCRIPTED })
  const snapshot = await world.snapshot()
  const tell = async () => {
    const copy = await fromSnapshot(snapshot, { courier: { deliver: async () => 202 } })
    const from = process.cpuUsage()
    const token = [...copy.github.state.tokens.keys()][0]
    await copy.fetch(`${copy.github.state.settings.apiUrl}/repos/acme/models/actions/workflows/train.yml/dispatches`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ ref: 'main' }),
    })
    await copy.settles(60_000)
    expect(copy.actions.runs.map((run) => run.conclusion)).toEqual(['success'])
    const { user, system } = process.cpuUsage(from)
    await copy.close()
    return (user + system) / 1000
  }
  await dispatch()

  const times = []
  for (let round = 0; round < 10; round++) times.push(await tell())
  const median = times.sort((one, other) => one - other)[5] ?? 0
  console.info(`a dispatched run, told from a snapshot: ${median.toFixed(1)} ms of processor (median of 10)`)

  expect(median).toBeLessThan(60)
  await snapshot.close()
})
