import type { WorldClock } from '../clock.ts'
import type {
  ActionsEngine,
  WorkflowJob,
  WorkflowRun,
  WorldArtifact,
  WorldRunner,
  WorldWorkflow,
} from './state/actions.ts'
import type { CheckRun, CheckSuite, CommitStatus, DeploymentStatus, WorldDeployment } from './state/checks.ts'
import type { Courier, Delivery, WebhookEvent } from './state/deliveries.ts'
import type {
  CustomRole,
  ManifestCode,
  OrganisationMember,
  WorldAccount,
  WorldApp,
  WorldInstallation,
  WorldTeam,
  WorldToken,
} from './state/people.ts'
import type { QueueEntry, WorldComment, WorldIssue, WorldPull, WorldReaction, WorldReview } from './state/pulls.ts'
import type { RefActivity, WorldRepository } from './state/repositories.ts'
import type { GitStorage } from './storage/git-storage.ts'

/**
 * Everything that GitHub remembers and Git does not.
 *
 * Records are never changed, only replaced (`pulls.set(key, { ...pull, isDraft: false })`), so a copy of the tables is a
 * copy of the world. Keys are ids, or `<repository>#<number>` for issues and pull requests.
 */
export interface GitHubState {
  /** Shared by all tables: an id never means two things. */
  nextId: number
  readonly settings: GitHubSettings
  /** Signs commits made through the site and the API, as GitHub does. */
  readonly signingKey: string
  readonly accounts: Map<number, WorldAccount>
  readonly members: Map<string, OrganisationMember>
  readonly teams: Map<number, WorldTeam>
  readonly customRoles: Map<number, CustomRole>
  readonly apps: Map<number, WorldApp>
  readonly manifestCodes: Map<string, ManifestCode>
  readonly installations: Map<number, WorldInstallation>
  readonly tokens: Map<string, WorldToken>
  readonly repositories: Map<number, WorldRepository>
  /** `owner/name` in small letters, of before a rename or transfer -> id. */
  readonly formerNames: Map<string, number>
  readonly activity: RefActivity[]
  readonly issues: Map<string, WorldIssue>
  readonly pulls: Map<string, WorldPull>
  readonly reviews: Map<number, WorldReview>
  readonly comments: Map<number, WorldComment>
  readonly reactions: Map<number, WorldReaction>
  readonly queue: Map<number, QueueEntry>
  readonly suites: Map<number, CheckSuite>
  readonly runs: Map<number, CheckRun>
  readonly statuses: Map<number, CommitStatus>
  readonly deployments: Map<number, WorldDeployment>
  readonly deploymentStatuses: Map<number, DeploymentStatus>
  readonly deliveries: Map<number, Delivery>
  readonly workflows: Map<number, WorldWorkflow>
  readonly workflowRuns: Map<number, WorkflowRun>
  readonly jobs: Map<number, WorkflowJob>
  readonly artifacts: Map<number, WorldArtifact>
  readonly runners: Map<number, WorldRunner>
  /** By repository. */
  readonly secrets: Map<number, Readonly<Record<string, string>>>
  readonly variables: Map<number, Readonly<Record<string, string>>>
}

/** How this GitHub behaves where the real one varies. */
export interface GitHubSettings {
  /** From asking whether a pull request can be merged to knowing it; the first answer is null even at 0. */
  mergeableAfterMs: number
  /** Enterprise Server signs what is committed through the site and the API only when its owner has set that up. */
  signsWebCommits: boolean
  /** `return_run_details` of a dispatch is answered; an older edition answers 204 whatever is asked. */
  givesRunDetails: boolean
  /** The path of a run ends in `@refs/heads/main`. */
  runPathsNameRef: boolean
  /** Where the API and the pages are, without a slash at the end. */
  apiUrl: string
  htmlUrl: string
}

/** The running emulation. */
export interface GitHub {
  readonly state: GitHubState
  readonly clock: WorldClock
  readonly storage: GitStorage
  readonly actions: ActionsEngine
  /** One act at a time in a repository; acts take it themselves. */
  turn<T>(repository: number, act: () => Promise<T>): Promise<T>
  /** Tells the apps that may know. Deliveries go out in order, one after the other. */
  emit(event: WebhookEvent): void
  /** One attempt to deliver, which is then in the list of deliveries. */
  send(delivery: Delivery): void
  /** When every delivery that is waiting has been tried. */
  settled(): Promise<void>
  /** A copy that goes its own way: tables copied, Git objects shared. */
  fork(options: {
    readonly folder: string
    readonly clock: WorldClock
    readonly courier: Courier
    /** It stays as it is: its jobs do not go on. */
    readonly isStill?: boolean
  }): Promise<GitHub>
  close(): Promise<void>
}

/** What GitHub would answer instead of doing it. */
export class Refusal extends Error {
  readonly status: number
  readonly errors: readonly Readonly<Record<string, unknown>>[]
  /** GraphQL's error type: `NOT_FOUND`, `FORBIDDEN`, `UNPROCESSABLE`, `STALE_DATA`. */
  readonly type: string
  constructor(
    status: number,
    message: string,
    more: { readonly errors?: readonly Readonly<Record<string, unknown>>[]; readonly type?: string } = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.errors = more.errors ?? []
    this.type = more.type ?? TYPES[status] ?? 'UNPROCESSABLE'
  }
}

const TYPES: Readonly<Record<number, string>> = { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 404: 'NOT_FOUND' }

export type { WorldClock } from '../clock.ts'
export type * from './state/actions.ts'
export type * from './state/checks.ts'
export type * from './state/deliveries.ts'
export type * from './state/people.ts'
export type * from './state/pulls.ts'
export type * from './state/repositories.ts'
