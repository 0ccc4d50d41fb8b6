import type { HostedRepository } from '../../ports/pull-now.ts'
import type { Snapshot } from '../../ports.ts'
import type { CommentJob } from './comment-job.ts'
import { modelsElsewhere } from './models-later.ts'

/** Where environments and models lie for the commands of a comment: both at the tip of the default branch. */
export interface RegistryHere {
  readonly snapshot: Snapshot
  readonly models: Snapshot
  /** The repository of models; the comment's own unless the configuration names another. */
  readonly home: HostedRepository
}

/**
 * Opens what the configuration names, through the same grants as a weighing.
 *
 * @throws {Unavailable} when models lie in a repository that is not reached from here
 */
export async function registryHere(job: CommentJob): Promise<RegistryHere> {
  const { host, repository, configuration, now } = job
  const snapshot = await host.open(repository).snapshot(now.tip)
  const registry = configuration?.registry
  if (registry === undefined) return { snapshot, models: snapshot, home: repository }
  const { home, snapshot: models } = await modelsElsewhere(job, registry)
  return { snapshot, models, home }
}
