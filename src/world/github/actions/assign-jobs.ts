import type { GitHub, ScriptedJob, WorkflowJob, WorldRunner } from '../github-state.ts'
import { fullName, repositoryOf } from '../state/find.ts'
import { beginJob } from './change-job.ts'
import { runOf } from './change-run.ts'

/** A job that a runner has taken. */
export interface Taken {
  readonly runner: WorldRunner
  readonly job: WorkflowJob
}

/** A runner takes the jobs whose labels it all has, as long as it has places; labels are the same in any case. */
export async function assignJobs(github: GitHub): Promise<readonly Taken[]> {
  const taken: Taken[] = []
  for (const job of queuedJobs(github)) {
    const runner = runnerFor(github, job)
    if (runner === null) continue
    taken.push({ runner, job: await beginOn(github, runner, job) })
  }
  return taken
}

export function queuedJobs(github: GitHub): readonly WorkflowJob[] {
  return [...github.state.jobs.values()]
    .filter((job) => job.status === 'queued')
    .sort((one, other) => one.createdAt - other.createdAt || one.id - other.id)
}

/** Runners that could take a job, busy or not. */
export function runnersOf(github: GitHub, job: WorkflowJob): readonly WorldRunner[] {
  const wanted = job.labels.map((label) => label.toLowerCase())
  return [...github.state.runners.values()].filter(
    (runner) => runner.isOnline && wanted.length > 0 && wanted.every((label) => runner.labels.includes(label)),
  )
}

function runnerFor(github: GitHub, job: WorkflowJob): WorldRunner | null {
  const now = github.clock.now()
  const isReady = (runner: WorldRunner) => job.createdAt + runner.startsAfterMs <= now
  return runnersOf(github, job).find((one) => isReady(one) && busyOn(github, one) < one.places) ?? null
}

function busyOn({ state }: GitHub, runner: WorldRunner): number {
  return [...state.jobs.values()].filter((job) => job.status === 'in_progress' && job.runner?.id === runner.id).length
}

async function beginOn(github: GitHub, runner: WorldRunner, job: WorkflowJob): Promise<WorkflowJob> {
  const script = scriptFor(github, runner, job)
  const now = github.clock.now()
  const steps = (script?.steps ?? [{ name: 'Run' }]).map((step, index) => ({
    number: index + 1,
    name: step.name,
    status: index === 0 ? ('in_progress' as const) : ('queued' as const),
    conclusion: null,
    startedAt: index === 0 ? now : null,
    completedAt: null,
  }))
  return beginJob(github, job.id, {
    runner: { id: runner.id, name: runner.name },
    script,
    ...(script === null ? {} : { steps }),
  })
}

function scriptFor(github: GitHub, runner: WorldRunner, job: WorkflowJob): ScriptedJob | null {
  if (runner.kind.is !== 'scripted') return null
  const run = runOf(github, job.run)
  return runner.kind.script({
    repository: fullName(github.state, repositoryOf(github.state, run.repository)),
    run,
    job,
  })
}
