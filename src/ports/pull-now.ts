import type { FoundCheck, PublishedKey } from './check-run.ts'

/** A repository as GitHub knows it; the id stays when it is renamed or transferred. */
export interface HostedRepository {
  readonly id: number
  readonly owner: string
  readonly name: string
  /** The installation of the app through which it is reached. */
  readonly installation: number
}

/** A person or a bot, told apart by id; the login is for showing. */
export interface Account {
  readonly id: number
  readonly login: string
  readonly isBot: boolean
}

/** The latest opinion of somebody with write permission. */
export interface Review {
  readonly id: number
  readonly author: Account | null
  readonly state: 'approved' | 'changes-requested'
  readonly submittedAt: string
  readonly commit: string
  /** Our roll-ups on that commit, oldest first. */
  readonly published: readonly PublishedKey[]
}

/** Everything about a pull request that is so now; read 1 of a weighing. */
export interface PullFacts {
  readonly number: number
  readonly nodeId: string
  readonly state: 'open' | 'closed' | 'merged'
  readonly isDraft: boolean
  readonly title: string
  /** null for a deleted account. */
  readonly author: Account | null
  /** The base branch and its tip now. */
  readonly base: { readonly ref: string; readonly sha: string }
  readonly head: { readonly ref: string; readonly sha: string }
  /** The head lies in another repository, or in one that is gone. */
  readonly isFork: boolean
  readonly defaultBranch: string
  /** GitHub computes it asynchronously: unknown is not yes. */
  readonly mergeability: 'mergeable' | 'conflicting' | 'unknown'
  readonly isInMergeQueue: boolean
  readonly baseHasMergeQueue: boolean
  /** Latest opinions of writers. */
  readonly reviews: readonly Review[]
  /** Approvals by people without write permission, shown as ignored. */
  readonly ignoredReviews: readonly { readonly author: Account | null; readonly because: string }[]
  /** Authors, committers and co-authors that GitHub resolves to an account. Commits can be forged: they only exclude. */
  readonly commitAccounts: readonly Account[]
  /** Whether branch protection or a ruleset requires our roll-up; null when it cannot be told. */
  readonly isRequired: boolean | null
  /** Other open pull requests with the same head commit. */
  readonly twins: readonly { readonly number: number; readonly baseRef: string }[]
  /** Text of the configuration at the tip of the default branch; null when absent. */
  readonly configuration: string | null
  /** Tip of the ledger's branch; null when there is none. */
  readonly ledgerTip: string | null
}

/** A pull request with our checks, as writing them needs it. */
export interface PullNow extends PullFacts {
  /** Ours on the head commit, latest per name. */
  readonly checks: readonly FoundCheck[]
}

/** What governs a repository now, apart from any pull request. */
export interface RepositoryNow {
  readonly defaultBranch: string
  /** Text of the configuration at the tip of the default branch; null when absent. */
  readonly configuration: string | null
  /** Tip of the ledger's branch; null when there is none. */
  readonly ledgerTip: string | null
}
