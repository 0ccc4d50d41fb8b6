import type { Verdict } from '../gates/finding.ts'
import type { Change } from '../registry/change.ts'

/** `check --json`: the root finding and all below it; `changes` say what the diff was read as. */
export interface CheckDocument {
  readonly schema: 'weighbridge.check/v1'
  readonly engine: string
  readonly base: string | null
  readonly head: string | null
  readonly merge_base: string | null
  /** The moment that time rules were judged at, ISO 8601. */
  readonly now: string
  /** Each snapshot that was read. */
  readonly sources: readonly {
    readonly of: 'environments' | 'registry' | 'policy'
    readonly repository: string
    readonly sha: string
  }[]
  /** Gates that only GitHub can answer; the verdict is without them. */
  readonly not_asked: readonly string[]
  readonly changes: readonly Change[]
  readonly rows: number | null
  readonly warnings: readonly { readonly code: string; readonly column?: string; readonly message: string }[]
  readonly verdict: Verdict
  /** The line that repeats this weighing on any machine. */
  readonly repeat: string | null
}
