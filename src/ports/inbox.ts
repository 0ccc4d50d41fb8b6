import type { Account, HostedRepository } from './pull-now.ts'

/** Rollbacks before people before sweeps; a lane's turn never waits for a lower one. */
export type Lane = 'rollback' | 'interactive' | 'sweep'

/** What a piece of work is about; it reads what is so now, so that doing it twice changes nothing. */
export type Subject =
  /** Weigh a pull request and make its checks agree; merge it where that is automatic. */
  | { readonly kind: 'pull'; readonly number: number }
  /** A governed branch moved: what landed, and which open verdicts that concerns. `before` and `after` of the oldest and newest push. */
  | { readonly kind: 'base'; readonly ref: string; readonly before: string; readonly after: string }
  /** A merge group asks for checks. */
  | { readonly kind: 'group'; readonly baseRef: string; readonly baseSha: string; readonly headSha: string }
  /** Open pull requests with this head commit, whose numbers the payload did not name (forks, buttons, re-requests). */
  | { readonly kind: 'head'; readonly sha: string }
  /** Everything open in a repository. */
  | { readonly kind: 'repository' }
  /** All repositories of an installation, or its end. */
  | { readonly kind: 'installation'; readonly id: number; readonly is: 'here' | 'gone' }
  /** A comment that asks for something, as the signed payload had it; whoever answers reads it again. */
  | {
      readonly kind: 'comment'
      readonly issue: number
      readonly comment: { readonly id: number; readonly nodeId: string }
      readonly body: string
      readonly by: Account
      /** An edit brought the command: it is told about, and never done. */
      readonly edited: boolean
    }
  /** Follow a training or a search until it has ended. */
  | { readonly kind: 'training'; readonly correlation: string }
  /** An issue or pull request was closed: what was started there is cancelled. */
  | { readonly kind: 'thread-closed'; readonly number: number }
  /** Deliveries that failed, from the app's own list. */
  | { readonly kind: 'deliveries' }

export interface Work {
  /** `<repository id>/<subject>`: `42/#7`, `42/base:main`, `42/group:<sha>`, `42/comment:7001`, `installation:9`, `app/deliveries`. */
  readonly key: string
  readonly lane: Lane
  /** null for work of the app itself. */
  readonly repository: HostedRepository | null
  readonly subject: Subject
  /** Somebody asked for it: checks are written even when nothing changed. */
  readonly force: boolean
  /** The commit that the event spoke of; a result for another head is thrown away when the mark says that head moved. */
  readonly head: string | null
  /** What people asked for since; absent is none. Work of one key keeps those of all its events. */
  readonly asks?: readonly Ask[]
}

/** Somebody asks for something: authorised by the account's id, whatever the surface. */
export interface Ask {
  readonly kind: 'weigh-again' | 'how-to-waive'
  readonly by: Account
  /** Whose button was pressed: refused when it shows something else by now. null: GitHub's own re-run of checks. */
  readonly check: { readonly id: number; readonly name: string; readonly externalId: string | null } | null
}

export interface Delivery {
  readonly guid: string
  readonly event: string
  readonly action: string | null
  readonly receivedAt: string
}

export type DeliveryState = 'pending' | 'running' | 'done' | 'dead'

/** Work that a worker holds. */
export interface Leased {
  readonly work: Work
  /** First try is 1. */
  readonly attempt: number
  /** When the oldest event came that this answers. */
  readonly queuedAt: string
  /** Whether an event of the same subject came since the lease; then it is queued once more when it ends. */
  isDirty(): boolean
  /** Heads that events of this subject named since the lease. */
  headsSince(): readonly string[]
}

/** Which work may be leased, given what runs. */
export interface LeaseLimits {
  /**
   * Pieces of one repository at once; those of lower lanes do not count against a higher one. Comments, trainings and
   * everything else are counted apart, so that none waits behind the others.
   */
  readonly perRepository: number
  /** Lanes below this one wait; null: all of them. */
  readonly lowest: Lane | null
  /** Comments may start whatever the lane; default: they wait as everything of theirs does. */
  readonly comments?: boolean
}

/**
 * The app's memory of what it must still do: one SQLite file, every method durable when it returns.
 * Nothing in it is needed to judge; losing it costs a sweep.
 */
export interface Inbox {
  /**
   * Takes a delivery and its work in one transaction. Waiting work of one key coalesces, running work is marked dirty.
   * A GUID that is pending, running or done is dropped; one that died is queued again. `cancels` are keys whose waiting
   * work ends. Resolves when it is on the disk; those of one turn of the event loop share one commit.
   */
  receive(delivery: Delivery, works: readonly Work[], cancels?: readonly string[]): Promise<'queued' | 'dropped'>
  /** Work without a delivery: sweeps, wake-ups, follow-ups. */
  enqueue(work: Work, notBefore?: string | null): void
  /** Called whenever work became ready or may have; one listener, the executor. */
  onWork(listener: () => void): void
  /** The next piece by lane, then repositories in turn; `base:` work of a repository holds back its merges only. */
  lease(now: string, limits?: LeaseLimits): Leased | null
  done(leased: Leased): void
  /** Tried again later; after 8 tries it is dead. While it is held no event makes it start earlier: the host asked so. */
  failed(leased: Leased, because: string, notBefore: string, isHeld?: boolean): 'waiting' | 'dead'
  /** Ends a lease as though it had never been taken: the process is stopping. */
  giveBack(leased: Leased): void
  /** The earliest moment, after the given one if any, at which waiting work may start; null when none does. */
  nextStart(after?: string): string | null
  /** Ends waiting work of an installation that is gone. */
  closeInstallation(installation: number): number

  /** Written before a creating call whose answer may be lost; given back after a crash. */
  intend(key: string, digest: string, at: string): void
  intention(key: string): { readonly digest: string; readonly at: string } | null
  forget(key: string): void

  /** A moment at which time alone changes a verdict. A later call for the same key replaces it. */
  wakeAt(key: string, at: string, work: Work): void
  /** Puts due wake-ups into the queue; how many. */
  wake(now: string): number
  /** The next wake-up; null when there is none. */
  nextWake(): string | null

  /** Head commits whose merge was refused and waits for somebody else's check. */
  waitToMerge(work: Work, head: string): void
  /** Work waiting for a commit, at most once in 30 s each; what came too early is woken when these are over. */
  wakeMerge(head: string, now: string): readonly Work[]
  waitingMerges(): readonly Work[]
  noLongerWaits(key: string): void

  /** Small facts that only save calls: governed branches of a repository, last sweep, last ledger tip seen. */
  mark(name: string): string | null
  setMark(name: string, value: string): void

  /** For /metrics. */
  counts(): {
    readonly deliveries: Readonly<Record<DeliveryState, number>>
    readonly jobs: { readonly waiting: number; readonly running: number; readonly dead: number }
    readonly oldestWaiting: string | null
    /** Since when the piece runs that runs longest; one that hangs shows here, and a restart frees it. */
    readonly oldestRunning: string | null
  }
  /** Forgets what ended more than 7 days ago; how many rows. */
  prune(now: string): number
  close(): void
}
