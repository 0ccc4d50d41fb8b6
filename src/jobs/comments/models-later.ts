import type { HostedRepository } from '../../ports/pull-now.ts'
import { type Snapshot, Unavailable } from '../../ports.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { RepositoryJob } from '../github/job-context.ts'
import { modelRepository, modelSourceIn } from '../github/model-repository.ts'

/**
 * Where models lie when that is another repository: opened at its tip once something of it is read, through the same
 * grants as a weighing. Reading throws `Unavailable` when it is not reached from here.
 */
export function modelsLater(job: RepositoryJob, registry: NonNullable<Configuration['registry']>): Snapshot {
  let opened: Promise<Snapshot> | null = null
  const open = () => {
    opened ??= modelsElsewhere(job, registry).then(({ snapshot }) => snapshot)
    return opened
  }
  return {
    repository: registry.repository,
    sha: registry.branch ?? 'HEAD',
    list: async (folder) => (await open()).list(folder),
    read: async (paths) => (await open()).read(paths),
  }
}

/**
 * The repository in which models lie, at its tip.
 *
 * @throws {Unavailable} when it is not reached from here
 */
export async function modelsElsewhere(
  job: RepositoryJob,
  registry: NonNullable<Configuration['registry']>,
): Promise<{ readonly home: HostedRepository; readonly snapshot: Snapshot }> {
  const home = await modelRepository(job, registry.repository)
  const source = home === null ? null : await modelSourceIn(job, home, registry)
  if (home !== null && source !== null) return { home, snapshot: source.snapshot }
  const mend = 'Install the app there, and have its operator grant it to this repository.'
  throw new Unavailable('missing', `models lie in ${registry.repository}, which is not reached from here`, mend)
}
