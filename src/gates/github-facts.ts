import type { LedgerState } from '../ledger/fact.ts'

/** Somebody's latest opinion, with which evidence stood in our check on that commit when he gave it. */
export interface ReviewFact {
  readonly id: number
  readonly by: { readonly id: number; readonly login: string; readonly isBot: boolean }
  readonly state: 'approved' | 'changes-requested'
  readonly submittedAt: string
  readonly commit: string
  /** null: no check of ours was there yet, or it showed no key. */
  readonly evidenceKeyThen: string | null
}

/** An account whose approval counts for nothing where the author's does not. */
export interface ExcludedAccount {
  readonly id: number
  readonly login: string
  readonly because: string
  /** How it is bound to the change; absent: as if it had pushed, which binds the most. */
  readonly is?: 'author' | 'pusher' | 'commit' | 'requester' | 'bot'
}

/** Everything about people that judging approvals needs, looked up now. */
export interface PeopleFacts {
  readonly reviews: readonly ReviewFact[]
  /** Accounts that never count here, each with the reason: author, pusher, committer, who asked for it, bots. */
  readonly excluded: readonly ExcludedAccount[]
  readonly author: { readonly id: number; readonly login: string; readonly isBot: boolean } | null
  /** Reviews that count for nothing, with the reason: no write permission, a deleted account. */
  readonly ignored: readonly { readonly login: string; readonly because: string }[]
  /** Members by account id; null for a team that is not there or could not be read. */
  readonly teams: ReadonlyMap<string, ReadonlySet<number> | null>
  readonly permissions: ReadonlyMap<number, 'admin' | 'write' | 'read' | 'none' | null>
  /** Who trained the candidate, where that is known; such a person fills no other role that must be distinct. */
  readonly trainers?: readonly { readonly id: number; readonly login: string }[]
  /** What could not be read at all: no approval counts, and it says why. */
  readonly unreadable: string | null
}

/** The ledger's state of one environment and model; `because` where it cannot be believed. */
export type LedgerFacts =
  | { readonly is: 'sound'; readonly state: LedgerState }
  | { readonly is: 'broken' | 'unreadable'; readonly because: string }

/** What only GitHub knows of a promotion; absent in a checkout. */
export interface GitHubFacts {
  /** Digest of everything that an approval covers. */
  readonly evidenceKey: string
  readonly pull: number
  readonly people: PeopleFacts
  readonly ledger: LedgerFacts
  /** `owner` by model, of model.yml on the governed branch. */
  readonly owners?: ReadonlyMap<string, string>
}

/** People before anybody was looked up: nobody has approved, nothing is unreadable. */
export const NOBODY: PeopleFacts = {
  reviews: [],
  excluded: [],
  author: null,
  ignored: [],
  teams: new Map(),
  permissions: new Map(),
  unreadable: null,
}

export type { LedgerState }
