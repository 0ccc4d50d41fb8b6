import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openActions } from './actions/engine.ts'
import type {
  ActionsEngine,
  Courier,
  GitHub,
  GitHubSettings,
  GitHubState,
  WebhookEvent,
  WorldClock,
} from './github-state.ts'
import { openStorage } from './storage/bare-storage.ts'
import type { GitStorage } from './storage/git-storage.ts'
import { Turns } from './turns.ts'
import { deliveriesFor } from './webhooks/dispatch.ts'
import { httpCourier, Post } from './webhooks/post.ts'

export interface GitHubOptions {
  /** For the bare repositories; it belongs to the caller. */
  readonly folder: string
  readonly clock: WorldClock
  readonly courier?: Courier
  readonly settings?: Partial<GitHubSettings>
  /** Fixes GitHub's signing key, and with it every signature, token and GUID. */
  readonly signingKey?: string
}

const SETTINGS: GitHubSettings = {
  mergeableAfterMs: 0,
  signsWebCommits: true,
  givesRunDetails: true,
  runPathsNameRef: false,
  apiUrl: 'https://api.github.com',
  htmlUrl: 'https://github.com',
}

/** An empty GitHub: no accounts, no repositories. */
export function openGitHub(options: GitHubOptions): GitHub {
  const state = emptyState(
    { ...SETTINGS, ...options.settings },
    options.signingKey ?? randomBytes(32).toString('base64'),
  )
  const { clock, courier = httpCourier } = options
  return new Running(state, { clock, courier, storage: openStorage(join(options.folder, 'git')) })
}

interface Parts {
  readonly clock: WorldClock
  readonly storage: GitStorage
  readonly courier: Courier
  readonly isStill?: boolean
}

class Running implements GitHub {
  readonly state: GitHubState
  readonly clock: WorldClock
  readonly storage: GitStorage
  readonly actions: ActionsEngine
  readonly #post: Post
  readonly #turns = new Turns()

  constructor(state: GitHubState, { clock, storage, courier, isStill = false }: Parts) {
    this.state = state
    this.clock = clock
    this.storage = storage
    this.#post = new Post(this, courier)
    this.actions = openActions(this, isStill)
  }

  turn<T>(repository: number, act: () => Promise<T>): Promise<T> {
    return this.#turns.take(repository, act)
  }

  emit(event: WebhookEvent): void {
    for (const delivery of deliveriesFor(this.state, event, this.clock.now())) this.#post.send(delivery)
  }

  send(delivery: Parameters<Post['send']>[0]): void {
    this.#post.send(delivery)
  }

  async settled(): Promise<void> {
    await this.actions.written()
    await this.#post.settled()
  }

  async fork(options: {
    readonly folder: string
    readonly clock: WorldClock
    readonly courier: Courier
    readonly isStill?: boolean
  }): Promise<GitHub> {
    await this.settled()
    const storage = await this.storage.copy(join(options.folder, 'git'))
    return new Running(copyState(this.state), { ...options, storage })
  }

  async close(): Promise<void> {
    await this.actions.close()
    await this.storage.close()
  }
}

/** Records are never changed, so copying the tables copies everything. */
function copyState(state: GitHubState): GitHubState {
  const copied = Object.entries(state).map(([name, table]) => {
    if (table instanceof Map) return [name, new Map(table)]
    if (Array.isArray(table)) return [name, [...table]]
    return [name, typeof table === 'object' ? { ...table } : table]
  })
  return Object.fromEntries(copied) as GitHubState
}

function emptyState(settings: GitHubSettings, signingKey: string): GitHubState {
  return {
    nextId: 1000,
    settings,
    signingKey,
    accounts: new Map(),
    members: new Map(),
    teams: new Map(),
    customRoles: new Map(),
    apps: new Map(),
    manifestCodes: new Map(),
    installations: new Map(),
    tokens: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    activity: [],
    issues: new Map(),
    pulls: new Map(),
    reviews: new Map(),
    comments: new Map(),
    reactions: new Map(),
    queue: new Map(),
    suites: new Map(),
    runs: new Map(),
    statuses: new Map(),
    deployments: new Map(),
    deploymentStatuses: new Map(),
    deliveries: new Map(),
    workflows: new Map(),
    workflowRuns: new Map(),
    jobs: new Map(),
    artifacts: new Map(),
    runners: new Map(),
    secrets: new Map(),
    variables: new Map(),
  }
}
