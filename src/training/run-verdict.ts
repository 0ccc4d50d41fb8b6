import type { JobAnnotation, JobNow, RunNow } from '../ports/workflow-run.ts'
import { type DispatchName, dispatchInTitle, dispatchTag } from './correlation.ts'
import { heavyJobs, runSeconds, secondsOf } from './run-seconds.ts'

/** What we dispatched, as far as a run must answer to it. */
export interface OurDispatch extends DispatchName {
  readonly command: 'train' | 'tune'
  /** `train.yml` */
  readonly workflow: string
  readonly sha: string
  /** The default branch. */
  readonly branch: string
  /** Account id of our bot. */
  readonly bot: number
  readonly limitMinutes: number
  /** When it was dispatched, ISO 8601. */
  readonly at: string
  /** Whether we asked for its end. */
  readonly isCancelled: boolean
}

/** A run as GitHub shows it now, and all that its jobs say. */
export interface RunSeen {
  /** null: there is none with our title. */
  readonly run: RunNow | null
  readonly jobs: readonly JobNow[]
  /** By id of the job. */
  readonly annotations: ReadonlyMap<number, readonly JobAnnotation[]>
}

/** What a run means for the one who asked for it. */
export type RunMeaning =
  | {
      readonly is: 'queued'
      readonly because: string
      /** Since when no job of it that holds a GPU was at work, ISO 8601. */
      readonly since: string
    }
  | {
      readonly is: 'running'
      /** Of those at work the one that began first. */
      readonly job: JobNow
      /** Name of the step that runs. */
      readonly step: string | null
      /** Of that job. */
      readonly elapsedSeconds: number
      /** How many jobs that hold a GPU have ended, and are at work: trials, of a search. */
      readonly jobs: { readonly ended: number; readonly running: number }
      /** It should have stopped itself: it is to be cancelled. */
      readonly isOverdue: boolean
    }
  /** Another run of this dispatch was first: this one ended without doing anything. */
  | { readonly is: 'superseded' }
  | { readonly is: 'lost'; readonly because: string }
  /** Nothing in it is believed; `isToCancel`: we started it, at another commit than the ledger names. */
  | { readonly is: 'not-ours'; readonly because: string; readonly isToCancel: boolean }
  | RunEnd

/** How a run of ours ended. */
export interface RunEnd {
  readonly is: 'success' | 'preempted' | 'failed' | 'cancelled' | 'timed-out'
  readonly because: string
  /** The job that says why; null on success. */
  readonly job: JobNow | null
  readonly gpuSeconds: number
}

/** GitHub shows a dispatched run a while after it took it. */
const LAG_MS = 10 * 60_000
/** A job that its own limit should have stopped gets so long to show it. */
const OVERDUE_SECONDS = 600
/** `EX_TEMPFAIL` of sysexits.h: what a script ends with when it wants to be resumed. */
const PREEMPTED = /^Process completed with exit code 75\.?$/
const RUNNER_GONE = /lost communication with the server|received a shutdown signal|runner has been shut ?down/i
const TOO_LONG = /exceeded the maximum execution time/i

/**
 * What a run means now: whether it is ours at all (S25), and where it is.
 *
 * @param now  milliseconds since 1970
 * @example meaningOfRun({ at: '2026-11-21T12:00:00Z' }, { run: null, jobs: [], annotations: new Map() }, Date.parse('2026-11-21T12:01:00Z')).is // => 'queued'
 */
export function meaningOfRun(dispatch: OurDispatch, { run, jobs, annotations }: RunSeen, now: number): RunMeaning {
  if (run === null) return absent(dispatch, now)
  const stranger = strangeness(dispatch, run)
  if (stranger !== null) return { is: 'not-ours', ...stranger }
  if (run.status === 'completed') return ended(dispatch, { run, jobs, annotations })
  return atWork(dispatch, heavyJobs(jobs), now)
}

function atWork({ at, limitMinutes }: OurDispatch, heavy: readonly JobNow[], now: number): RunMeaning {
  const running = heavy.filter(({ status }) => status === 'in_progress')
  const [job] = running.toSorted((a, b) => secondsOf(b, now) - secondsOf(a, now))
  const ends = heavy.flatMap(({ status, completedAt }) => (status === 'completed' ? (completedAt ?? []) : []))
  if (job === undefined) return { is: 'queued', because: waiting(heavy), since: [at, ...ends].sort().at(-1) ?? at }
  const elapsedSeconds = secondsOf(job, now)
  const isOverdue = elapsedSeconds > limitMinutes * 60 + OVERDUE_SECONDS
  const step = job.steps.find(({ status }) => status === 'in_progress')?.name ?? null
  const jobs = { ended: ends.length, running: running.length }
  return { is: 'running', job, step, elapsedSeconds, jobs, isOverdue }
}

function absent({ at }: OurDispatch, now: number): RunMeaning {
  if (now - Date.parse(at) < LAG_MS) return { is: 'queued', because: 'GitHub has not shown the run yet', since: at }
  return { is: 'lost', because: 'GitHub took the dispatch and shows no run of it' }
}

