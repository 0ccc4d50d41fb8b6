import { ROLL_UP } from '../../checks/check-names.ts'
import { checkWrites } from '../../checks/check-writes.ts'
import type { DesiredCheck } from '../../checks/desired-check.ts'
import type { CheckWrite, FoundCheck } from '../../ports/check-run.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import { momentOf, type RepositoryJob } from './job-context.ts'

export interface Publication {
  readonly headSha: string
  readonly desired: readonly DesiredCheck[]
  /** Ours on that commit, as it was read. */
  readonly found: readonly FoundCheck[]
  /** Written even when nothing changed. */
  readonly force: boolean
  /** Where the whole report lies; asked only when something is written. */
  readonly report?: () => Promise<string | null>
}

/**
 * Makes our checks on a commit agree with what is desired; writes only what differs.
 *
 * What is written leaves its intention. As long as a list does not show it, the next publication waits until GitHub's
 * lists must, looks again, and only then writes.
 *
 * @returns how many were written; null: the head has moved meanwhile and nothing was
 */
export async function publishChecks(job: RepositoryJob, of: Publication): Promise<number | null> {
  const found = (await foundAfterLag(job, of)) ?? of.found
  if (hasMoved(job, of.headSha)) return null
  const writes = checkWrites(of.desired, found, { force: of.force, headSha: of.headSha })
  const detailsUrl = writes.length === 0 ? null : ((await of.report?.()) ?? null)
  for (const write of writes) {
    await publishOne(job, { ...write, detailsUrl: write.detailsUrl ?? detailsUrl })
    if (write.name === ROLL_UP && write.conclusion !== null) job.figures.concluded(write.conclusion)
  }
  return writes.length
}

/** Whether an event since the lease named another head for this pull request; its own run follows. */
export function hasMoved({ leased }: RepositoryJob, headSha: string): boolean {
  const newest = leased.work.subject.kind === 'pull' ? leased.headsSince().at(-1) : undefined
  return newest !== undefined && newest !== headSha
}

/** Writes one check; what it is to be is noted before, so that neither a crash, a lost answer nor a lagging list doubles it. */
async function publishOne(job: RepositoryJob, write: CheckWrite): Promise<void> {
  const key = intentionKey(job, write.headSha, write.name)
  const before = job.inbox.intention(key)
  job.inbox.intend(key, write.externalId, momentOf(job))
  try {
    await job.host.publish(write, job.repository)
  } catch (error) {
    if (error instanceof HostFailure && !error.isAmbiguous) {
      if (before === null) job.inbox.forget(key)
      else job.inbox.intend(key, before.digest, before.at)
    }
    throw error
  }
}

/** What stands on the commit, read again, when something that was written, or may have been, was not to be seen yet. */
async function foundAfterLag(job: RepositoryJob, of: Publication): Promise<readonly FoundCheck[] | null> {
  const unseen = unseenIn(job, of)
  if (unseen.length === 0) return null
  const newest = Math.max(...unseen.map(({ at }) => Date.parse(at)))
  const waitMs = newest + job.lagMs - job.clock.now()
  if (waitMs > 0) await job.clock.sleep(Math.min(waitMs, job.lagMs))
  const found = await job.host.checksOn(job.repository, of.headSha)
  for (const { key } of unseen) job.inbox.forget(key)
  return found
}

function unseenIn(job: RepositoryJob, { headSha, desired, found }: Publication) {
  const names = new Set([...desired, ...found].map(({ name }) => name))
  return [...names].flatMap((name) => {
    const key = intentionKey(job, headSha, name)
    const intended = job.inbox.intention(key)
    const isSeen = found.some((one) => one.name === name && one.externalId === intended?.digest)
    return intended === null || isSeen ? [] : [{ key, at: intended.at }]
  })
}

function intentionKey({ repository }: RepositoryJob, headSha: string, name: string): string {
  return `${repository.id}/check:${headSha}:${name}`
}
