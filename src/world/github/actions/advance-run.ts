import type { GitHub, WorkflowJob, WorkflowRun } from '../github-state.ts'
import { endJob, queueJob } from './change-job.ts'
import { changeRun, runOf } from './change-run.ts'
import { isFree, letIn } from './concurrency.ts'
import { planJobs } from './plan-jobs.ts'
import { jobsOfRun, resultOf } from './run-contexts.ts'
import { jobsOf, needsOf, type WorkflowFile, workflowAt } from './workflow-file.ts'

/**
 * Everything that can happen to runs without a runner: those that waited for their group, jobs whose needs are over,
 * what is cancelled, and what is done.
 */
export async function advanceRuns(github: GitHub): Promise<void> {
  for (let isMoving = true; isMoving; ) {
    isMoving = false
    for (const { id } of openRuns(github)) isMoving = (await advanceRun(github, id)) || isMoving
  }
}

export function openRuns(github: GitHub): readonly WorkflowRun[] {
  const { repositories, workflowRuns } = github.state
  return [...workflowRuns.values()].filter((run) => run.status !== 'completed' && repositories.has(run.repository))
}

/** One step of a run; whether there was one. */
async function advanceRun(github: GitHub, id: number): Promise<boolean> {
  const run = runOf(github, id)
  if (run.status === 'completed') return false
  if (run.status === 'pending') return letIn(github, run)
  const file = await workflowAt(github, run.repository, run.sha, run.path)
  if (file === null) {
    await changeRun(github, id, { status: 'completed', conclusion: 'startup_failure' }, 'completed')
    return true
  }
  return (
    (run.isCancelled && (await cancelJobs(github, run))) ||
    (await failFast(github, run)) ||
    (await begin(github, run, file)) ||
    (await queue(github, run)) ||
    (await finish(github, run, file))
  )
}

/** Jobs that wait end at once; those that run are told to. */
async function cancelJobs(github: GitHub, run: WorkflowRun): Promise<boolean> {
  return endAll(github, jobsOfRun(github, run), 'The operation was canceled.')
}

/** Once a job of a matrix failed, the others of it end, unless the strategy says otherwise. */
async function failFast(github: GitHub, run: WorkflowRun): Promise<boolean> {
  const jobs = jobsOfRun(github, run)
  const failed = jobs.filter((job) => job.conclusion === 'failure' && job.failFast && !job.continuesOnError)
  const others = jobs.filter((job) => failed.some((one) => one.key === job.key && one.id !== job.id))
  return endAll(github, others, 'The strategy configuration was canceled because a job of it failed')
}

async function endAll(github: GitHub, jobs: readonly WorkflowJob[], why: string): Promise<boolean> {
  let isMoved = false
  for (const job of jobs) {
    if (job.status === 'completed') continue
    if (job.status === 'in_progress') github.actions.stop(job.id, 'cancelled')
    else {
      await endJob(github, job.id, {
        conclusion: 'cancelled',
        annotations: [{ annotation_level: 'failure', message: why }],
      })
      isMoved = true
    }
  }
  return isMoved
}

/** Jobs whose needs are all over, and that are not there yet. */
async function begin(github: GitHub, run: WorkflowRun, file: WorkflowFile): Promise<boolean> {
  const done = jobsOfRun(github, run)
  const isOver = (key: string) => {
    const mine = done.filter((job) => job.key === key)
    return mine.length > 0 && mine.every((job) => job.status === 'completed')
  }
  const all = Object.entries(jobsOf(file))
  const [next] = all.find(([key, job]) => !done.some((one) => one.key === key) && needsOf(job).every(isOver)) ?? []
  if (next === undefined) return false
  const { jobs, isSkipped, problem } = planJobs(github, run, file, next, done)
  for (const job of jobs) github.state.jobs.set(job.id, job)
  for (const { id } of isSkipped || problem !== null ? jobs : [])
    await endJob(github, id, {
      conclusion: isSkipped ? 'skipped' : 'failure',
      annotations: problem === null ? [] : [{ annotation_level: 'failure', message: problem }],
    })
  return true
}

/** Jobs that are not held by their matrix or their group. */
async function queue(github: GitHub, run: WorkflowRun): Promise<boolean> {
  const jobs = jobsOfRun(github, run)
  for (const job of jobs.filter((one) => one.status === 'pending')) {
    const beside = jobs.filter(
      (one) => one.key === job.key && (one.status === 'queued' || one.status === 'in_progress'),
    )
    if (beside.length >= job.maxParallel) continue
    if (job.concurrency !== null && !(await enter(github, run, job))) continue
    await queueJob(github, job.id)
    return true
  }
  return false
}

/** A job's turn in its group; an older one that waits gives up its place. */
async function enter(github: GitHub, run: WorkflowRun, job: WorkflowJob): Promise<boolean> {
  const { concurrency } = job
  if (concurrency === null || isFree(github, run.repository, concurrency, { job: job.id, run: run.id })) return true
  const rivals = [...github.state.jobs.values()].filter(
    (one) => one.id !== job.id && one.concurrency?.group === concurrency.group && one.status !== 'completed',
  )
  for (const rival of rivals) {
    if (rival.status === 'in_progress' && concurrency.cancelsRunning) github.actions.stop(rival.id, 'cancelled')
    if (rival.status === 'pending' && rival.id < job.id)
      await endJob(github, rival.id, {
        conclusion: 'cancelled',
        annotations: [
          {
            annotation_level: 'failure',
            message: `Canceling since a higher priority waiting request for ${concurrency.group} exists`,
          },
        ],
      })
  }
  return false
}

/** When every job is over, so is the run. */
async function finish(github: GitHub, run: WorkflowRun, file: WorkflowFile): Promise<boolean> {
  const jobs = jobsOfRun(github, run)
  const keys = Object.keys(jobsOf(file))
  const isOver =
    keys.every((key) => jobs.some((job) => job.key === key)) && jobs.every((job) => job.status === 'completed')
  if (!isOver) return false
  const results = keys.map((key) => resultOf(jobs.filter((job) => job.key === key)))
  const conclusion = results.includes('failure')
    ? 'failure'
    : run.isCancelled || results.includes('cancelled')
      ? 'cancelled'
      : results.every((one) => one === 'skipped')
        ? 'skipped'
        : 'success'
  await changeRun(github, run.id, { status: 'completed', conclusion }, 'completed')
  return true
}
