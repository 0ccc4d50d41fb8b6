import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { openJobFolder } from '../../../../adapters/job-folder.ts'
import type { GitHub, JobAnnotation, JobStep, StopReason, WorkflowJob, WorldRunner } from '../../github-state.ts'
import { declaredPermissions, issueJobToken, revokeToken } from '../actions-app.ts'
import { runOf } from '../change-run.ts'
import { evaluateText } from '../evaluate.ts'
import { endOfStopped } from '../stop-job.ts'
import { jobsOf, workflowAt } from '../workflow-file.ts'
import { listOf, mapOf, type WrittenMap } from '../written.ts'
import { JobLog } from './job-log.ts'
import { type JobRoom, openRoom } from './job-room.ts'
import { runSteps, type StepWatcher, titleOf } from './run-steps.ts'
import { evaluationIn, type Scope } from './step-scope.ts'
import { StopSignal } from './stop-signal.ts'

/** A job that runs on this machine. */
export interface Execution {
  readonly done: Promise<JobOutcome>
  stop(reason: StopReason, isForced?: boolean): void
}

export type JobOutcome = Pick<WorkflowJob, 'outputs' | 'log' | 'summary' | 'steps'> & {
  readonly conclusion: NonNullable<WorkflowJob['conclusion']>
  readonly annotations: readonly JobAnnotation[]
}

export interface ExecuteOptions {
  readonly runner: WorldRunner
  readonly graceMs: number
  /** Is told how far it is. */
  readonly report: (change: Partial<WorkflowJob>) => void
}

/** Runs a job's steps as processes, each job in a folder of its own that goes when it is over. */
export function executeJob(github: GitHub, job: WorkflowJob, options: ExecuteOptions): Execution {
  const stop = new StopSignal(options.graceMs)
  return { done: executed(github, job, stop, options), stop: (reason, isForced) => stop.request(reason, isForced) }
}

async function executed(
  github: GitHub,
  job: WorkflowJob,
  stop: StopSignal,
  { runner, report }: ExecuteOptions,
): Promise<JobOutcome> {
  const run = runOf(github, job.run)
  const file = await workflowAt(github, run.repository, run.sha, run.path)
  if (file === null) throw new Error(`${run.path} is not at ${run.sha}`)
  const written = jobsOf(file)[job.key] ?? {}
  const token = issueJobToken(github, run, declaredPermissions(written.permissions, file.written.permissions))
  const folder = openJobFolder()
  const log = new JobLog(() => github.clock.now())
  log.mask(token)
  const mark = `github_${randomUUID()}`
  try {
    const room = openRoom({ github, run, job, file, runner, root: folder.path, token, log, stop, mark })
    return await inRoom(room, report)
  } catch (error) {
    // an expression of the job's own environment
    const message = String((error as Error).message)
    return { ...nothingDone(log), annotations: [{ annotation_level: 'failure', message }] }
  } finally {
    revokeToken(github, token)
    endStrays(mark)
    folder.close()
  }
}

function nothingDone(log: JobLog) {
  return { conclusion: 'failure' as const, outputs: {}, summary: '', log: log.text, steps: [] }
}

async function inRoom(room: JobRoom, report: ExecuteOptions['report']): Promise<JobOutcome> {
  const runInner: Scope['runInner'] = (inner, steps) => runSteps(inner, steps, null)
  const scope: Scope = { room, steps: new Map(), action: null, env: {}, hasFailed: false, runInner }
  const written = listOf(room.written.steps).map(mapOf)
  const lines = stepLines(room, scope, written, report)
  greet(room)
  lines.began(-1)
  lines.ended(-1, 'success')
  await runSteps(scope, written, lines)
  for (const [index, post] of [...room.posts].reverse().entries()) {
    if (room.stop.isGone) break
    const place = written.length + index
    lines.add(post.name)
    lines.began(place)
    await post.run()
    lines.ended(place, 'success')
  }
  const steps = lines.all
  const { log, stop } = room
  const said = { outputs: outputsOf(scope), log: log.text, summary: room.summaries.join('\n'), steps }
  const { reason } = stop
  if (reason !== null) {
    const { conclusion, annotations } = endOfStopped(room.job, reason)
    return { ...said, conclusion, annotations: [...log.annotations, ...annotations] }
  }
  return { ...said, conclusion: scope.hasFailed ? 'failure' : 'success', annotations: log.annotations }
}

function greet(room: JobRoom): void {
  const { apiUrl } = room.github.state.settings
  room.log.write(`Job ${room.job.name} of ${room.run.name} on ${room.job.runner?.name}`)
  if (!apiUrl.startsWith('http://127.0.0.1:'))
    room.log.write(
      `This world is not on the network: nobody answers at ${apiUrl}. Steps that call the API need a world that listens.`,
    )
}

/** Outputs that hold a secret are left out, as GitHub leaves them out. */
function outputsOf(scope: Scope): Readonly<Record<string, string>> {
  const by = evaluationIn(scope)
  return Object.fromEntries(
    Object.entries(mapOf(scope.room.written.outputs)).flatMap(([name, value]) => {
      const text = evaluateText(value, by)
      return scope.room.log.masked(text) === text ? [[name, text]] : []
    }),
  )
}

/** The steps as the API shows them, `Set up job` before and posts behind. */
function stepLines(room: JobRoom, scope: Scope, written: readonly WrittenMap[], report: ExecuteOptions['report']) {
  const named = (step: WrittenMap) => {
    try {
      return titleOf(step, (one) => evaluateText(one, evaluationIn(scope)))
    } catch {
      return 'Run'
    }
  }
  let steps: readonly JobStep[] = ['Set up job', ...written.map(named)].map(newStep)
  const change = (index: number, to: Partial<JobStep>) => {
    steps = steps.map((step, place) => (place === index + 1 ? { ...step, ...to } : step))
    report({ steps, log: room.log.text })
  }
  const now = () => room.github.clock.now()
  return {
    get all() {
      return steps
    },
    add: (name: string) => {
      steps = [...steps, newStep(name, steps.length)]
    },
    began: (index: number) => {
      // by now its name may say what steps before it left
      const name = written[index] === undefined ? {} : { name: named(written[index]) }
      change(index, { ...name, status: 'in_progress', startedAt: now() })
    },
    ended: (index: number, conclusion: NonNullable<JobStep['conclusion']>) =>
      change(index, { status: 'completed', conclusion, completedAt: now() }),
  } satisfies StepWatcher & { readonly all: readonly JobStep[]; add(name: string): void }
}

function newStep(name: string, index: number): JobStep {
  return { number: index + 1, name, status: 'queued', conclusion: null, startedAt: null, completedAt: null }
}

/** What left its process group is found by the mark that every process of a job inherits. */
function endStrays(mark: string): void {
  const isMine = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`RUNNER_TRACKING_ID=${mark}`)
    } catch {
      return false
    }
  }
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isMine(name)))
      process.kill(Number(pid), 'SIGKILL')
  } catch {
    // no such place on this system, or gone in the meantime
  }
}
