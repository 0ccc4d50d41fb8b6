import { fencedLines } from '../../report/markdown-text.ts'
import { openScrub, type Scrub } from '../../report/scrub.ts'
import { heavyJobs } from '../../training/run-seconds.ts'
import { gpuHours, spokenSeconds } from '../../training/spoken-time.ts'
import { runLine } from './progress-words.ts'
import type { Progress, TrainingJob } from './training-job.ts'

const WORDS = {
  success: 'done',
  failure: 'failed',
  cancelled: 'cancelled',
  preempted: 'preempted',
  'timed-out': 'stopped',
  lost: 'lost',
  refused: 'not started',
} as const

/** Of a log people are shown so much. */
const MOST_LINES = 40
const MOST_CHARACTERS = 12_000

/** How a run ended that brought nothing, why, what it took, and the end of its log. */
export async function failedProgress(job: TrainingJob): Promise<Progress> {
  const { ended } = job.dispatched
  if (ended === null) throw new RangeError(`${job.correlation} has not ended`)
  const run = ended.run === null ? null : await job.workflows.run(ended.run)
  const isTold = ended.conclusion === 'failure' || ended.conclusion === 'timed-out'
  const log = isTold && run !== null ? await logLines(job, run.id) : []
  return {
    is: 'failed',
    headline: `${WORDS[ended.conclusion]}: ${ended.because}`,
    details: [...runLine(run?.url ?? null), takenLine(job), ...log],
  }
}

/** GPU seconds of all attempts and rungs together, as the ledger has them. */
export function secondsTaken({ budget, correlation }: Pick<TrainingJob, 'budget' | 'correlation'>): number {
  const own = budget.runs.filter((run) => run.correlation === correlation)
  return own.reduce((sum, { ended }) => sum + (ended?.gpu_seconds ?? 0), 0)
}

/** The same in words. */
export function takenLine(job: Pick<TrainingJob, 'budget' | 'correlation'>): string {
  const seconds = secondsTaken(job)
  return `It took ${spokenSeconds(seconds)} of GPU time (${gpuHours(seconds)} GPU hours).`
}

/** Of a failed job first; one that ran too long GitHub calls cancelled. */
async function logLines({ workflows }: TrainingJob, run: number): Promise<readonly string[]> {
  const jobs = await workflows.jobs(run)
  const undone = (['failure', 'timed_out', 'cancelled'] as const).flatMap((how) =>
    jobs.filter(({ conclusion, steps }) => conclusion === how && steps.length > 0),
  )
  const job = heavyJobs(undone)[0] ?? undone[0]
  const tail = job === undefined ? null : await workflows.logTail(job.id, MOST_CHARACTERS)
  if (job === undefined || tail === null) return []
  const lines = scrubbed(tail).slice(-MOST_LINES)
  return [`<details><summary>The end of its log</summary>`, fencedLines(lines).join('\n'), '</details>']
}

const scrub: Scrub = openScrub([])
/** GitHub writes the moment before each line. */
const MOMENT = /^\ufeff?\d{4}-\d{2}-\d{2}T[\d:.]+Z ?/

/** Nothing that looks like a secret is repeated where more people read than in the log. */
function scrubbed(log: string): readonly string[] {
  const lines = withoutKeys(log)
    .split(/\r?\n/)
    .map((line) => scrub(line.replace(MOMENT, '')).trimEnd())
  return lines.filter((line) => line !== '')
}

/** A private key spans lines. */
function withoutKeys(log: string): string {
  return log.replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[hidden]')
}
