import type { PolicyLocation } from '../../operator/grant.ts'
import type { PolicyFile } from '../../policy/policy-file.ts'
import type { Conclusion } from '../../ports/check-run.ts'
import type { AppHost, GitHost } from '../../ports/git-host.ts'
import type { Inbox, Leased } from '../../ports/inbox.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { ObjectStore } from '../../ports.ts'
import type { Configuration } from '../../registry/configuration.ts'
import type { CheckDocument } from '../../report/check-document.ts'
import type { GatherPorts } from '../evidence-ports.ts'

/** Time as the app reads it. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** Where evidence, reports and verdict documents of a repository lie; only the app writes there. */
export interface EvidencePlace {
  readonly store: ObjectStore
  /** Ends in `/`. */
  readonly prefix: string
}

/** Stores, tables and children of one weighing; nothing is opened before it is asked for. */
export interface WeighingPorts {
  openPorts(configuration: Configuration): Promise<GatherPorts>
  close(): Promise<void>
}

/** What the operator grants, as jobs use it. */
export interface Grounds {
  /** @param models  repository that `file:` URIs of records start in */
  weighing(repository: HostedRepository, models: HostedRepository): WeighingPorts
  isGranted(repository: HostedRepository): boolean
  /** @throws {Unavailable} when nothing is granted to the repository */
  evidence(repository: HostedRepository): EvidencePlace
  mayReadModels(repository: HostedRepository, name: string): boolean
  /** Where the operator keeps the policy that it lays over the repository's own; null: nowhere. */
  policyFor(repository: HostedRepository): PolicyLocation | null
  /** Whether the operator keeps such policies in this repository. */
  holdsPolicies(repository: HostedRepository): boolean
}

/** What all jobs share. */
export interface JobContext {
  readonly appHost: AppHost
  readonly inbox: Inbox
  readonly clock: Clock
  readonly grounds: Grounds
  readonly shipped: ReadonlyMap<string, PolicyFile>
  /** Account ids of the app's own bots. */
  readonly bots: () => Promise<readonly number[]>
  /** Name and version, as verdicts show it. */
  readonly engine: string
  /** Where people reach the app; null: reports are stored and nobody links to them. */
  readonly pagesUrl: string | null
  /** Repositories on GitHub's own site: `https://github.com`. */
  readonly webUrl: string
  /** How long a list of GitHub's may lag behind what was written, ms. */
  readonly lagMs: number
  /** @throws {Unavailable} when the operator grants the repository no place for its mirror */
  openLedger(host: GitHost, repository: HostedRepository): Ledger
  /** One at a time for a name. */
  exclusive<Value>(name: string, run: () => Promise<Value>): Promise<Value>
  /** Acts later unless called off: the one timer that measures our own work. */
  after(ms: number, act: () => void): () => void
  /** Told of every verdict on a pull request, once its checks stand. */
  readonly onWeighed?: ((weighed: WeighedNow) => void) | undefined
  readonly log: JobLog
  readonly figures: JobFigures
}

/** A verdict as it was published. */
export interface WeighedNow {
  readonly repository: HostedRepository
  readonly pull: number
  readonly document: CheckDocument
}

/** What jobs count. */
export interface JobFigures {
  concluded(conclusion: Conclusion): void
  /** Seconds between a merge and the ledger's line for it. */
  ledgerLag(seconds: number): void
}

/** Facts about our own work; never a payload, a name of a person, or anything that a repository says. */
export interface JobLog {
  info(about: Readonly<Record<string, unknown>>, text: string): void
  warn(about: Readonly<Record<string, unknown>>, text: string): void
}

/** A job on one repository. */
export interface RepositoryJob extends JobContext {
  readonly host: GitHost
  readonly repository: HostedRepository
  readonly leased: Leased
}

/** How a job ended. */
export type JobOutcome =
  | { readonly is: 'done' }
  /** Not yet: something that GitHub works out by itself is not there. Counts as no failure. */
  | { readonly is: 'later'; readonly at: string }

export const DONE: JobOutcome = { is: 'done' }

/** The job's moment, ISO 8601. */
export function momentOf({ clock }: Pick<JobContext, 'clock'>, laterMs = 0): string {
  return new Date(clock.now() + laterMs).toISOString()
}
