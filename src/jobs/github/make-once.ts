import { momentOf, type RepositoryJob } from './job-context.ts'

/**
 * Makes what is looked for before it is made: a deployment, a comment, an issue. When an earlier try may have made it
 * already, GitHub's lists get the time to show it first.
 *
 * @param name  of the thing, within its repository
 */
export async function makeOnce<Made>(job: RepositoryJob, name: string, make: () => Promise<Made>): Promise<Made> {
  const { inbox, clock, lagMs, repository } = job
  const key = `${repository.id}/made:${name}`
  const before = inbox.intention(key)
  const waitMs = before === null ? 0 : Date.parse(before.at) + lagMs - clock.now()
  if (waitMs > 0) await clock.sleep(Math.min(waitMs, lagMs))
  inbox.intend(key, '', momentOf(job))
  return make()
}
