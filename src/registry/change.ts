import type { Place } from './mistake.ts'

export type ChangeKind =
  | 'version-added'
  | 'version-changed'
  | 'terms-changed'
  | 'evaluation-changed'
  | 'model-changed'
  | 'promotion'
  | 'rollback'
  | 'removed'
  | 'serving-changed'
  | 'policy-changed'
  | 'configuration-changed'

/** One thing that a pull request changes. `from`/`to` are versions for promotions and rollbacks, else short values. */
export interface Change {
  readonly kind: ChangeKind
  readonly path: string
  readonly place?: Place
  readonly model?: string
  readonly environment?: string
  readonly version?: string
  readonly from?: string | null
  readonly to?: string | null
  /** Dotted fields with both values, for changed fields. */
  readonly fields?: readonly { readonly field: string; readonly from: string; readonly to: string }[]
}

/** A path that differs between two trees; a rename is a removal and an addition. Modes are Git's: 100644, 120000, 160000. */
export interface ChangedPath {
  readonly path: string
  readonly status: 'added' | 'modified' | 'removed'
  readonly mode: { readonly from: string | null; readonly to: string | null }
  readonly oid: { readonly from: string | null; readonly to: string | null }
}
