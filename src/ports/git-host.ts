import type { Repository } from '../ports.ts'
import type { CheckWrite, FoundCheck, FoundRollUp } from './check-run.ts'
import type { Conversation, ProposalAnswer, ProposedPull } from './conversation.ts'
import type { Account, HostedRepository, PullFacts, PullNow, RepositoryNow } from './pull-now.ts'
import type { Workflows } from './workflow-run.ts'

/** A repository read through GitHub's API by SHA. Reads of one turn of the event loop go out as one query. */
export interface RemoteRepository extends Repository {
  /** What the answer could not hold in one query, for the check: `3 more queries: 140 files`. */
  readonly notes: readonly string[]
  /**
   * Lines of head that GitHub's diff shows, by path, once the two were compared; none for a path where it shows no diff.
   */
  shownLines(
    base: string,
    head: string,
  ): ReadonlyMap<string, readonly { readonly start: number; readonly end: number }[]>
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** What GitHub answered to a merge; which of the reasons it was is read again, never taken from its message. */
export type MergeAnswer =
  | { readonly is: 'merged'; readonly sha: string }
  /** A merge queue took it; nothing has landed yet. */
  | { readonly is: 'queued' }
  /** 405, 409 or 422: read the pull request again to learn why. */
  | { readonly is: 'refused'; readonly status: number; readonly message: string }

/** One open pull request into a branch, as far as re-opening its verdict needs. */
export interface OpenPull {
  readonly number: number
  readonly headSha: string
  /** null where the head lies in another repository. */
  readonly headRef: string | null
  readonly isDraft: boolean
  readonly rollUp: FoundCheck | null
}

/** A commit that landed on a branch. */
export interface LandedCommit {
  readonly sha: string
  readonly parents: readonly string[]
  /** When its pull request was merged; of a push the commit's own date, which whoever made it chose. ISO 8601. */
  readonly landedAt: string
  /** Pull requests that it came from. */
  readonly pulls: readonly {
    readonly number: number
    readonly headSha: string
    readonly baseRef: string
    readonly mergeCommit: string | null
    readonly mergedBy: Account | null
    readonly author: Account | null
  }[]
}

export interface RoleQuestion {
  readonly organisation: string
  /** Team slugs. */
  readonly teams: readonly string[]
  readonly accounts: readonly Account[]
  /** Whether permissions of the accounts are asked for too. */
  readonly permissions: boolean
}

export interface RoleAnswer {
  /** Members by id among the accounts asked for; child teams count; null for a team that is not there or not readable. */
  readonly teams: ReadonlyMap<string, ReadonlySet<number> | null>
  /** GitHub's base permission by account id; null when not readable. */
  readonly permissions: ReadonlyMap<number, 'admin' | 'write' | 'read' | 'none' | null>
}

export interface CommitFile {
  readonly path: string
  /** null removes it. */
  readonly content: string | null
}

/** Whether a commit was made on top of what was expected. */
export type CommitAnswer =
  | { readonly is: 'committed'; readonly sha: string }
  | { readonly is: 'moved'; readonly because: string }

/** A queued entry of a merge queue, in order. */
export interface QueueEntry {
  readonly pull: number
  readonly pullHead: string
  /** Commit of the group that ends with this entry. */
  readonly headSha: string | null
}

/** A merge group, as its event names it. */
export interface GroupAsk {
  readonly baseRef: string
  readonly headSha: string
}

/** What is so now about a merge group. */
export interface GroupNow extends RepositoryNow {
  /** The branch's whole queue, in order; empty where there is none. */
  readonly queue: readonly QueueEntry[]
  /** Our latest check runs on the head of the group, by name. */
  readonly checks: readonly FoundCheck[]
  /** Pull requests at the front of the queue, as many as one query holds. */
  readonly pulls: readonly PullFacts[]
}

/** A delivery as the app's own list shows it. */
export interface DeliveryRecord {
  /** Outgrows a double. */
  readonly id: number | bigint
  readonly guid: string
  readonly deliveredAt: string
  readonly isRedelivery: boolean
  readonly statusCode: number
  readonly event: string
}

/**
 * A place that hosts Git repositories and pull requests, in our words. One object is one identity (weigher or mover) in
 * one installation.
 *
 * Every method either answers wholly or throws `HostFailure`; a part that could not be read is never an absence.
 */
export interface GitHost {
  /** Read 1. */
  pull(repository: HostedRepository, number: number): Promise<PullNow>
  /** Several pull requests, each as read 1 has it, in order; some six a query. What stands on their heads is not read. */
  pulls(repository: HostedRepository, numbers: readonly number[]): Promise<readonly PullFacts[]>
  /** Read 1 of a merge group: what governs, the queue, our checks on its head, and pull requests at the front of the queue. */
  group(repository: HostedRepository, ask: GroupAsk): Promise<GroupNow>
  /** What governs it now, in one query. */
  now(repository: HostedRepository): Promise<RepositoryNow>
  /** Reads 2 to 4 happen behind this, cached by SHA. */
  open(repository: HostedRepository): RemoteRepository
  /** Read 5. */
  roles(repository: HostedRepository, question: RoleQuestion): Promise<RoleAnswer>
  /** Accounts that pushed to a branch since it was made; throws when that cannot be read. */
  pushers(repository: HostedRepository, ref: string): Promise<readonly Account[]>

