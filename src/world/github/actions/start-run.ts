import type { Actor, CheckSuite, GitHub, WorkflowRun, WorldWorkflow } from '../github-state.ts'
import { takeId } from '../state/find.ts'
import { accountBehind } from '../state/roles.ts'
import { actionsApp } from './actions-app.ts'
import { announceRun, changeRun } from './change-run.ts'
import { concurrencyIn, enterGroup } from './concurrency.ts'
import { ALL_IS_WELL, BadExpression, evaluateText } from './evaluate.ts'
import { registerWorkflow } from './register-workflow.ts'
import { runContexts } from './run-contexts.ts'
import type { WorkflowFile } from './workflow-file.ts'

export interface NewRun {
  readonly repository: number
  readonly file: WorkflowFile
  readonly event: string
  readonly payload: WorkflowRun['payload']
  readonly inputs?: WorkflowRun['inputs']
  readonly ref: string
  readonly headBranch: string | null
  readonly headSha: string
  readonly sha: string
  readonly headRepository?: number
  /** What the run is called where the workflow does not say. */
  readonly title: string
}

/** A run of a workflow: it stands in its group's line, or its jobs can begin. */
export async function startRun(github: GitHub, actor: Actor, input: NewRun): Promise<WorkflowRun> {
  const { state } = github
  const { file, repository } = input
  const workflow = takeNumber(github, registerWorkflow(github, repository, file))
  const now = github.clock.now()
  const by = accountBehind(actor).id
  const draft: WorkflowRun = {
    id: takeId(state),
    repository,
    workflow: workflow.id,
    path: file.path,
    number: workflow.nextRun,
    attempt: 1,
    name: file.name,
    displayTitle: input.title,
    event: input.event,
    payload: input.payload,
    inputs: input.inputs ?? {},
    ref: input.ref,
    headBranch: input.headBranch,
    headSha: input.headSha,
    sha: input.sha,
    headRepository: input.headRepository ?? repository,
    isFromFork: (input.headRepository ?? repository) !== repository,
    actor: by,
    triggeringActor: by,
    status: 'queued',
    conclusion: null,
    suite: newSuite(github, input).id,
    concurrency: null,
    isCancelled: false,
    createdAt: now,
    startedAt: now,
    updatedAt: now,
  }
  state.workflowRuns.set(draft.id, draft)
  const run = file.problems.length > 0 ? null : named(github, draft, file)
  await announceRun(github, actor, run ?? draft, 'requested')
  if (run === null) return fail(github, draft)
  await enterGroup(github, run)
  return run
}

/** `run-name` and the group, by what the event and the inputs say; null when they cannot be worked out. */
function named(github: GitHub, draft: WorkflowRun, file: WorkflowFile): WorkflowRun | null {
  try {
    const run = withName(github, draft, file)
    github.state.workflowRuns.set(run.id, run)
    return run
  } catch (error) {
    if (error instanceof BadExpression) return null
    throw error
  }
}

function withName(github: GitHub, run: WorkflowRun, file: WorkflowFile): WorkflowRun {
  const by = { contexts: runContexts(github, run), standing: ALL_IS_WELL }
  const written = file.written['run-name']
  const title = written === undefined ? '' : evaluateText(written, by).trim()
  return {
    ...run,
    displayTitle: title === '' ? run.displayTitle : title,
    concurrency: concurrencyIn(file.written.concurrency, by),
  }
}

async function fail(github: GitHub, run: WorkflowRun): Promise<WorkflowRun> {
  return changeRun(github, run.id, { status: 'completed', conclusion: 'startup_failure' }, 'completed')
}

function takeNumber(github: GitHub, workflow: WorldWorkflow): WorldWorkflow {
  github.state.workflows.set(workflow.id, { ...workflow, nextRun: workflow.nextRun + 1 })
  return workflow
}

/** Each run has a suite of its own. */
function newSuite(github: GitHub, input: NewRun): CheckSuite {
  const now = github.clock.now()
  const suite: CheckSuite = {
    id: takeId(github.state),
    repository: input.repository,
    app: actionsApp(github).id,
    headSha: input.headSha,
    headBranch: input.headBranch,
    before: null,
    after: input.headSha,
    status: 'queued',
    conclusion: null,
    createdAt: now,
    updatedAt: now,
  }
  github.state.suites.set(suite.id, suite)
  return suite
}
