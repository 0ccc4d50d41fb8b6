import type { MergeAnswer } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import { momentOf, type RepositoryJob } from './job-context.ts'

interface MergedHead {
  readonly number: number
  readonly headSha: string
}

/** Merges, and remembers it: GitHub's lists may go on showing the pull request as open for a moment. */
export async function mergeRemembered(
  job: RepositoryJob,
  { number, headSha }: MergedHead,
  merge: () => Promise<MergeAnswer>,
): Promise<MergeAnswer> {
  const asked = keyOf(job, 'asked to merge', number)
  job.inbox.intend(asked, headSha, momentOf(job))
  try {
    const answer = await merge()
    if (answer.is === 'merged') job.inbox.intend(keyOf(job, 'merged', number), headSha, momentOf(job))
    job.inbox.forget(asked)
    return answer
  } catch (error) {
    if (error instanceof HostFailure && !error.isAmbiguous) job.inbox.forget(asked)
    throw error
  }
}

/** Whether we have merged a pull request with this head, whatever GitHub's lists say. */
export function isMergedByUs(job: RepositoryJob, { number, headSha }: MergedHead): boolean {
  return job.inbox.intention(keyOf(job, 'merged', number))?.digest === headSha
}

/** Whether we have just asked to merge it and do not know the answer; then it is weighed again anyway. */
export function mayBeMergedByUs(job: RepositoryJob, { number, headSha }: MergedHead): boolean {
  const asked = job.inbox.intention(keyOf(job, 'asked to merge', number))
  return asked?.digest === headSha && Date.parse(asked.at) + job.lagMs > job.clock.now()
}

function keyOf({ repository }: RepositoryJob, what: string, number: number): string {
  return `${repository.id}/${what}:#${number}`
}
