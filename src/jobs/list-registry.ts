import type { Snapshot } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'
import { classifyPath } from '../registry/registry-path.ts'
import { compareVersions } from '../registry/semantic-version.ts'
import { readDocuments } from './environment-reader.ts'
import { openRegistry } from './registry-reader.ts'

export interface ModelRow {
  readonly model: string
  readonly versions: number
  readonly latest: string | null
  /** Environment -> version that its manifests serve. */
  readonly serves: Readonly<Record<string, string>>
}

/**
 * All models by the names of their files; only manifests are opened, so the cost is that of the environments.
 *
 * @param models  where models lie, when that is another repository
 */
export async function listRegistry(
  snapshot: Snapshot,
  models: Snapshot = snapshot,
): Promise<{ readonly models: readonly ModelRow[]; readonly environments: readonly string[] }> {
  const registry = openRegistry(snapshot)
  const [entries, configuration] = await Promise.all([models.list('models'), registry.configuration()])
  const versions = new Map<string, string[]>()
  for (const { path } of entries) {
    const is = classifyPath(path, null)
    if (is.kind === 'model' || is.kind === 'version') versions.set(is.model, versions.get(is.model) ?? [])
    if (is.kind === 'version') versions.get(is.model)?.push(is.version)
  }
  const serves = configuration?.ok
    ? await servedBy(snapshot, configuration.value)
    : new Map<string, Record<string, string>>()
  const environments = configuration?.ok ? configuration.value.environments.map((environment) => environment.name) : []
  const rows = [...versions].map(
    ([model, own]): ModelRow => ({
      model,
      versions: own.length,
      latest: own.sort(compareVersions).at(-1) ?? null,
      serves: serves.get(model) ?? {},
    }),
  )
  return { models: rows.sort((a, b) => (a.model < b.model ? -1 : 1)), environments }
}

/** Model -> environment -> version, as the manifests say. */
export async function servedBy(
  snapshot: Snapshot,
  configuration: Configuration,
): Promise<ReadonlyMap<string, Record<string, string>>> {
  const registry = openRegistry(snapshot)
  const served = new Map<string, Record<string, string>>()
  for (const environment of configuration.environments)
    for (const { model, version } of await readDocuments(snapshot, registry, environment, configuration.store))
      if (model !== null && version !== null) served.set(model, { ...served.get(model), [environment.name]: version })
  return served
}
