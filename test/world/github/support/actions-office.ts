import { Octokit } from 'octokit'
import { onTestFinished } from 'vitest'
import type { NewRunner } from '../../../../src/world/actions-handle.ts'
import { type VirtualClock, virtualClock } from '../../../../src/world/clock.ts'
import { issueInstallationToken, issueUserToken } from '../../../../src/world/github/acts/issue-token.ts'
import { checkWebhook } from '../../../../src/world/github/contract/check-webhook.ts'
import type { Delivery, WorkflowJob } from '../../../../src/world/github/github-state.ts'
import { findAccount } from '../../../../src/world/github/state/find.ts'
import { openWorld, type World } from '../../../../src/world/world.ts'

export const HERE = { owner: 'acme', repo: 'models' } as const
export const TRAIN = '.github/workflows/train.yml'

const APP = {
  name: 'Weighbridge',
  permissions: {
    metadata: 'read',
    actions: 'write',
    checks: 'write',
    contents: 'write',
    pull_requests: 'write',
    statuses: 'read',
  },
  events: ['workflow_run', 'workflow_job', 'workflow_dispatch', 'check_run', 'check_suite', 'push'],
} as const

export interface Heard {
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: the body of an event, as whoever hears it has it
  readonly body: any
}

/** A repository with workflows, an app that dispatches them, and what it hears. */
export interface ActionsOffice {
  readonly world: World
  readonly clock: VirtualClock
  readonly bot: Octokit
  readonly heard: readonly Heard[]
  as(login: string): Octokit
  /** Starts `train.yml` on main; its run's id. */
  dispatch(inputs?: Readonly<Record<string, unknown>>, workflow?: string): Promise<number>
  /** The same, until nothing runs. */
  runs(inputs?: Readonly<Record<string, unknown>>): Promise<number>
  job(name: string): WorkflowJob
  annotations(job: string): Promise<readonly string[]>
  conclusion(run: number): Promise<string | null>
}

export async function openActions(options: {
  readonly workflow: string
  readonly files?: Readonly<Record<string, string>>
  readonly runner?: NewRunner | null
  readonly isPrivate?: boolean
  readonly listens?: boolean
  /** Holds each event to what GitHub publishes; reading all of that takes seconds. */
  readonly checksWebhooks?: boolean
}): Promise<ActionsOffice> {
  const heard: Heard[] = []
  const clock = virtualClock()
  const courier = {
    deliver: async (delivery: Delivery) => {
      const body: unknown = JSON.parse(delivery.requestBody)
      if (options.checksWebhooks === true) checkWebhook(delivery.event, body)
      heard.push({ event: delivery.event, body })
      return 202
    },
  }
  const world = await openWorld({ app: APP, courier, clock })
  onTestFinished(() => world.close())
  await world.user('ada', { permission: 'admin' })
  await world.user('ben')
  const files = { 'README.md': '# Models\n', [TRAIN]: options.workflow, ...options.files }
  await world.repository('acme/models', { files, isPrivate: options.isPrivate ?? false })
  if (options.listens === true) await world.listens()
  if (options.runner !== null) world.actions.runner(options.runner)
  const { running, state } = world.github
  const connect = (auth: string) =>
    new Octokit({
      auth,
      baseUrl: state.settings.apiUrl,
      request: { fetch: world.fetch },
      retry: { enabled: false },
      throttle: { enabled: false },
    })
  const bot = connect(issueInstallationToken(running, { installation: world.installation('acme/models') }).token)
  const job = (name: string) => {
    const found = world.actions.jobs.findLast((one) => one.name === name)
    if (found === undefined) throw new Error(`no job ${name}: ${world.actions.jobs.map((one) => one.name).join(', ')}`)
    return found
  }
  const dispatch: ActionsOffice['dispatch'] = async (inputs = {}, workflow = 'train.yml') => {
    const body = { ...HERE, workflow_id: workflow, ref: 'main', inputs, return_run_details: true }
    const answer = await bot.rest.actions.createWorkflowDispatch(body)
    return (answer.data as unknown as { readonly workflow_run_id: number }).workflow_run_id
  }
  return {
    world,
    clock,
    bot,
    heard,
    as: (login) => connect(issueUserToken(running, findAccount(state, login)?.id ?? 0).token),
    dispatch,
    runs: async (inputs) => {
      const id = await dispatch(inputs)
      await world.actions.settle()
      return id
    },
    job,
    annotations: async (name) => {
      const listed = await bot.rest.checks.listAnnotations({ ...HERE, check_run_id: job(name).id })
      return listed.data.map((one) => one.message ?? '')
    },
    conclusion: async (run_id) => (await bot.rest.actions.getWorkflowRun({ ...HERE, run_id })).data.conclusion,
  }
}

/** A job of one step. */
export function oneJob(run: string, more = ''): string {
  return `name: Train\non: workflow_dispatch\njobs:\n  train:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n${more}`
}
