import { expect, test } from 'vitest'
import { HERE, oneJob, openActions, TRAIN } from './support/actions-office.ts'

const WORKFLOW = `name: Train
run-name: train \${{ inputs.id }} at \${{ inputs.rate }}
on:
  workflow_dispatch:
    inputs:
      id: { required: true, type: string }
      rate: { type: number, default: 0.1 }
      kind: { type: choice, options: [small, large] }
jobs:
  train:
    runs-on: ubuntu-latest
    steps: [{ run: 'true' }]
`
const SCRIPTED = { script: () => ({}) }
const start = { ...HERE, workflow_id: 'train.yml', ref: 'main' }

test.each([
  [
    'an input that the workflow does not declare',
    { inputs: { id: 'a', epochs: '3' } },
    'Unexpected inputs provided: ["epochs"]',
  ],
  ['a required input that is missing', { inputs: {} }, "Required input 'id' not provided"],
  [
    'a choice that is none',
    { inputs: { id: 'a', kind: 'huge' } },
    "Provided value 'huge' for input 'kind' not in the list",
  ],
  [
    'a number that is none',
    { inputs: { id: 'a', rate: 'fast' } },
    "Provided value 'fast' for input 'rate' is no number",
  ],
  ['a commit in place of a branch or tag', { ref: 'a'.repeat(40), inputs: { id: 'a' } }, 'No ref found for'],
  [
    '26 inputs',
    { inputs: Object.fromEntries(Array.from({ length: 26 }, (_, n) => [`i${n}`, '1'])) },
    'must NOT have more than 25',
  ],
])('a dispatch with %s is refused with 422, and nothing runs', async (_, change, message) => {
  const { bot, world } = await openActions({ workflow: WORKFLOW, runner: SCRIPTED })

  const asked = bot.rest.actions.createWorkflowDispatch({ ...start, ...change })

  await expect(asked).rejects.toMatchObject({ status: 422, message: expect.stringContaining(message) })
  expect(world.actions.runs).toEqual([])
})

test('a workflow must be on the default branch, and startable by hand where it is started', async () => {
  const office = await openActions({ workflow: WORKFLOW, runner: SCRIPTED })
  const models = await office.world.repository('acme/models')
  const side = '.github/workflows/side.yml'
  await models.commit({ [side]: oneJob("'true'") }, { branch: 'feature' })
  await models.commit(
    { [TRAIN]: WORKFLOW.replace(/workflow_dispatch[\s\S]*jobs:/, 'push\njobs:').replace(/^run-name.*$/m, '') },
    { branch: 'other' },
  )
  await models.commit({ 'README.md': '# Old\n', [TRAIN]: null }, { branch: 'without' })
  const dispatch = (change: object) =>
    office.bot.rest.actions.createWorkflowDispatch({ ...start, inputs: { id: 'a' }, ...change })

  await expect(dispatch({ workflow_id: 'side.yml', ref: 'feature' })).rejects.toMatchObject({ status: 404 })
  await expect(dispatch({ ref: 'other' })).rejects.toThrow("Workflow does not have 'workflow_dispatch' trigger")
  await expect(dispatch({ ref: 'without' })).rejects.toThrow('Workflow does not exist at this ref')
  await expect(dispatch({ ref: 'refs/heads/feature' })).resolves.toMatchObject({ status: 204 })
})

test('who may not write actions starts nothing', async () => {
  const { world, bot } = await openActions({ workflow: WORKFLOW, runner: SCRIPTED })
  const { tokens } = world.github.state
  for (const [text, token] of tokens)
    if (token.kind === 'installation')
      tokens.set(text, { ...token, permissions: { metadata: 'read', actions: 'read' } })

  const asked = bot.rest.actions.createWorkflowDispatch({ ...start, inputs: { id: 'a' } })

  await expect(asked).rejects.toMatchObject({ status: 403 })
})

