import { isVirtual, type VirtualClock, type WorldClock } from './clock.ts'
import { endScripted } from './github/actions/end-scripted.ts'
import { type NewRunner, registerRunner, setOnline } from './github/actions/register-runner.ts'
import type { GitHub, ScriptedJob, StopReason, WorkflowJob, WorkflowRun, WorldArtifact } from './github/github-state.ts'
import { findRepository } from './github/state/find.ts'

export type { NewRunner } from './github/actions/register-runner.ts'

/** A job that runs: by its id, or by its name when only one of that name does. */
export type RunningJob = number | string

/** Runs of workflows in the hands of a story. */
export interface ActionsHandle {
  readonly runs: readonly WorkflowRun[]
  readonly jobs: readonly WorkflowJob[]
  readonly artifacts: readonly WorldArtifact[]
  /** A runner for jobs with these labels; with a `script` nothing is executed. Gives its id. */
  runner(options?: NewRunner): number
  /** Takes no more jobs, or takes them again. */
  setOnline(runner: number, isOnline: boolean): void
  secrets(repository: string, secrets: Readonly<Record<string, string>>): void
  variables(repository: string, variables: Readonly<Record<string, string>>): void
  /** The machine is taken away: its processes are told to end, then killed, and the job fails. */
  preempt(job: RunningJob): Promise<void>
  /** The machine is gone without a word. */
  lose(job: RunningJob): Promise<void>
  /** Ends a scripted job that holds (`durationMs: Infinity`). */
  finish(job: RunningJob, outcome?: ScriptedJob): Promise<void>
  /** When no job runs or can start, those that hold apart; time passes for it where it is virtual. */
  settle(): Promise<void>
}

export function actionsHandle(github: GitHub, clock: WorldClock | VirtualClock): ActionsHandle {
  const { state, actions } = github
  const stop = async (which: RunningJob, reason: StopReason) => {
    const job = runningJob(github, which)
    actions.stop(job.id, reason)
    await ended(github, job.id)
  }
  return {
    get runs() {
      return [...state.workflowRuns.values()]
    },
    get jobs() {
      return [...state.jobs.values()]
    },
    get artifacts() {
      return [...state.artifacts.values()]
    },
    runner: (options) => registerRunner(github, options).id,
    setOnline: (runner, isOnline) => setOnline(github, runner, isOnline),
    secrets: (name, secrets) => void state.secrets.set(idOf(github, name), secrets),
    variables: (name, variables) => void state.variables.set(idOf(github, name), variables),
    preempt: (job) => stop(job, 'preempted'),
    lose: (job) => stop(job, 'lost'),
    finish: async (which, outcome = {}) => {
      const job = runningJob(github, which)
      await actions.inTurn(() => endScripted(github, { ...job, script: outcome }))
      actions.advance()
      await actions.written()
    },
    settle: () => settled(github, clock),
  }
}

function idOf({ state }: GitHub, name: string): number {
  const found = findRepository(state, name)
  if (found === null) throw new RangeError(`there is no repository ${name}`)
  return found.repository.id
}

function runningJob({ state }: GitHub, which: RunningJob): WorkflowJob {
  const running = [...state.jobs.values()].filter((job) => job.status === 'in_progress')
  const mine = running.filter((job) => job.id === which || job.name === which)
  const [job] = mine
  if (job === undefined || mine.length > 1)
    throw new RangeError(
      `${mine.length} jobs called ${which} run. Running: ${running.map((one) => one.name).join(', ')}`,
    )
  return job
}

/** Waits for processes by the real clock: they need time to end. */
async function ended(github: GitHub, id: number): Promise<void> {
  while (github.state.jobs.get(id)?.status === 'in_progress') {
    await github.actions.written()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await github.settled()
}

async function settled(github: GitHub, clock: WorldClock | VirtualClock): Promise<void> {
  const { actions } = github
  await github.settled()
  while (actions.isBusy) {
    // time passes for scripts and runners; processes take the time that they take
    if (isVirtual(clock)) await clock.settle({ until: () => !actions.isBusy || actions.isExecuting })
    await actions.executed()
    await github.settled()
  }
}
