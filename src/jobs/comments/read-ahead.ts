import { openRegistry } from '../registry-reader.ts'
import type { CommentJob } from './comment-job.ts'
import type { RegistryHere } from './registry-here.ts'

export interface Likely {
  readonly model: string
  readonly version: string | null
  readonly environment: string
}

/**
 * Reads together what planning a promotion asks for one after the other, so that it costs two queries instead of six.
 * It only saves round trips: what it misses, or cannot read, is read when it is asked for.
 */
export async function readAhead(
  { configuration }: CommentJob,
  { snapshot, models }: RegistryHere,
  { model, version, environment }: Likely,
): Promise<void> {
  const registry = openRegistry(snapshot, models)
  const folders = (configuration?.environments ?? [])
    .filter(({ name }) => [environment, afterOf()].includes(name))
    .map(({ manifests }) => manifests.replace(/\/$/, ''))
  const wholeFolder = async (folder: string) => {
    const entries = await snapshot.list(folder)
    await snapshot.read(entries.map(({ path }) => path))
  }
  await Promise.allSettled([
    registry.model(model),
    registry.versions(model),
    registry.modelPolicy(model),
    registry.policies(),
    ...folders.map(wholeFolder),
    ...(version === null ? [] : [registry.record(model, version)]),
  ])

  function afterOf(): string | undefined {
    return configuration?.environments.find(({ name }) => name === environment)?.after
  }
}
