import type { HostedRepository } from '../../ports/pull-now.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { ModelSource } from '../model-source.ts'
import type { RepositoryJob } from './job-context.ts'

/** The repository of models, when the operator lets it be read from here and this installation reaches it. */
export async function modelRepository(
  { host, repository, grounds }: RepositoryJob,
  name: string,
): Promise<HostedRepository | null> {
  if (!grounds.mayReadModels(repository, name)) return null
  const all = await host.repositories()
  return all.find((one) => `${one.owner}/${one.name}`.toLowerCase() === name.toLowerCase()) ?? null
}

/** Its snapshot at the tip of the branch that the configuration names. */
export async function modelSourceIn(
  { host }: RepositoryJob,
  found: HostedRepository,
  { repository: name, branch }: NonNullable<Configuration['registry']>,
): Promise<ModelSource | null> {
  const sha = await host.tip(found, branch ?? (await host.now(found)).defaultBranch)
  if (sha === null) return null
  const repository = host.open(found)
  return { name, repository, snapshot: await repository.snapshot(sha) }
}
