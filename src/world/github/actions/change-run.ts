import { announce } from '../announce.ts'
import type { Actor, CheckConclusion, GitHub, WorkflowRun } from '../github-state.ts'
import { notFound } from '../state/find.ts'
import { announceSuite } from '../suites.ts'
import { workflowBody, workflowRunBody } from '../webhooks/bodies/workflow-body.ts'
import { actionsActor } from './actions-app.ts'

export function runOf(github: GitHub, id: number): WorkflowRun {
  const run = github.state.workflowRuns.get(id)
  if (run === undefined) throw notFound()
  return run
}

/** Writes a run down anew, its check suite with it, and tells what there is to tell. */
export async function changeRun(
  github: GitHub,
  id: number,
  change: Partial<WorkflowRun>,
  action: 'in_progress' | 'completed' | null = null,
): Promise<WorkflowRun> {
  const next = { ...runOf(github, id), ...change, updatedAt: github.clock.now() }
  github.state.workflowRuns.set(id, next)
  await changeSuite(github, next)
  if (action !== null) await announceRun(github, actorFor(github, next), next, action)
  return next
}

/** Events of a run come from whoever caused it. */
function actorFor(github: GitHub, run: WorkflowRun): Actor {
  const account = github.state.accounts.get(run.actor)
  return account === undefined ? actionsActor(github, run.repository) : { kind: 'user', account }
}

export async function announceRun(
  github: GitHub,
  actor: Actor,
  run: WorkflowRun,
  action: 'requested' | 'in_progress' | 'completed',
): Promise<void> {
  const workflow = github.state.workflows.get(run.workflow)
  if (workflow === undefined) throw new Error(`run ${run.id} is of no workflow`)
  await announce(github, actor, {
    event: 'workflow_run',
    action,
    repository: run.repository,
    body: async () => ({
      workflow: workflowBody(github.state, workflow),
      workflow_run: published(action, await workflowRunBody(github, run)),
    }),
  })
}

/** Of a run that begins GitHub's schema does not know the title. */
function published(action: string, body: Awaited<ReturnType<typeof workflowRunBody>>) {
  if (action !== 'in_progress') return body
  const { display_title: _, ...known } = body
  return known
}

async function changeSuite(github: GitHub, run: WorkflowRun): Promise<void> {
  const suite = github.state.suites.get(run.suite)
  if (suite === undefined) return
  const status = run.status === 'pending' ? 'queued' : run.status
  const conclusion = suiteConclusion(run)
  if (suite.status === status && suite.conclusion === conclusion) return
  const next = { ...suite, status, conclusion, updatedAt: github.clock.now() }
  github.state.suites.set(suite.id, next)
  if (status === 'completed') await announceSuite(github, actionsActor(github, run.repository), next, 'completed')
}

function suiteConclusion({ conclusion }: WorkflowRun): CheckConclusion | null {
  return conclusion === 'startup_failure' ? 'failure' : conclusion
}
