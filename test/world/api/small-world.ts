import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, Octokit } from 'octokit'
import { onTestFinished } from 'vitest'
import { virtualClock } from '../../../src/world/clock.ts'
import { setCollaborator } from '../../../src/world/github/acts/change-repository.ts'
import { createOrganisation, createTeam, createUser, setMember } from '../../../src/world/github/acts/create-account.ts'
import { createApp } from '../../../src/world/github/acts/create-app.ts'
import { createRepository } from '../../../src/world/github/acts/create-repository.ts'
import { installApp } from '../../../src/world/github/acts/install-app.ts'
import { issueInstallationToken, issueUserToken } from '../../../src/world/github/acts/issue-token.ts'
import { openPull } from '../../../src/world/github/acts/open-pull.ts'
import { pushFiles } from '../../../src/world/github/acts/push.ts'
import { worldFetch } from '../../../src/world/github/api/world-fetch.ts'
import type {
  Actor,
  GitHub,
  GitHubSettings,
  Permissions,
  WorldAccount,
} from '../../../src/world/github/github-state.ts'
import { openGitHub } from '../../../src/world/github/open-github.ts'
import { KEYS } from './app-keys.ts'

/** What the bot's app asks for. */
export const PERMISSIONS: Permissions = {
  metadata: 'read',
  members: 'read',
  merge_queues: 'read',
  statuses: 'read',
  contents: 'write',
  pull_requests: 'write',
  checks: 'write',
  issues: 'write',
  deployments: 'write',
  actions: 'write',
}

export interface SmallWorld {
  readonly github: GitHub
  close(): Promise<void>
  readonly ada: WorldAccount
  readonly bob: WorldAccount
  readonly organisation: WorldAccount
  readonly repository: number
  readonly app: number
  readonly installation: number
  /** octokit with the app's installation token, or one with these permissions only. */
  asApp(permissions?: Permissions): Octokit
  /** octokit with the app's own key. */
  asItself(): Octokit
  as(account: WorldAccount): Octokit
  actor(account: WorldAccount): Actor
  /** Pushes a branch and opens a pull request of it into main. */
  opensPull(branch: string, files: Readonly<Record<string, string>>, by?: WorldAccount): Promise<number>
}

/** An organisation with two people, a team, a private repository and an installed app. */
export async function openSmallWorld(
  options: {
    readonly permissions?: Permissions
    readonly settings?: Partial<GitHubSettings>
    /** Stands between octokit and the world. */
    readonly through?: (inner: typeof fetch) => typeof fetch
    /** Longer than one test: whoever opens it closes it. */
    readonly lives?: 'as long as the file'
  } = {},
): Promise<SmallWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-world-'))
  const courier = { deliver: async () => 202 }
  const clock = virtualClock()
  const github = openGitHub({ folder, clock, courier, settings: options.settings ?? {} })
  const close = async () => {
    await github.close()
    rmSync(folder, { recursive: true, force: true })
  }
  if (options.lives === undefined) onTestFinished(close)
  const organisation = createOrganisation(github, { login: 'acme' })
  const ada = createUser(github, { login: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' })
  const bob = createUser(github, { login: 'bob', name: 'Bob Noyce', email: 'bob@example.com' })
  setMember(github, { organisation: organisation.id, user: ada.id, role: 'admin' })
  setMember(github, { organisation: organisation.id, user: bob.id })
  createTeam(github, { organisation: organisation.id, name: 'Risk', members: [bob.id] })
  const actor = (account: WorldAccount): Actor => ({ kind: 'user', account })
  const { id: repository } = await createRepository(github, actor(ada), {
    owner: organisation.id,
    name: 'models',
    isPrivate: true,
    files: { 'README.md': '# Models\n', 'models/churn/1.yml': 'model: churn\n' },
  })
  await setCollaborator(github, { repository, account: bob.id, role: 'write' })
  const app = createApp(github, {
    owner: organisation.id,
    name: 'Weighbridge',
    permissions: options.permissions ?? PERMISSIONS,
    events: ['pull_request', 'push', 'check_run'],
    webhook: { url: 'http://127.0.0.1:1/', secret: 'secret' },
    keys: KEYS,
  })
  const { id: installation } = await installApp(github, actor(ada), {
    app: app.id,
    account: organisation.id,
    repositories: 'all',
  })
  const fetch = (options.through ?? ((inner) => inner))(worldFetch(github))
  const connect = (auth: string) =>
    new Octokit({ auth, baseUrl: github.state.settings.apiUrl, request: { fetch }, ...QUIET })
  return {
    close,
    github,
    ada,
    bob,
    organisation,
    repository,
    app: app.id,
    installation,
    asApp: (permissions) =>
      connect(issueInstallationToken(github, { installation, ...(permissions ? { permissions } : {}) }).token),
    asItself: () => {
      const Connected = Octokit.defaults({ baseUrl: github.state.settings.apiUrl, request: { fetch }, ...QUIET })
      return new App({ appId: app.id, privateKey: app.privateKey, Octokit: Connected, log: SILENT }).octokit
    },
    as: (account) => connect(issueUserToken(github, account.id).token),
    actor,
    opensPull: async (branch, files, by = ada) => {
      await pushFiles(github, actor(by), { repository, branch, files })
      const pull = await openPull(github, actor(by), { repository, title: branch, head: branch, base: 'main' })
      return pull.number
    },
  }
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
/** Nothing is tried again or slowed down: a test sees each answer as it is. */
const QUIET = { retry: { enabled: false }, throttle: { enabled: false }, log: SILENT } as const

/** Where everything happens. */
export const HERE = { owner: 'acme', repo: 'models' } as const