test('run-name holds what the input said, and the run names who started it and where', async () => {
  const { bot, runs, world } = await openActions({ workflow: WORKFLOW, runner: SCRIPTED })

  const run_id = await runs({ id: 'wb-7', rate: '0.25' })

  const { data } = await bot.rest.actions.getWorkflowRun({ ...HERE, run_id })
  const main = await (await world.repository('acme/models')).tip()
  expect(data).toMatchObject({
    display_title: 'train wb-7 at 0.25',
    name: 'Train',
    path: TRAIN,
    event: 'workflow_dispatch',
    head_branch: 'main',
    head_sha: main,
    status: 'completed',
    conclusion: 'success',
    run_attempt: 1,
    actor: { id: world.app.bot.id },
    triggering_actor: { id: world.app.bot.id },
  })
})

test('a tag can be run too, and an edition without run details answers 204', async () => {
  const { bot, world } = await openActions({ workflow: WORKFLOW, runner: SCRIPTED })
  const main = (await (await world.repository('acme/models')).tip()) ?? ''
  await bot.rest.git.createRef({ ...HERE, ref: 'refs/tags/v1', sha: main })
  Object.assign(world.github.state.settings, { givesRunDetails: false, runPathsNameRef: true })

  const body = { ...start, ref: 'v1', inputs: { id: 'a' }, return_run_details: true }
  const answer = await bot.rest.actions.createWorkflowDispatch(body)

  expect(answer.status).toBe(204)
  const [run] = (await bot.rest.actions.listWorkflowRuns({ ...HERE, workflow_id: 'train.yml' })).data.workflow_runs
  expect(run).toMatchObject({ head_branch: 'v1', path: `${TRAIN}@refs/tags/v1` })
})

test('runs are found by event, actor, branch, commit, status and moment', async () => {
  const { bot, runs, clock, world } = await openActions({ workflow: WORKFLOW, runner: SCRIPTED })
  await runs({ id: 'early' })
  const between = new Date(clock.now() + 30_000).toISOString()
  await world.passes(60_000)
  await runs({ id: 'late' })
  const titles = async (query: object) =>
    (await bot.rest.actions.listWorkflowRunsForRepo({ ...HERE, ...query })).data.workflow_runs.map(
      (run) => run.display_title.split(' ')[1],
    )

  expect(await titles({})).toEqual(['late', 'early'])
  expect(await titles({ created: `>=${between}` })).toEqual(['late'])
  expect(await titles({ created: `<${between}` })).toEqual(['early'])
  expect(await titles({ event: 'push' })).toEqual([])
  expect(await titles({ actor: 'weighbridge[bot]', branch: 'main', status: 'success' })).toEqual(['late', 'early'])
  expect(await titles({ head_sha: 'a'.repeat(40) })).toEqual([])
})

test('the app hears of a run and its job in the published form, and in their order', async () => {
  const { heard, runs } = await openActions({ workflow: WORKFLOW, runner: SCRIPTED, checksWebhooks: true })

  const run = await runs({ id: 'a' })

  const told = heard.slice(heard.findIndex(({ event }) => event === 'workflow_dispatch'))
  expect(told.map(({ event, body }) => `${event}.${body.action ?? ''}`)).toEqual([
    'workflow_dispatch.',
    'workflow_run.requested',
    'check_run.created',
    'workflow_job.queued',
    'workflow_run.in_progress',
    'workflow_job.in_progress',
    'check_run.completed',
    'workflow_job.completed',
    'check_suite.completed',
    'workflow_run.completed',
  ])
  const last = told.at(-1)?.body.workflow_run
  expect(last).toMatchObject({ id: run, conclusion: 'success', display_title: 'train a at 0.1' })
  const check = told.find(({ event }) => event === 'check_run')?.body.check_run
  expect(check).toMatchObject({ name: 'train', app: { slug: 'github-actions' } })
})

test('a job without a runner for its labels waits, and ends after a day', async () => {
  const { dispatch, world } = await openActions({ workflow: WORKFLOW, runner: null })
  world.actions.runner({ labels: ['self-hosted', 'gpu'], script: () => ({}) })

  await dispatch({ id: 'a' })
  await world.settles(3_600_000)
  expect(world.actions.jobs.map((job) => job.status)).toEqual(['queued'])
  await world.settles(24 * 3_600_000)

  expect(world.actions.runs.map((run) => run.conclusion)).toEqual(['failure'])
})
