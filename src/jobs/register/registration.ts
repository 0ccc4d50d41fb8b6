import type { Uploaded } from '../../ports/uploads.ts'
import type { Proposal } from '../../training/proposal.ts'

/** What a training job says of what it made; paths are absolute, or URIs where a table may be one. */
export interface RegisterAsk {
  readonly model: string
  readonly artifact: string
  readonly reference: string
  readonly evaluation: string | null
  readonly validation: string | null
  readonly metrics: string | null
  readonly parameters: readonly string[]
  readonly seed: string | null
  /** A file or the JSON itself. */
  readonly request: string | null
  readonly trial: string | null
  readonly checkpoint: string | null
  readonly predictions: string | null
  readonly units: string | null
  readonly id: string | null
  readonly format: 'onnx' | 'opaque' | null
  readonly threshold: string | null
  readonly features: string | null
  /** `name=path`. */
  readonly data: readonly string[]
  /** `image=...`, `lockfile=...`. */
  readonly environment: readonly string[]
  readonly gpu: string | null
  readonly gpuSeconds: string | null
  readonly costUsd: string | null
  readonly parent: string | null
  readonly version: string | null
  readonly mlflow: string | null
  readonly allowDirty: boolean
  readonly dryRun: boolean
}

/** One reason why nothing is registered: what was given, what is wrong with it, how to mend it. */
export interface RegisterProblem {
  /** `--artifact model.onnx`, or a place in a file. */
  readonly where: string
  readonly what: string
  readonly mend: string
}

/** One object of a registration, stored or to be. */
export interface StoredObject {
  /** Field of the record that names it. */
  readonly field: string
  readonly uri: string
  readonly digest: string
  readonly size_bytes: number
  /** null: a dry run. */
  readonly stored: Uploaded | null
}

export type Registration =
  | { readonly is: 'refused'; readonly problems: readonly RegisterProblem[] }
  | {
      readonly is: 'registered'
      readonly proposal: Proposal
      /** The record as its file, when its number is known. */
      readonly record: { readonly path: string; readonly text: string } | null
      readonly objects: readonly StoredObject[]
      /** What people should know and nothing is refused for. */
      readonly notes: readonly string[]
    }
