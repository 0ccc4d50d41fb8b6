import type { Mistake, Place } from '../registry/mistake.ts'
import type { Manifest } from './manifest-reader.ts'

/** Label that says which model an object serves. */
export const MODEL_LABEL = 'weighbridge.dev/model'
/** Annotation that says which version of it. */
export const VERSION_ANNOTATION = 'weighbridge.dev/version'

/**
 * bound: label, annotation, artifact field and record agree. neutral: serves no model.
 * unbound: fails. unresolved: what the cluster will apply cannot be told from here, inconclusive.
 */
export type Binding = 'bound' | 'neutral' | 'unbound' | 'unresolved'

/** One document below an environment's manifests, and what it serves. */
export interface ManifestDocument {
  readonly place: Place
  readonly kind: string
  readonly name: string
  readonly namespace: string | null
  readonly binding: Binding
  readonly what: string
  readonly mend: string
  /** Name of the serving target that read it; null for kinds that no target reads. */
  readonly target: string | null
  readonly model: string | null
  readonly version: string | null
  readonly uri: string | null
}

/** A document with what it holds, for differences, schemas and reports. */
export interface EnvironmentDocument extends ManifestDocument {
  /** Null when the whole file could not be read into objects. */
  readonly manifest: Manifest | null
  /** The text that it was read from; a link's is empty. */
  readonly source: string
}

export interface ManifestFacts {
  readonly documents: readonly ManifestDocument[]
  /**
   * Documents that must not be: outside of every environment, bearing weighbridge.dev/, of a serving kind or naming the
   * store; and in one, in the place of another model's.
   */
  readonly strays: readonly Stray[]
  /** What the change writes that the cluster would refuse, or drop without a word. */
  readonly mistakes?: readonly Mistake[]
}

/** Something in a wrong place, and the way out. */
export interface Stray {
  readonly place: Place
  readonly what: string
  readonly mend: string
}

/** A path of a tree. Links and submodules have no text; `because` says why a regular file has none. */
export interface SourceFile {
  /** Git mode: 100644, 100755, 120000 (link), 160000 (submodule). */
  readonly mode: string
  readonly text: string | null
  readonly because?: string
}

/** `deploy/production/churn.yml:12:3` */
export function printPlace(place: Place): string {
  return `${place.path}:${place.line}:${place.column}`
}