function waiting(heavy: readonly JobNow[]): string {
  const [job] = heavy.filter(({ status }) => status === 'queued')
  return job === undefined ? 'its claim is looked at' : `it waits for a runner with ${job.labels.join(', ')}`
}

/** Why a run cannot be the one that we dispatched; null when it is. */
function strangeness(
  dispatch: OurDispatch,
  run: RunNow,
): { readonly because: string; readonly isToCancel: boolean } | null {
  const named = dispatchInTitle(run.title)
  const path = `.github/workflows/${dispatch.workflow}`
  const actor = run.actor?.id ?? null
  const starter = run.triggeringActor?.id ?? actor
  const checks: readonly (readonly [boolean, string])[] = [
    [run.event === 'workflow_dispatch', `it was started by ${run.event}, not by a dispatch`],
    [actor === dispatch.bot && starter === dispatch.bot, 'somebody else started it'],
    [run.path === path, `it is a run of ${run.path}, not of ${path}`],
    [run.attempt === 1, `it was started again: this is its attempt ${run.attempt}`],
    [
      named?.correlation === dispatch.correlation && named.attempt === dispatch.attempt,
      'its title names another dispatch',
    ],
    [run.headBranch === dispatch.branch, `it runs on ${run.headBranch ?? 'no branch'}, not on ${dispatch.branch}`],
    [run.headSha === dispatch.sha, `it runs commit ${run.headSha.slice(0, 12)}, not ${dispatch.sha.slice(0, 12)}`],
  ]
  const failed = checks.findIndex(([isSo]) => !isSo)
  if (failed < 0) return null
  const isOnlyCommit = failed === checks.length - 1
  return { because: checks[failed]?.[1] ?? '', isToCancel: isOnlyCommit }
}

function ended(dispatch: OurDispatch, { run, jobs, annotations }: RunSeen): RunMeaning {
  const heavy = heavyJobs(jobs)
  const claim = jobs.find((job) => !heavy.includes(job))
  const gpuSeconds = runSeconds(jobs)
  const end = (is: RunEnd['is'], because: string, job: JobNow | null): RunEnd => ({ is, because, job, gpuSeconds })
  const done = heavy.filter(({ conclusion }) => conclusion === 'success')
  const undone = heavy.filter(({ conclusion }) => conclusion !== 'success' && conclusion !== 'skipped')
  if (undone.length === 0 && run?.conclusion === 'success') {
    if (done.length > 0) return end('success', 'it ended well', null)
    return claim?.conclusion === 'success'
      ? { is: 'superseded' }
      : end('failed', `no job of ${dispatchTag(dispatch)} did any work`, claim ?? null)
  }
  if (dispatch.isCancelled) return end('cancelled', 'it was cancelled', undone[0] ?? null)
  // trials stand for themselves: what some of them found is worth something
  if (dispatch.command === 'tune' && done.length > 0)
    return end('success', `${done.length} of ${heavy.length} trials ended well`, null)
  return whyEnded({ run, undone, claim, annotations }, end)
}

function whyEnded(
  {
    run,
    undone,
    claim,
    annotations,
  }: {
    readonly run: RunNow | null
    readonly undone: readonly JobNow[]
    readonly claim: JobNow | undefined
    readonly annotations: RunSeen['annotations']
  },
  end: (is: RunEnd['is'], because: string, job: JobNow | null) => RunEnd,
): RunEnd {
  const said = (job: JobNow) => annotations.get(job.id) ?? []
  const taken = (job: JobNow) => said(job).find((one) => isPreemption(one, job))
  const slow = undone.find(
    (job) => job.conclusion === 'timed_out' || said(job).some(({ message }) => TOO_LONG.test(message)),
  )
  if (slow !== undefined || run?.conclusion === 'timed_out')
    return end('timed-out', 'it ran longer than it may', slow ?? undone[0] ?? null)
  const preempted = undone.find((job) => taken(job) !== undefined)
  if (preempted !== undefined && undone.every((job) => taken(job) !== undefined || job.conclusion === 'cancelled'))
    return end('preempted', taken(preempted)?.message ?? '', preempted)
  if (run?.conclusion === 'cancelled') return end('cancelled', 'somebody cancelled it on GitHub', undone[0] ?? null)
  const failed = undone.find(({ conclusion }) => conclusion === 'failure') ?? undone[0] ?? claim
  if (failed === undefined) return end('failed', 'no job of it ever began', null)
  const error = said(failed).find(({ level }) => level === 'failure')?.message
  const step = failed.steps.find(({ conclusion }) => conclusion === 'failure')?.name
  const where = step === undefined ? `job ${failed.name}` : `job ${failed.name}, step ${step}`
  return end('failed', error === undefined ? `${where} failed` : `${where}: ${error}`, failed)
}

/**
 * The script asked to be resumed, or its machine was taken away. In a job that was cancelled only GitHub's own words
 * count: a script cannot tell who interrupts it, and what a person has ended on GitHub must not begin again.
 */
function isPreemption({ title, message }: JobAnnotation, { conclusion }: JobNow): boolean {
  if (RUNNER_GONE.test(message)) return true
  return conclusion !== 'cancelled' && (title === 'weighbridge-preempted' || PREEMPTED.test(message))
}
