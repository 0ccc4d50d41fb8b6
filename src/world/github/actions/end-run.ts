import { type Actor, type GitHub, Refusal, type WorkflowRun } from '../github-state.ts'
import { takeId } from '../state/find.ts'
import { accountBehind } from '../state/roles.ts'
import { endJob } from './change-job.ts'
import { announceRun, runOf } from './change-run.ts'
import { askCancel, enterGroup } from './concurrency.ts'
import { jobsOfRun } from './run-contexts.ts'
import { jobsOf, needsOf, workflowAt } from './workflow-file.ts'

/** GitHub repeats a run no more often. */
const MOST_ATTEMPTS = 50

/** @throws {Refusal} 409 when the run is over */
export function cancelRun(github: GitHub, id: number): Promise<void> {
  return github.actions.inTurn(async () => {
    mustRun(github, id)
    await askCancel(github, { id })
    github.actions.advance()
  })
}

/** Without asking anybody: what does not end by itself ends now. */
export function forceCancelRun(github: GitHub, id: number): Promise<void> {
  return github.actions.inTurn(async () => {
    mustRun(github, id)
    await askCancel(github, { id })
    for (const job of jobsOfRun(github, runOf(github, id))) {
      if (job.status === 'in_progress') github.actions.stop(job.id, 'cancelled', true)
      else if (job.status !== 'completed') await endJob(github, job.id, { conclusion: 'cancelled' })
    }
    github.actions.advance()
  })
}

function mustRun(github: GitHub, id: number): void {
  if (runOf(github, id).status === 'completed')
    throw new Refusal(409, 'Cannot cancel a workflow run that is completed.')
}

/**
 * The same run once more, all of it or what failed with all that needs it; the commit and the inputs stay.
 *
 * @throws {Refusal} 403 when it runs, or was repeated often enough
 */
export function rerun(github: GitHub, actor: Actor, id: number, only: 'all' | 'failed'): Promise<WorkflowRun> {
  return github.actions.inTurn(async () => {
    const run = runOf(github, id)
    if (run.status !== 'completed') throw new Refusal(403, 'This workflow is already running')
    if (run.attempt > MOST_ATTEMPTS) throw new Refusal(403, 'This workflow run cannot be retried: too many attempts')
    const now = github.clock.now()
    const next: WorkflowRun = {
      ...run,
      attempt: run.attempt + 1,
      status: 'queued',
      conclusion: null,
      isCancelled: false,
      triggeringActor: accountBehind(actor).id,
      startedAt: now,
      updatedAt: now,
    }
    const kept = only === 'all' ? [] : await keptJobs(github, run)
    github.state.workflowRuns.set(id, next)
    for (const job of kept) {
      const again = takeId(github.state)
      const check = github.state.runs.get(job.id)
      github.state.jobs.set(again, { ...job, id: again, attempt: next.attempt })
      if (check !== undefined) github.state.runs.set(again, { ...check, id: again, externalId: `job-${again}` })
    }
    const suite = github.state.suites.get(run.suite)
    if (suite !== undefined) github.state.suites.set(suite.id, { ...suite, status: 'queued', conclusion: null })
    await announceRun(github, actor, next, 'requested')
    await enterGroup(github, next)
    github.actions.advance()
    return next
  })
}

/** Jobs that succeeded, and need nothing that is done again. */
async function keptJobs(github: GitHub, run: WorkflowRun) {
  const jobs = jobsOfRun(github, run)
  const file = await workflowAt(github, run.repository, run.sha, run.path)
  const written = file === null ? {} : jobsOf(file)
  const again = new Set(jobs.filter((job) => job.conclusion !== 'success').map((job) => job.key))
  for (let size = -1; size !== again.size; ) {
    size = again.size
    for (const [key, job] of Object.entries(written)) if (needsOf(job).some((one) => again.has(one))) again.add(key)
  }
  return jobs.filter((job) => !again.has(job.key))
}
