import type { Snapshot } from '../../ports.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { Model } from '../../registry/model.ts'
import { newestPromotable } from '../../registry/promotable-version.ts'
import type { VersionRecord } from '../../registry/record.ts'
import { servedVersion } from '../../serving/served-version.ts'
import { readDocuments } from '../environment-reader.ts'
import { openRegistry, type RegistryReader } from '../registry-reader.ts'
import { configurationNow } from './configuration-now.ts'
import type { TrainingJob } from './training-job.ts'

/** The registry at the tip of the default branch, as far as a new version of a model needs it. */
export interface RegistryNow {
  readonly snapshot: Snapshot
  readonly registry: RegistryReader
  readonly configuration: Configuration
  readonly model: Model
  readonly records: readonly VersionRecord[]
  /** Every number that is taken, whether or not its record can be read. */
  readonly versions: readonly string[]
  /** What the last environment that serves the model serves; else its newest release; null before the first. */
  readonly parent: VersionRecord | null
  /** Whether the parent serves somewhere. */
  readonly isServed: boolean
  /** Environments that serve the model; all of them where none does. */
  readonly environments: readonly string[]
}

/** null: there is no such model any more, or its files have mistakes. */
export async function registryNow(job: TrainingJob): Promise<RegistryNow | null> {
  const { host, repository, now, dispatched } = job
  const configuration = configurationNow(job)
  const tip = await host.tip(repository, now.defaultBranch)
  if (configuration === null || tip === null) return null
  const snapshot = await host.open(repository).snapshot(tip)
  const registry = openRegistry(snapshot)
  const model = await registry.model(dispatched.model)
  if (model?.ok !== true) return null
  const versions = await registry.versions(dispatched.model)
  const readings = await Promise.all(versions.map((version) => registry.record(dispatched.model, version)))
  const records = readings.flatMap((reading) => (reading?.ok ? [reading.value] : []))
  const served = await servedIn(configuration, { snapshot, registry, model: dispatched.model })
  const newest = served.at(-1)?.version ?? newestPromotable(versions, model.value.retired ?? [])
  return {
    ...{ snapshot, registry, configuration, versions, records },
    model: model.value,
    parent: records.find(({ version }) => version === newest) ?? null,
    isServed: served.length > 0,
    environments: (served.length > 0 ? served : configuration.environments).map(({ name }) => name),
  }
}

/** Which environments serve the model, in the order of the configuration. */
async function servedIn(
  { environments, store }: Configuration,
  of: { readonly snapshot: Snapshot; readonly registry: RegistryReader; readonly model: string },
): Promise<readonly { readonly name: string; readonly version: string }[]> {
  const served = await Promise.all(
    environments.map(async (environment) => {
      const documents = await readDocuments(of.snapshot, of.registry, environment, store)
      const found = servedVersion(documents, of.model)
      return found.status === 'served' ? [{ name: environment.name, version: found.version }] : []
    }),
  )
  return served.flat()
}
