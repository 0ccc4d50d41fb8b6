import type { ConcurrencyGroup, GitHub, WorkflowJob, WorkflowRun } from '../github-state.ts'
import { changeRun, runOf } from './change-run.ts'
import { type Evaluation, evaluate, evaluateText } from './evaluate.ts'
import { isExpression, isText, mapOf, type Written } from './written.ts'

/** `concurrency:` of a workflow or job: a group alone, or with whether it ends what runs. */
export function concurrencyIn(written: Written | undefined, by: Evaluation): ConcurrencyGroup | null {
  if (written === undefined || written === null) return null
  if (typeof written !== 'object' || isExpression(written) || isText(written))
    return groupOf(evaluateText(written, by), false)
  const { group, 'cancel-in-progress': cancels = false } = mapOf(written)
  return groupOf(evaluateText(group, by), evaluate(cancels, by) === true)
}

function groupOf(group: string, cancelsRunning: boolean): ConcurrencyGroup | null {
  return group === '' ? null : { group: group.toLowerCase(), cancelsRunning }
}

/** Of a group one runs and one waits: a third takes the place of the one that waits. */
export async function enterGroup(github: GitHub, run: WorkflowRun): Promise<void> {
  const { concurrency } = run
  if (concurrency === null) return
  const line = lineOf(github, run.repository, concurrency.group)
  for (const other of line.waitingRuns.filter((one) => one.id !== run.id)) await cancelWaiting(github, other)
  const holders = line.runs.filter((one) => one.id !== run.id)
  if (concurrency.cancelsRunning) for (const other of holders) await askCancel(github, other)
  if (holders.length > 0 || line.jobs.length > 0) await changeRun(github, run.id, { status: 'pending' })
}

/** Whether nobody else holds a group. */
export function isFree(
  github: GitHub,
  repository: number,
  { group }: ConcurrencyGroup,
  but: { readonly run?: number; readonly job?: number },
): boolean {
  const { runs, jobs } = lineOf(github, repository, group)
  return runs.every((one) => one.id === but.run) && jobs.every((one) => one.id === but.job)
}

/** The run that waited for its group goes on, when the group is free. */
export async function letIn(github: GitHub, run: WorkflowRun): Promise<boolean> {
  if (run.status !== 'pending' || run.concurrency === null) return false
  if (!isFree(github, run.repository, run.concurrency, { run: run.id })) return false
  await changeRun(github, run.id, { status: 'queued' })
  return true
}

interface Line {
  readonly runs: readonly WorkflowRun[]
  readonly jobs: readonly WorkflowJob[]
  readonly waitingRuns: readonly WorkflowRun[]
}

function lineOf({ state }: GitHub, repository: number, group: string): Line {
  const open = [...state.workflowRuns.values()].filter(
    (one) => one.repository === repository && one.status !== 'completed',
  )
  const mine = open.filter((one) => one.concurrency?.group === group)
  const ids = new Set(open.map((one) => one.id))
  return {
    runs: mine.filter((one) => one.status !== 'pending'),
    waitingRuns: mine.filter((one) => one.status === 'pending'),
    jobs: [...state.jobs.values()].filter(
      (job) =>
        job.concurrency?.group === group &&
        ids.has(job.run) &&
        (job.status === 'queued' || job.status === 'in_progress'),
    ),
  }
}

async function cancelWaiting(github: GitHub, run: WorkflowRun): Promise<void> {
  await changeRun(github, run.id, { isCancelled: true, status: 'completed', conclusion: 'cancelled' }, 'completed')
}

/** Somebody wants a run to end; `advance` ends its jobs. */
export async function askCancel(github: GitHub, run: Pick<WorkflowRun, 'id'>): Promise<void> {
  const now = runOf(github, run.id)
  if (now.status === 'pending') await cancelWaiting(github, now)
  else await changeRun(github, run.id, { isCancelled: true })
}
