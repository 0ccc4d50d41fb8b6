/** An issue; each pull request has one too, with its title, text, author and state. Key `<repository>#<number>`. */
export interface WorldIssue {
  readonly id: number
  readonly repository: number
  readonly number: number
  readonly title: string
  readonly body: string | null
  readonly author: number
  readonly state: 'open' | 'closed'
  readonly stateReason: 'completed' | 'not_planned' | 'reopened' | null
  readonly labels: readonly string[]
  readonly assignees: readonly number[]
  readonly isLocked: boolean
  readonly isPull: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly closedAt: number | null
  readonly closedBy: number | null
  readonly lastEditedAt: number | null
}

/** What a pull request has beyond its issue. Key `<repository>#<number>`. */
export interface WorldPull {
  readonly id: number
  readonly repository: number
  readonly number: number
  readonly isDraft: boolean
  readonly base: { readonly ref: string; readonly sha: string }
  /** `repository` is null when the fork is gone. The base repository keeps the commit in `refs/pull/<number>/head`. */
  readonly head: {
    readonly repository: number | null
    readonly owner: number
    readonly ref: string
    readonly sha: string
  }
  readonly mergedAt: number | null
  readonly mergedBy: number | null
  /** The commit that landed; before the merge, the test merge, null while unknown or conflicting. */
  readonly mergeCommit: string | null
  /** What GitHub last found out about merging; it may be about commits that have moved since. */
  readonly mergeability: {
    readonly base: string
    readonly head: string
    readonly canMerge: boolean
  } | null
  /** When somebody asked and found nothing fresh: the answer comes `mergeableAfterMs` later. */
  readonly mergeabilityAskedAt: number | null
  readonly requestedReviewers: readonly number[]
  readonly maintainerCanModify: boolean
}

export interface WorldReview {
  readonly id: number
  readonly repository: number
  readonly number: number
  readonly author: number
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  readonly body: string
  /** The head when it was submitted. */
  readonly commit: string
  readonly submittedAt: number
  readonly updatedAt: number
  readonly lastEditedAt: number | null
  readonly dismissalMessage: string | null
}

export interface WorldComment {
  readonly id: number
  readonly repository: number
  readonly number: number
  readonly author: number
  /** The app that wrote it, if one did. */
  readonly app: number | null
  readonly body: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastEditedAt: number | null
  /** Why it is folded away. */
  readonly minimised: 'ABUSE' | 'DUPLICATE' | 'OFF_TOPIC' | 'OUTDATED' | 'RESOLVED' | 'SPAM' | null
}

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const
export type ReactionContent = (typeof REACTIONS)[number]

export interface WorldReaction {
  readonly id: number
  readonly on: 'issue' | 'comment'
  /** Id of the issue or comment. */
  readonly subject: number
  readonly user: number
  readonly content: ReactionContent
  readonly createdAt: number
}

export interface QueueEntry {
  readonly id: number
  readonly repository: number
  readonly baseRef: string
  readonly pull: number
  /** The pull request's head when it was enqueued. */
  readonly pullHead: string
  readonly enqueuedBy: number
  readonly enqueuedAt: number
  readonly state: 'QUEUED' | 'AWAITING_CHECKS' | 'MERGEABLE' | 'UNMERGEABLE'
  /** What is tested: the group's commit that ends with this entry, in `gh-readonly-queue/...`. */
  readonly group: { readonly ref: string; readonly baseSha: string; readonly headSha: string } | null
}
