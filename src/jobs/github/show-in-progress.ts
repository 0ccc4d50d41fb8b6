import { ROLL_UP } from '../../checks/check-names.ts'
import type { CheckOrigin } from '../../checks/desired-check.ts'
import { inProgress } from '../../checks/state-checks.ts'
import type { FoundCheck } from '../../ports/check-run.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { RepositoryJob } from './job-context.ts'
import { hasMoved, publishChecks } from './publish-checks.ts'

/** After this long people are told that a weighing goes on. */
const SLOW_MS = 5000

export interface ShownCommit {
  readonly headSha: string
  readonly checks: readonly FoundCheck[]
  readonly origin: CheckOrigin
}

/** The roll-up of a commit as being weighed; its reports stay as they are. */
export async function showInProgress(job: RepositoryJob, of: ShownCommit, because: string): Promise<void> {
  await publishChecks(job, {
    headSha: of.headSha,
    desired: [inProgress(of.origin, because)],
    found: of.checks.filter(({ name }) => name === ROLL_UP),
    force: false,
  })
}

/**
 * Does slow work; when it takes longer than five seconds the roll-up says so meanwhile.
 *
 * @returns the answer, and our checks on the commit as they stand now
 */
export async function showingProgress<Value>(
  job: RepositoryJob,
  of: ShownCommit,
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly checks: readonly FoundCheck[] }> {
  let shown: Promise<boolean> = Promise.resolve(false)
  const callOff = job.after(SLOW_MS, () => {
    shown = showQuietly(job, of)
  })
  try {
    const value = await work()
    callOff()
    return { value, checks: (await shown) ? await job.host.checksOn(job.repository, of.headSha) : of.checks }
  } finally {
    callOff()
    await shown
  }
}

/** Telling is a courtesy: when it fails, the verdict itself is still to come. */
async function showQuietly(job: RepositoryJob, of: ShownCommit): Promise<boolean> {
  if (hasMoved(job, of.headSha)) return false
  try {
    await showInProgress(job, of, 'this takes a while')
    return true
  } catch (error) {
    if (error instanceof HostFailure) return false
    throw error
  }
}
