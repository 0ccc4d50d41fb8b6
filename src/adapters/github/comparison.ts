import type { NamedVersion, ShownLines } from './patch.ts'

/** A path that differs between merge base and head, as GitHub lists it. */
export interface ComparedFile {
  readonly path: string
  readonly status: 'added' | 'modified' | 'removed'
  /** The blob's id: at head, or at the merge base when it was removed. */
  readonly oid: string | null
  /** Lines of head that GitHub's diff shows; none where it shows no diff: too large, binary, moved. */
  readonly lines: readonly ShownLines[]
  /** Versions that the shown lines of a manifest name. */
  readonly names: readonly NamedVersion[]
}

export interface Comparison {
  readonly base: string
  readonly head: string
  readonly mergeBase: string
  /** Each path once; a rename is a removal and an addition. */
  readonly files: readonly ComparedFile[]
}
