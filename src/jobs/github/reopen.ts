import type { OpenPull } from '../../ports/git-host.ts'
import type { RepositoryJob } from './job-context.ts'
import { showInProgress } from './show-in-progress.ts'

/** One write: people see at once that the verdict they saw is not asked again yet. Nothing where none stands. */
export async function reopen(
  job: RepositoryJob,
  { number, headSha, rollUp, ref }: Pick<OpenPull, 'number' | 'headSha' | 'rollUp'> & { readonly ref: string },
  because: string,
): Promise<void> {
  if (rollUp === null || rollUp.status !== 'completed') return
  const origin = { engine: job.engine, baseRef: ref, pulls: [number] }
  await showInProgress(job, { headSha, checks: [rollUp], origin }, because)
}
