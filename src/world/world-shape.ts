import type { ActionsHandle } from './actions-handle.ts'
import type { VirtualClock, WorldClock } from './clock.ts'
import type { ApiCall } from './github/api/api-session.ts'
import type { Courier, GitHub, GitHubState } from './github/github-state.ts'
import type { Ground } from './ground.ts'
import type { NewRepository } from './new-repository.ts'
import type { RepositoryHandle } from './repository-handle.ts'
import type { OpenedStore, StoreSnapshot } from './store/open-store.ts'
import type { AppCredentials, AppManifest } from './world-app.ts'
import type { Person } from './world-context.ts'

export interface WorldOptions {
  /** The app under test; without one nobody is told of anything. */
  readonly app?: AppManifest
  /** Default: virtual, from a fixed morning on. A world that real processes talk to needs the real one. */
  readonly clock?: WorldClock | VirtualClock
  /** Carries webhooks; default: over HTTP to where the app says it is. */
  readonly courier?: Courier
  /** How long GitHub takes to know whether a pull request can be merged. */
  readonly mergeableAfterMs?: number
}

/** A world as it was, from which any number of others can be opened. */
export interface WorldSnapshot {
  readonly github: GitHub
  readonly ground: Ground
  readonly store: StoreSnapshot
  readonly now: number
  readonly people: ReadonlyMap<string, Person>
  readonly app: number | null
  close(): Promise<void>
}

/** Where a world is found by programs of other processes. */
export interface WorldAddresses {
  readonly githubUrl: string
  readonly storeUrl: string
}

/** GitHub, an S3 store, people and time in a box. It knows nothing of the app: that comes in by HTTP or by `fetch`. */
export interface World {
  readonly clock: WorldClock | VirtualClock
  readonly github: {
    readonly running: GitHub
    readonly state: GitHubState
    /** Requests that changed something, as `POST check-runs`. */
    readonly writes: readonly string[]
    readonly calls: readonly ApiCall[]
    /** Requests that GitHub's own descriptions do not allow; empty for an app that keeps to them. */
    readonly contractBreaks: readonly { readonly call: string; readonly problems: readonly string[] }[]
    /** Counts calls from here on. */
    forgetCalls(): void
  }
  readonly store: OpenedStore
  /** Workflows, their runners and runs. */
  readonly actions: ActionsHandle
  /** @throws {Error} in a world without an app */
  readonly app: AppCredentials
  /** Reaches GitHub's API without a network. */
  readonly fetch: typeof fetch
  /** The same, with lists and queries as they were a while ago. */
  lagging(lagMs: number): typeof fetch
  /** From now on webhooks go this way; a text is a URL. */
  webhooksTo(courier: Courier | string): void
  user(login: string, person?: Person): Promise<void>
  /** `acme/models`: made with its organisation at the first time, found again later. */
  repository(fullName: string, options?: NewRepository): Promise<RepositoryHandle>
  /** The installation of the app where a repository lives. */
  installation(fullName: string): number
  /** Lets time pass, with all that it brings. */
  passes(ms: number): Promise<void>
  /** When every webhook has been tried and, by a virtual clock, nothing is left within the time. */
  settles(withinMs?: number): Promise<void>
  /** Puts GitHub and the store on ports of this machine. */
  listens(): Promise<WorldAddresses>
  snapshot(): Promise<WorldSnapshot>
  close(): Promise<void>
}
