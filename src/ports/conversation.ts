import type { FoundCheck } from './check-run.ts'
import type { Account } from './pull-now.ts'

/** The comment that holds a command, and what is so now where it stands; one read. */
export interface CommentNow {
  /** null when it was deleted, or went to another thread. */
  readonly comment: {
    readonly id: number
    readonly nodeId: string
    readonly body: string
    readonly author: Account | null
    /** Anything but null: edited since; a command in it is not believed. */
    readonly lastEditedAt: string | null
    readonly createdAt: string
    readonly url: string
  } | null
  readonly thread: ThreadNow
  /** Tip of the default branch. */
  readonly defaultBranch: string
  readonly tip: string
  /** Text of the configuration at the tip of the default branch; null when absent. */
  readonly configuration: string | null
  readonly ledgerTip: string | null
  /** Answers of ours in this thread that are not folded away, oldest first, of its newest 100 comments. */
  readonly answers: readonly { readonly id: number; readonly nodeId: string; readonly body: string }[]
}

/** The issue or pull request that a comment stands under. */
export interface ThreadNow {
  readonly number: number
  readonly kind: 'issue' | 'pull'
  readonly isOpen: boolean
  readonly author: Account | null
  readonly title: string
  /** Of a pull request. */
  readonly pull: {
    readonly headSha: string
    readonly headRef: string
    readonly baseRef: string
    readonly isFork: boolean
    readonly isMerged: boolean
    /** Ours on its head, latest per name; null where one query cannot tell: ask for them. */
    readonly checks: readonly FoundCheck[] | null
  } | null
}

export type Reaction = 'eyes' | '+1' | '-1' | 'confused' | 'rocket'

/** Talking under issues and pull requests. */
export interface Conversation {
  commentNow(of: { readonly nodeId: string; readonly issue: number }): Promise<CommentNow>
  /** The same reaction of ours is there once; a comment that was deleted gets none. */
  react(comment: number, content: Reaction): Promise<void>
  /**
   * Writes our answer: a new comment, or an edit of the one with this id where its text differs. One that somebody
   * deleted stays deleted. A text that is too long for GitHub ends at the end of a line, and says so.
   *
   * @param marker  first line of the text, hidden; looked for when an answer of GitHub got lost
   * @param mayBeThere  of one without an id: it is looked for before it is made
   */
  answer(of: {
    readonly issue: number
    readonly id: number | null
    readonly mayBeThere?: boolean
    readonly marker: string
    readonly body: string
  }): Promise<{ readonly id: number }>
  /** Folds a comment of ours away as outdated; anybody else's is refused. */
  minimise(nodeId: string): Promise<void>
}

/** A pull request of ours: its branch holds exactly these changes on top of the base. */
export interface ProposedPull {
  /** Below `weighbridge/`. */
  readonly branch: string
  readonly base: { readonly ref: string; readonly sha: string }
  readonly headline: string
  /** Who had it made: named in the commit, which binds them to it as if they had written it. */
  readonly coAuthors?: readonly { readonly login: string; readonly email: string }[]
  /** null removes a path. */
  readonly files: readonly { readonly path: string; readonly content: string | null }[]
  readonly title: string
  readonly body: string
}

export type ProposalAnswer =
  | {
      readonly is: 'opened' | 'updated' | 'unchanged'
      readonly number: number
      readonly headSha: string
      readonly url: string
    }
  /**
   * People's word stands: somebody else pushed to the branch, its pull request was closed, merged, aimed elsewhere or is
   * somebody else's; or the base holds the changes already.
   */
  | { readonly is: 'left-alone'; readonly number: number | null; readonly because: string }
