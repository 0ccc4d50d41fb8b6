import { ROLL_UP } from '../../checks/check-names.ts'
import type { RepositoryJob } from './job-context.ts'
import { reopen } from './reopen.ts'

/** Groups of a merge queue: all of them, or those that hold a pull request. */
export interface Groups {
  readonly ref: string
  readonly pull: number | null
}

/**
 * Re-opens the verdicts on merge groups, and queues them: what is in the queue is merged by GitHub on the group's green,
 * whatever stands on the pull request itself.
 */
export async function reopenGroups(job: RepositoryJob, { ref, pull }: Groups, because: string): Promise<void> {
  const { host, repository, inbox } = job
  const queue = await host.queue(repository, ref)
  const first = pull === null ? 0 : queue.findIndex((entry) => entry.pull === pull)
  for (const { headSha, pull: number } of first === -1 ? [] : queue.slice(first)) {
    if (headSha === null) continue
    const checks = await host.checksOn(repository, headSha)
    const rollUp = checks.find(({ name }) => name === ROLL_UP) ?? null
    if (rollUp?.conclusion === 'success') await reopen(job, { number, headSha, rollUp, ref }, because)
    const subject = { kind: 'head', sha: headSha } as const
    const key = `${repository.id}/head:${headSha}`
    inbox.enqueue({ key, lane: 'interactive', repository, subject, force: false, head: headSha })
  }
}
