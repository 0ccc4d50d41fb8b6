import type { TrainingFact } from './training-fact.ts'

/**
 * What a ledger line says. The line around it (`seq`, `id`, `at`, `actor_id`, `prev`, `key_id`, `sig`) is the same for all.
 * A kind that this version does not write is still read, folded where it matters, and shown.
 */
export type FactKind =
  | 'decided'
  | 'deployed'
  | 'unweighed'
  | 'looked'
  | 'verified'
  | 'quarantined'
  | 'released'
  | 'frozen'
  | 'unfrozen'
  | 'held'
  | 'unheld'
  | 'waived'
  | 'rolled-back'
  | 'dispatched'
  | 'ended'
  | 'registered'
  | 'retired'
  | 'erased'
  | 'changed'
  | 'key'

/** An environment's model; `*` stands for all that there are or will be. */
export interface ModelScope {
  readonly environment: string
  readonly model: string
}

/** Where a fact belongs: an environment's model, or the budget. */
export type FactScope = ModelScope | 'budget'

export interface Decided {
  readonly kind: 'decided'
  readonly pull: number
  readonly head: string
  readonly base: string
  readonly merge_commit: string
  readonly merged_by: number | null
  readonly evidence_key: string
  readonly policy_digest: string
  readonly status: 'passed' | 'failed' | 'inconclusive'
  /** Digest of the verdict document in `store.evidence`. */
  readonly verdict: string
  readonly approvals: readonly { readonly review: number; readonly by: number }[]
}
export interface Deployed {
  readonly kind: 'deployed'
  readonly version: string
  readonly digest: string
  readonly from: string | null
  readonly commit: string
  readonly pull: number | null
  /** Landed without our verdict, or with another: neither `after` nor last known good until it has passed. */
  readonly weighed: boolean
  /** A landed change to a version verified there: a rollback however it landed. */
  readonly by_hand?: true
}
export interface Unweighed {
  readonly kind: 'unweighed'
  readonly version: string | null
  readonly commit: string
  readonly pull: number | null
  readonly status: 'passed' | 'failed' | 'inconclusive'
  readonly because: string
}
export interface Looked {
  readonly kind: 'looked'
  readonly version: string
  readonly evaluation: string
  readonly artifact: string
}
export interface Verified {
  readonly kind: 'verified'
  readonly version: string
  readonly digest: string
  readonly commit: string
}
export interface Quarantined {
  readonly kind: 'quarantined'
  readonly digest: string
  readonly version: string | null
  readonly until: string | null
  readonly reason: string
}
export interface Released {
  readonly kind: 'released'
  readonly digest: string
  readonly reason: string
}
export interface Frozen {
  readonly kind: 'frozen'
  readonly until: string | null
  readonly reason: string
}
export interface Unfrozen {
  readonly kind: 'unfrozen'
  readonly reason: string
}
export interface Held {
  readonly kind: 'held'
  readonly pull: number
  readonly reason: string
}
export interface Unheld {
  readonly kind: 'unheld'
  readonly pull: number
  readonly reason: string
}
export interface Waived {
  readonly kind: 'waived'
  readonly gate: string
  readonly evidence_key: string
  readonly until: string
  readonly role: string
  readonly reason: string
}
/** Kinds of later packages: read and shown, with whatever they carry. */
export interface OtherFact {
  readonly kind: 'rolled-back' | 'erased' | 'changed' | 'key'
  readonly [field: string]: unknown
}
export type Fact =
  | Decided
  | Deployed
  | Unweighed
  | Looked
  | Verified
  | Quarantined
  | Released
  | Frozen
  | Unfrozen
  | Held
  | Unheld
  | Waived
  | TrainingFact
  | OtherFact

/** A fact to be appended. */
export interface NewFact {
  readonly scope: FactScope
  readonly fact: Fact
  /** Digest of what caused it, the same however often it is told: appending it again changes nothing. */
  readonly cause: string
  /** Account id of who caused it; 0 for the app's own doing. */
  readonly actorId: number
  readonly at: string
}

/** `state/<environment>/<model>.json`: the fold of one scope's lines; weighing reads only this. */
export interface LedgerState {
  readonly environment: string
  readonly model: string
  /** seq of the last line folded in; 0 when there is none. */
  readonly seq: number
  /** Newest last; at most 200, of which every weighed or verified one per version is kept. */
  readonly deployed: readonly {
    readonly version: string
    readonly digest: string
    readonly at: string
    readonly commit: string
    readonly weighed: boolean
    readonly verified: boolean
  }[]
  /** Landed without a passing verdict and not yet passed or left. */
  readonly unweighed: readonly {
    readonly version: string | null
    readonly commit: string
    readonly at: string
    readonly because: string
  }[]
  readonly quarantined: readonly {
    readonly digest: string
    readonly version: string | null
    readonly until: string | null
    readonly reason: string
    readonly by: number
  }[]
  readonly frozen: {
    readonly until: string | null
    readonly reason: string
    readonly by: number
    readonly at: string
  } | null
  readonly held: readonly { readonly pull: number; readonly reason: string; readonly by: number; readonly at: string }[]
  readonly waived: readonly {
    readonly gate: string
    readonly evidence_key: string
    readonly until: string
    readonly role: string
    readonly reason: string
    readonly by: number
    readonly at: string
    /** The commit that this very evidence landed with; absent: it has not. */
    readonly landed?: string | undefined
  }[]
  /** How many versions looked at which exam. */
  readonly looked: readonly { readonly evaluation: string; readonly versions: readonly string[] }[]
}

/** The state of a scope that has no line yet. */
export function emptyState(environment: string, model: string): LedgerState {
  return {
    environment,
    model,
    seq: 0,
    deployed: [],
    unweighed: [],
    quarantined: [],
    frozen: null,
    held: [],
    waived: [],
    looked: [],
  }
}
