import { expect } from 'vitest'
import type { Fact, FactApi } from './fact.ts'

const RUNNING = 'actions/how-tos/manage-workflow-runs/manually-run-a-workflow'
const WORKFLOWS = 'rest/actions/workflows#create-a-workflow-dispatch-event'
const RUNS = 'rest/actions/workflow-runs'
const SYNTAX = 'actions/reference/workflows-and-actions/workflow-syntax'
const CONCURRENCY = 'actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency'
const TRIGGERING = 'actions/how-tos/write-workflows/choose-when-workflows-run/trigger-a-workflow'

const FILE = 'facts.yml'
const WORKFLOW = `name: Facts
run-name: fact \${{ inputs.id }}
on:
  workflow_dispatch:
    inputs:
      id: { type: string, required: true }
      code: { type: number, default: 0 }
jobs:
  fact:
    runs-on: ubuntu-latest
    steps:
      - run: exit \${{ inputs.code }}
`

async function dispatch(api: FactApi, change: object = {}) {
  await api.push('main', { [`.github/workflows/${FILE}`]: WORKFLOW })
  const body = { ...api.here, workflow_id: FILE, ref: 'main', inputs: { id: 'a' }, ...change }
  return api.bot.rest.actions.createWorkflowDispatch(body)
}

async function run(api: FactApi, inputs: object = { id: 'a' }): Promise<number> {
  const answer = await dispatch(api, { inputs, return_run_details: true })
  const id = (answer.data as unknown as { readonly workflow_run_id: number }).workflow_run_id
  await api.ended(id)
  return id
}

const refused = (id: string, sentence: string, page: string, change: object): Fact => ({
  id,
  sentence,
  page,
  status: 'documented',
  test: async (api) => expect(await api.statusOf(dispatch(api, change))).toBe(422),
})

const believed = (id: string, sentence: string, page: string, status: Fact['status'] = 'documented'): Fact => ({
  id,
  sentence,
  page,
  status,
  test: null,
})

export const ACTION_FACTS: readonly Fact[] = [
  refused('dispatch-undeclared-input', 'A dispatch with an input that is not declared is refused.', RUNNING, {
    inputs: { id: 'a', other: 'b' },
  }),
  refused('dispatch-missing-input', 'A dispatch without a required input is refused.', RUNNING, { inputs: {} }),
  refused('dispatch-by-sha', 'A workflow is started on a branch or tag, never on a commit.', WORKFLOWS, {
    ref: 'a'.repeat(40),
  }),
  {
    id: 'dispatch-says-which-run',
    sentence: 'A dispatch that asks for details is told the id of its run.',
    page: WORKFLOWS,
    status: 'documented',
    test: async (api) => expect(await run(api)).toBeGreaterThan(0),
  },
  {
    id: 'dispatch-silent',
    sentence: 'A dispatch that asks for none is answered 204.',
    page: WORKFLOWS,
    status: 'documented',
    test: async (api) => expect((await dispatch(api)).status).toBe(204),
  },
  {
    id: 'run-name-is-title',
    sentence: 'What run-name says is the display title of the run.',
    page: `${SYNTAX}#run-name`,
    status: 'documented',
    test: async (api) => {
      const run_id = await run(api, { id: 'wb-1' })
      const { data } = await api.bot.rest.actions.getWorkflowRun({ ...api.here, run_id })
      expect(data).toMatchObject({ display_title: 'fact wb-1', event: 'workflow_dispatch', run_attempt: 1 })
    },
  },
  {
    id: 'job-id-is-check-id',
    sentence: "A job's id is the id of its check run, which holds its annotations.",
    page: RUNS,
    status: 'open',
    test: async (api) => {
      const run_id = await run(api, { id: 'a', code: '3' })
      const [job] = (await api.bot.rest.actions.listJobsForWorkflowRun({ ...api.here, run_id })).data.jobs
      const check = { ...api.here, check_run_id: job?.id ?? 0 }
      expect(job?.check_run_url).toMatch(new RegExp(`/check-runs/${job?.id}$`))
      expect((await api.bot.rest.checks.get(check)).data.app?.slug).toBe('github-actions')
      const messages = (await api.bot.rest.checks.listAnnotations(check)).data.map((one) => one.message)
      expect(messages).toContain('Process completed with exit code 3.')
    },
  },
  {
    id: 'cancel-of-ended',
    sentence: 'A run that is over cannot be cancelled: 409.',
    page: `${RUNS}#cancel-a-workflow-run`,
    status: 'documented',
    test: async (api) => {
      const run_id = await run(api)
      expect(await api.statusOf(api.bot.rest.actions.cancelWorkflowRun({ ...api.here, run_id }))).toBe(409)
    },
  },
  {
    id: 'rerun-is-an-attempt',
    sentence: 'A run that is repeated keeps its id and counts its attempts; who repeats it is its triggering actor.',
    page: `${RUNS}#re-run-a-workflow`,
    status: 'documented',
    test: async (api) => {
      const run_id = await run(api)
      await api.ada.rest.actions.reRunWorkflow({ ...api.here, run_id })
      await api.ended(run_id)
      const { data } = await api.bot.rest.actions.getWorkflowRun({ ...api.here, run_id })
      expect(data.run_attempt).toBe(2)
      expect(data.triggering_actor?.id).not.toBe(data.actor?.id)
    },
  },
  believed(
    'concurrency-one-waits',
    'Of a concurrency group one runs and one waits; the newest takes the place of the one that waits.',
    CONCURRENCY,
  ),
  believed(
    'job-token-starts-nothing',
    "What a job does with its GITHUB_TOKEN starts no run; an app's token does.",
    TRIGGERING,
  ),
  believed('matrix-limit', 'A matrix makes at most 256 jobs.', SYNTAX),
  believed('fork-gets-no-secret', "A fork's pull request sees no secret, and its token only reads.", TRIGGERING),
  believed(
    'timeout-is-cancelled',
    'A job that takes longer than timeout-minutes concludes cancelled, not timed_out.',
    SYNTAX,
    'open',
  ),
  believed(
    'shutdown-annotation',
    'A preempted runner leaves the annotation "The runner has received a shutdown signal."',
    RUNS,
    'open',
  ),
  believed('queue-a-day', 'A job that no self-hosted runner takes ends after 24 hours.', 'actions/reference/limits'),
  believed('run-path-plain', 'The path of a run names no ref, though the example of the API shows one.', RUNS, 'open'),
]
