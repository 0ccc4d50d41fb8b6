import type { Lane, Work } from '../../ports/inbox.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { sweepTrainings } from '../training/sweep-trainings.ts'
import { governedBranches, rememberBranches, rememberedBranches } from './governed-branches.ts'
import { DONE, type JobContext, type JobOutcome, type RepositoryJob } from './job-context.ts'
import { repositoryWork } from './repository-work.ts'
import { sweepWaivers } from './sweep-waivers.ts'

/** Work for a pull request, whatever asks for it. */
export function pullWork(
  repository: HostedRepository,
  of: { readonly number: number; readonly head: string | null; readonly lane: Lane; readonly force?: boolean },
): Work {
  return {
    key: `${repository.id}/#${of.number}`,
    lane: of.lane,
    repository,
    subject: { kind: 'pull', number: of.number },
    force: of.force ?? false,
    head: of.head,
  }
}

/** Everything open in a repository that is governed is weighed once more; what nothing changed in writes nothing. */
export async function sweepRepository(job: RepositoryJob): Promise<JobOutcome> {
  const { host, repository, inbox, leased } = job
  const now = await host.now(repository)
  const governed = governedBranches(now.configuration, now.defaultBranch, rememberedBranches(inbox, repository))
  rememberBranches(inbox, repository, governed.others)
  for (const ref of [now.defaultBranch, ...governed.others])
    for (const { number, headSha } of await host.openPulls(repository, ref))
      inbox.enqueue(pullWork(repository, { number, head: headSha, lane: leased.work.lane }))
  await sweepTrainings(job, now)
  await sweepWaivers(job, now)
  return DONE
}

/** All repositories of an installation, one after the other; or the end of what waits for one that is gone. */
export async function sweepInstallation(
  { appHost, inbox, log }: JobContext,
  { id, is }: { readonly id: number; readonly is: 'here' | 'gone' },
): Promise<JobOutcome> {
  if (is === 'gone') {
    log.info({ installation: id, closed: inbox.closeInstallation(id) }, 'installation is gone')
    return DONE
  }
  for (const repository of await appHost.weigher(id).repositories()) inbox.enqueue(repositoryWork(repository))
  return DONE
}
