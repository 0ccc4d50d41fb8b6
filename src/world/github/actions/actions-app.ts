import { createHmac } from 'node:crypto'
import type { Access, Actor, GitHub, Permissions, WorkflowRun, WorldApp, WorldInstallation } from '../github-state.ts'
import { ACTIONS_APP, accountOf, installationOf, repositoryOf, takeId } from '../state/find.ts'
import type { WorldAccount } from '../state/people.ts'
import { mapOf, type Written } from './written.ts'

/** Ids of github.com's own bot and company. */
const BOT = 41_898_282
const COMPANY = 9_919
/** Nobody has its other half: this app never signs in by a key. */
const PUBLIC_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0nMuJMVLGAo3u05urVfWljTV03Qa
EZpnOcGAlSHA3OeOe0uer0jNsJJgHjkcJqzjhXuA8NMj0SgobGCQJm4zxw==
-----END PUBLIC KEY-----
`
const PERMISSIONS: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  metadata: 'read',
  packages: 'write',
  pages: 'write',
  pull_requests: 'write',
  repository_projects: 'write',
  security_events: 'write',
  statuses: 'write',
}
/** A token of a job holds as long as a job may take; GitHub's end with the job, or after a day. */
const TOKEN_MS = 24 * 3_600_000

/** GitHub's own app that runs workflows, made when it is first needed. */
export function actionsApp(github: GitHub): WorldApp {
  const { state } = github
  const known = state.apps.get(ACTIONS_APP)
  if (known !== undefined) return known
  state.accounts.set(COMPANY, account(COMPANY, 'github', 'Organization'))
  state.accounts.set(BOT, account(BOT, 'github-actions[bot]', 'Bot'))
  const app: WorldApp = {
    id: ACTIONS_APP,
    slug: 'github-actions',
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    clientId: 'Iv1.05c79e9ad1f6bdfa',
    owner: COMPANY,
    isPublic: true,
    bot: BOT,
    permissions: PERMISSIONS,
    events: [],
    privateKey: '',
    publicKey: PUBLIC_KEY,
    webhook: null,
    createdAt: 0,
    updatedAt: 0,
  }
  state.apps.set(app.id, app)
  return app
}

function account(id: number, login: string, type: WorldAccount['type']): WorldAccount {
  return { id, login, type, name: null, email: null, isSiteAdmin: false, createdAt: 0 }
}

/** The app as the one who acts in a repository: its checks are written by it. */
export function actionsActor(github: GitHub, repository: number): Actor {
  const app = actionsApp(github)
  const installation = installed(github, repositoryOf(github.state, repository).owner)
  return {
    kind: 'installation',
    account: accountOf(github.state, app.bot),
    app,
    installation: installation.id,
    permissions: PERMISSIONS,
    repositories: [repository],
  }
}

export function isActions(actor: Actor): boolean {
  return actor.kind === 'installation' && actor.app.id === ACTIONS_APP
}

function installed(github: GitHub, owner: number): WorldInstallation {
  const { state } = github
  const app = actionsApp(github)
  const known = installationOf(state, app.id, owner)
  if (known !== null) return known
  const installation: WorldInstallation = {
    id: takeId(state),
    app: app.id,
    account: owner,
    repositories: 'all',
    permissions: PERMISSIONS,
    events: [],
    suspendedAt: null,
    suspendedBy: null,
    createdAt: 0,
    updatedAt: 0,
  }
  state.installations.set(installation.id, installation)
  return installation
}

/** `GITHUB_TOKEN` of a job: for its repository only, with what the workflow declares, and reading at most for a fork. */
export function issueJobToken(github: GitHub, run: WorkflowRun, permissions: Permissions): string {
  const { state } = github
  const installation = installed(github, repositoryOf(state, run.repository).owner)
  const mark = createHmac('sha256', state.signingKey)
    .update(`job token ${takeId(state)}`)
    .digest('hex')
  const token = `ghs_${mark.slice(0, 36)}`
  state.tokens.set(token, {
    kind: 'installation',
    token,
    installation: installation.id,
    permissions: run.isFromFork ? readingOf(permissions) : permissions,
    repositories: [run.repository],
    expiresAt: github.clock.now() + TOKEN_MS,
  })
  return token
}

export function revokeToken(github: GitHub, token: string): void {
  github.state.tokens.delete(token)
}

function readingOf(permissions: Permissions): Permissions {
  return Object.fromEntries(Object.keys(permissions).map((name) => [name, 'read']))
}

/** A job's `permissions:`, else the workflow's; without either what new repositories give: to read contents. */
export function declaredPermissions(job: Written | undefined, workflow: Written | undefined): Permissions {
  const declared = job ?? workflow
  if (declared === undefined) return { metadata: 'read', contents: 'read', packages: 'read' }
  if (declared === 'read-all') return readingOf(PERMISSIONS)
  if (declared === 'write-all') return PERMISSIONS
  const named = Object.entries(mapOf(declared)).flatMap(([name, access]) => {
    const permission = name.replaceAll('-', '_')
    const isGiven = access === 'read' || access === 'write'
    return isGiven && permission in PERMISSIONS ? [[permission, access as Access] as const] : []
  })
  return { metadata: 'read', ...Object.fromEntries(named) }
}
