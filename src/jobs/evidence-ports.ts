import type { ModelLimits, ModelRunner, ObjectStore, Tables } from '../ports.ts'

/** Where sealed evidence is kept; a document comes back only when its seal is ours. */
export interface EvidenceCache {
  get(
    key: string,
  ): Promise<
    | { readonly status: 'sealed'; readonly document: unknown }
    | { readonly status: 'absent' }
    | { readonly status: 'not-ours'; readonly because: string }
  >
  put(key: string, document: unknown): Promise<void>
}

/** Everything that gathering evidence needs of the world. */
export interface GatherPorts {
  readonly store: ObjectStore
  readonly tables: Tables
  readonly runner: ModelRunner
  readonly evidence: EvidenceCache
  /** Where the app has sealed what it saw of trainings, when models lie in another repository; absent: in `evidence`. */
  readonly registrations?: Pick<EvidenceCache, 'get'>
  /** The job's own folder; tables and artifacts are copied into it while they are hashed. */
  readonly folder: string
  /** Name, version and processor family: part of every key. */
  readonly engine: string
  readonly limits: ModelLimits & { readonly maxTableBytes: number; readonly maxArtifactBytes: number }
  /** Class of the machine that weighs, as its operator names it; null: nobody has named it. */
  readonly runnerClass?: string | null
  readonly progress: (text: string) => void
}
