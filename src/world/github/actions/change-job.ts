import { announceRun as announceCheck } from '../acts/write-check.ts'
import { announce } from '../announce.ts'
import type { CheckRun, GitHub, JobAnnotation, WorkflowJob } from '../github-state.ts'
import { reconcileQueue } from '../merge-queue.ts'
import { notFound } from '../state/find.ts'
import { jobBody, runPage } from '../webhooks/bodies/workflow-body.ts'
import { actionsActor, actionsApp } from './actions-app.ts'
import { changeRun, runOf } from './change-run.ts'

export function jobOf(github: GitHub, id: number): WorkflowJob {
  const job = github.state.jobs.get(id)
  if (job === undefined) throw notFound()
  return job
}

export function setJob(github: GitHub, id: number, change: Partial<WorkflowJob>): WorkflowJob {
  const next = { ...jobOf(github, id), ...change }
  github.state.jobs.set(id, next)
  return next
}

/** A job can start: its check run is there from now on. */
export async function queueJob(github: GitHub, id: number): Promise<void> {
  const job = setJob(github, id, { status: 'queued', createdAt: github.clock.now() })
  const check = newCheck(github, job)
  github.state.runs.set(check.id, check)
  await announceCheck(github, actionsActor(github, check.repository), check, 'created')
  await announceJob(github, job, 'queued')
}

export async function beginJob(github: GitHub, id: number, change: Partial<WorkflowJob>): Promise<WorkflowJob> {
  const now = github.clock.now()
  const job = setJob(github, id, { ...change, status: 'in_progress', startedAt: now })
  changeCheck(github, id, { status: 'in_progress', startedAt: now })
  const run = runOf(github, job.run)
  if (run.status === 'queued') await changeRun(github, run.id, { status: 'in_progress' }, 'in_progress')
  await announceJob(github, job, 'in_progress')
  return job
}

export interface JobEnd {
  readonly conclusion: NonNullable<WorkflowJob['conclusion']>
  readonly annotations?: readonly JobAnnotation[]
  readonly change?: Partial<WorkflowJob>
}

/** A job is over, also one that never began. */
export async function endJob(github: GitHub, id: number, end: JobEnd): Promise<void> {
  const before = jobOf(github, id)
  if (before.status === 'completed') return
  const now = github.clock.now()
  const job = setJob(github, id, {
    ...end.change,
    status: 'completed',
    conclusion: end.conclusion,
    startedAt: before.startedAt ?? now,
    completedAt: now,
    steps: (end.change?.steps ?? before.steps).map((step) => ended(step, now)),
  })
  // of a repository that is gone there is nothing to tell
  if (!github.state.repositories.has(runOf(github, job.run).repository)) return
  const known = github.state.runs.get(id)
  if (known === undefined) github.state.runs.set(id, newCheck(github, job))
  const check = changeCheck(github, id, {
    status: 'completed',
    conclusion: end.conclusion,
    completedAt: now,
    annotations: (end.annotations ?? []).map(wholeAnnotation),
  })
  const actor = actionsActor(github, check.repository)
  if (known === undefined) await announceCheck(github, actor, check, 'created')
  await announceCheck(github, actor, check, 'completed')
  await announceJob(github, job, 'completed')
  await github.turn(check.repository, () => reconcileQueue(github, check.repository))
}

function ended(step: WorkflowJob['steps'][number], now: number): WorkflowJob['steps'][number] {
  if (step.status === 'completed') return step
  const conclusion = step.status === 'in_progress' ? 'cancelled' : 'skipped'
  return { ...step, status: 'completed', conclusion, startedAt: step.startedAt ?? now, completedAt: now }
}

function wholeAnnotation(one: JobAnnotation): CheckRun['annotations'][number] {
  return {
    path: '.github',
    start_line: 1,
    end_line: 1,
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...one,
  }
}

function newCheck(github: GitHub, job: WorkflowJob): CheckRun {
  const run = runOf(github, job.run)
  return {
    id: job.id,
    repository: run.repository,
    suite: run.suite,
    app: actionsApp(github).id,
    name: job.name,
    headSha: run.headSha,
    status: 'queued',
    conclusion: null,
    startedAt: github.clock.now(),
    completedAt: null,
    externalId: `job-${job.id}`,
    detailsUrl: `${runPage(github.state, run)}/job/${job.id}`,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  }
}

function changeCheck(github: GitHub, id: number, change: Partial<CheckRun>): CheckRun {
  const check = github.state.runs.get(id)
  if (check === undefined) throw new Error(`job ${id} has no check run`)
  const next = { ...check, ...change }
  github.state.runs.set(id, next)
  return next
}

async function announceJob(
  github: GitHub,
  job: WorkflowJob,
  action: 'queued' | 'in_progress' | 'completed',
): Promise<void> {
  const run = runOf(github, job.run)
  await announce(github, actionsActor(github, run.repository), {
    event: 'workflow_job',
    action,
    repository: run.repository,
    body: () => ({ workflow_job: jobBody(github.state, run, job) }),
  })
}
