import type { JobNow } from '../ports/workflow-run.ts'

/** The job that lets one run of a dispatch through; it runs on no GPU. */
export const CLAIM_JOB = 'claim'

/**
 * Jobs that hold a GPU: all but the claim.
 *
 * @example heavyJobs([{ name: 'claim' }, { name: 'train' }]) // => [{ name: 'train' }]
 */
export function heavyJobs(jobs: readonly JobNow[]): readonly JobNow[] {
  return jobs.filter(({ name }) => name !== CLAIM_JOB)
}

/**
 * GPU seconds of a run that has ended: one GPU a heavy job, from its start to its end.
 *
 * @returns whole seconds; a job that was skipped, or cancelled before its first step, took none
 * @example runSeconds([]) // => 0
 */
export function runSeconds(jobs: readonly JobNow[]): number {
  return heavyJobs(jobs).reduce((sum, job) => sum + (job.completedAt === null ? 0 : secondsOf(job, 0)), 0)
}

/**
 * Seconds that a job has held its runner.
 *
 * @param now  milliseconds since 1970, for a job that still runs
 * @example secondsOf({ startedAt: '2026-11-21T12:00:00Z', completedAt: '2026-11-21T12:30:40Z', conclusion: 'success', steps: [] }, 0) // => 1840
 */
export function secondsOf(job: JobNow, now: number): number {
  const { startedAt, completedAt, conclusion, steps } = job
  const neverBegan = conclusion === 'skipped' || (conclusion === 'cancelled' && steps.length === 0)
  if (startedAt === null || neverBegan) return 0
  const end = completedAt === null ? now : Date.parse(completedAt)
  return Math.max(0, Math.round((end - Date.parse(startedAt)) / 1000))
}