  publish(check: CheckWrite, repository: HostedRepository): Promise<{ readonly id: number }>
  /** Our latest check runs on a commit, by name. */
  checksOn(repository: HostedRepository, sha: string): Promise<readonly FoundCheck[]>
  /** Every roll-up of ours on a commit, oldest first: what stood there at any moment. */
  rollUpsOn(repository: HostedRepository, sha: string): Promise<readonly FoundRollUp[]>
  merge(
    repository: HostedRepository,
    number: number,
    how: { readonly sha: string; readonly method: MergeMethod },
  ): Promise<MergeAnswer>
  enqueue(repository: HostedRepository, pull: PullNow): Promise<MergeAnswer>
  queue(repository: HostedRepository, ref: string): Promise<readonly QueueEntry[]>
  openPulls(repository: HostedRepository, baseRef: string): Promise<readonly OpenPull[]>
  pullsWithHead(
    repository: HostedRepository,
    sha: string,
  ): Promise<readonly { readonly number: number; readonly baseRef: string }[]>
  tip(repository: HostedRepository, ref: string): Promise<string | null>
  /** Tip of the default branch, in one query; `open` then reads this folder of it out of memory. */
  defaultTip(repository: HostedRepository, folder: string): Promise<string>
  /** First-parent commits in (before, after], oldest first; throws when `before` is no ancestor. */
  landed(repository: HostedRepository, before: string, after: string): Promise<readonly LandedCommit[]>
  /** Whether a branch asks for a check of ours before anything lands; null when it cannot be told. */
  requiresCheck(repository: HostedRepository, ref: string, check: string): Promise<boolean | null>
  /** Whether the app may bypass rules on a branch; null when it cannot be told. */
  mayBypass(repository: HostedRepository, ref: string): Promise<boolean | null>

  /** Keeps one comment of ours with this marker: created, edited, or left as it is. */
  comment(repository: HostedRepository, issue: number, marker: string, body: string): Promise<void>
  /** Keeps one open issue of ours with this marker. */
  issue(
    repository: HostedRepository,
    marker: string,
    issue: { readonly title: string; readonly body: string; readonly labels: readonly string[] },
  ): Promise<{ readonly number: number }>
  /** A deployment with its first status, once per (environment, sha, task). */
  deployment(
    repository: HostedRepository,
    of: {
      readonly environment: string
      readonly sha: string
      readonly model: string
      readonly version: string
      readonly description: string
    },
  ): Promise<void>

  /** `createCommitOnBranch` with `expectedHeadOid`; makes the branch from the given commit when `expected` is null. */
  commit(
    repository: HostedRepository,
    on: {
      readonly branch: string
      readonly expected: string | null
      readonly headline: string
      readonly files: readonly CommitFile[]
    },
  ): Promise<CommitAnswer>
  /** Makes a ref that must not exist yet, pointing at a commit that holds one file. */
  createLock(
    repository: HostedRepository,
    ref: string,
    content: string,
  ): Promise<
    | { readonly is: 'made'; readonly sha: string }
    | { readonly is: 'taken'; readonly sha: string; readonly content: string | null }
  >
  /** Moves or deletes a ref only from the commit that it was seen at. */
  replaceLock(repository: HostedRepository, ref: string, seen: string, content: string | null): Promise<boolean>

  /** Talking under issues and pull requests. */
  conversation(repository: HostedRepository): Conversation
  workflows(repository: HostedRepository): Workflows
  /** Keeps one open pull request of ours on a branch of ours. */
  propose(repository: HostedRepository, pull: ProposedPull): Promise<ProposalAnswer>

  /** Repositories of this installation. */
  repositories(): Promise<readonly HostedRepository[]>
}

/** Deliveries and installations of the app itself, by its own token. */
export interface AppHost {
  installations(): Promise<readonly { readonly id: number; readonly isSuspended: boolean }[]>
  /** Newest first, until `since` or the end. */
  deliveries(since: string): Promise<readonly DeliveryRecord[]>
  redeliver(id: DeliveryRecord['id']): Promise<void>
  /** Id and login of the app's own bot account, and the app's id. */
  identity(): Promise<{ readonly appId: number; readonly bot: Account }>
  /** The identity that weighs, in an installation. */
  weigher(installation: number): GitHost
  /** The identity that rolls back; null where none is configured. */
  mover(installation: number): GitHost | null
}
