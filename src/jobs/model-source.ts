import type { Repository, Snapshot } from '../ports.ts'
import type { Configuration } from '../registry/configuration.ts'

/** Another repository that models are read from, at the tip of its branch. */
export interface ModelSource {
  /** As the configuration names it: acme/models. */
  readonly name: string
  readonly repository: Repository
  readonly snapshot: Snapshot
}

/** Opens the repository of models that a configuration names; null when it is not at hand. */
export type OpenModels = (registry: NonNullable<Configuration['registry']>) => Promise<ModelSource | null>
