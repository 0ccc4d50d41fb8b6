import type { DocumentPath } from '../registry/dotted-path.ts'
import type { Manifest } from './manifest-reader.ts'

/** Where a document names its artifact, or why that cannot be said. */
export type ArtifactField =
  | { readonly is: 'at'; readonly path: DocumentPath }
  | { readonly is: 'absent'; readonly because: string; readonly mend: string }
  | { readonly is: 'unclear'; readonly because: string; readonly mend: string; readonly path: DocumentPath }

/** Something wrong in a document that its schema cannot say. */
export interface TargetMistake {
  readonly path: DocumentPath
  readonly what: string
  readonly mend: string
}

/** One kind of object that serves models, and how to read it. */
export interface ServingTarget {
  readonly name: string
  readonly apiVersion: string
  readonly kind: string
  /** Which field names the artifact, in one sentence. */
  readonly about: string
  artifactField(manifest: Manifest): ArtifactField
  /** JSON Schema of the kind, closed: a typo fails. */
  readonly schema: Readonly<Record<string, unknown>>
  mistakes(manifest: Manifest): readonly TargetMistake[]
}

/** The API group of an `apiVersion`; the core group is empty. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}
