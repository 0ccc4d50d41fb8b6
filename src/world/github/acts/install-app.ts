import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import {
  accountOf,
  appOf,
  installationOf,
  installationRepositories,
  notFound,
  repositoryOf,
  takeId,
} from '../state/find.ts'
import type { WorldInstallation } from '../state/people.ts'
import { accountBehind } from '../state/roles.ts'
import { accountBody, accountBodyOrNull, type Body } from '../webhooks/bodies/account-body.ts'
import { installationBody } from '../webhooks/bodies/installation-body.ts'
import { shortRepositoryBody } from '../webhooks/bodies/repository-body.ts'

/** Somebody installs an app on an account, accepting what it asks for today. */
export async function installApp(
  github: GitHub,
  actor: Actor,
  input: { readonly app: number; readonly account: number; readonly repositories: 'all' | readonly number[] },
): Promise<WorldInstallation> {
  const { state } = github
  const app = appOf(state, input.app)
  if (installationOf(state, app.id, input.account) !== null) throw new Refusal(422, `${app.name} is already installed`)
  const now = github.clock.now()
  const installation: WorldInstallation = {
    id: takeId(state),
    app: app.id,
    account: accountOf(state, input.account).id,
    repositories: input.repositories,
    permissions: app.permissions,
    events: app.events,
    suspendedAt: null,
    suspendedBy: null,
    createdAt: now,
    updatedAt: now,
  }
  state.installations.set(installation.id, installation)
  tell(github, actor, installation, 'installation', 'created', {
    repositories: installationRepositories(state, installation).map((one) => shortRepositoryBody(state, one)),
    requester: null,
  })
  return installation
}

export async function suspendInstallation(github: GitHub, actor: Actor, id: number): Promise<WorldInstallation> {
  const suspendedBy = accountBehind(actor).id
  const next = replaceInstallation(github, id, { suspendedAt: github.clock.now(), suspendedBy })
  tell(github, actor, next, 'installation', 'suspend')
  return next
}

export async function unsuspendInstallation(github: GitHub, actor: Actor, id: number): Promise<WorldInstallation> {
  const next = replaceInstallation(github, id, { suspendedAt: null, suspendedBy: null })
  tell(github, actor, next, 'installation', 'unsuspend')
  return next
}

/** Its tokens end with it. */
export async function deleteInstallation(github: GitHub, actor: Actor, id: number): Promise<void> {
  const { state } = github
  const installation = replaceInstallation(github, id, {})
  const repositories = installationRepositories(state, installation).map((one) => shortRepositoryBody(state, one))
  tell(github, actor, installation, 'installation', 'deleted', { repositories })
  state.installations.delete(id)
  for (const [token, one] of state.tokens)
    if (one.kind === 'installation' && one.installation === id) state.tokens.delete(token)
}

/** The owner accepts what the app asks for today. */
export async function acceptPermissions(github: GitHub, actor: Actor, id: number): Promise<WorldInstallation> {
  const app = appOf(github.state, replaceInstallation(github, id, {}).app)
  const next = replaceInstallation(github, id, { permissions: app.permissions, events: app.events })
  tell(github, actor, next, 'installation', 'new_permissions_accepted')
  return next
}

export async function changeInstallationRepositories(
  github: GitHub,
  actor: Actor,
  input: { readonly installation: number; readonly add?: readonly number[]; readonly remove?: readonly number[] },
): Promise<WorldInstallation> {
  const { state } = github
  const { add = [], remove = [] } = input
  const before = replaceInstallation(github, input.installation, {})
  const covered = installationRepositories(state, before).map((one) => one.id)
  const repositories = [...new Set([...covered, ...add])].filter((id) => !remove.includes(id))
  const next = replaceInstallation(github, input.installation, { repositories })
  for (const [action, changed] of [
    ['added', add],
    ['removed', remove],
  ] as const) {
    if (changed.length === 0) continue
    const bodies = changed.map((id) => shortRepositoryBody(state, repositoryOf(state, id)))
    tell(github, actor, next, 'installation_repositories', action, {
      repository_selection: 'selected',
      repositories_added: action === 'added' ? bodies : [],
      repositories_removed: action === 'removed' ? bodies : [],
      requester: null,
    })
  }
  return next
}

function replaceInstallation(github: GitHub, id: number, change: Partial<WorldInstallation>): WorldInstallation {
  const installation = github.state.installations.get(id)
  if (installation === undefined) throw notFound()
  const next = { ...installation, ...change, updatedAt: github.clock.now() }
  github.state.installations.set(id, next)
  return next
}

/** These carry the whole installation, and reach the app whatever it subscribes to. */
function tell(
  github: GitHub,
  actor: Actor,
  installation: WorldInstallation,
  event: string,
  action: string,
  more: Body = {},
): void {
  const { state } = github
  const sender =
    actor.kind === 'anonymous' ? accountBodyOrNull(state, installation.account) : accountBody(state, actor.account)
  github.emit({
    event,
    action,
    repository: null,
    onlyApp: installation.app,
    installation: installation.id,
    body: { action, installation: installationBody(state, installation), ...more, sender },
  })
}
