import { type Access, type Actor, type GitHub, Refusal, type RoleName, type WorldRepository } from '../github-state.ts'
import { roleIn } from '../state/roles.ts'
import type { Needs } from './permissions.ts'
import { notFound } from './rest-call.ts'

const LEVELS: readonly Access[] = ['read', 'write', 'admin']
const ROLES: readonly (RoleName | 'none')[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin']

/** Whether a token's permissions hold one, at least so far. */
export function holds(actor: Actor, permission: string, access: Access): boolean {
  if (actor.kind !== 'installation') return actor.kind === 'user'
  if (permission === 'metadata' && access === 'read') return true
  const held = actor.permissions[permission]
  return held !== undefined && LEVELS.indexOf(held) >= LEVELS.indexOf(access)
}

/**
 * Lets a request through that its token may make.
 *
 * @throws {Refusal} 401 without credentials, 404 for what the token may not see, 403 for what it may see and not do
 */
export function allow(github: GitHub, actor: Actor, needs: Needs, repository: WorldRepository | null): void {
  if (needs.by === 'app') mustBeApp(actor)
  if (needs.by === 'user') mustBeUser(actor)
  if (needs.by === 'installation') mustBeInstallation(actor)
  if (needs.by !== 'token') return
  if (actor.kind === 'app') throw new Refusal(401, 'A JSON web token could not be decoded')
  if (repository !== null) mustSee(github, actor, repository)
  if (actor.kind === 'anonymous') mustBeRead(needs.access)
  if (actor.kind === 'user') mustHaveRole(github, actor, needs, repository)
  if (actor.kind === 'installation') mustHold(github, actor, needs, repository)
}

/** 404 for a private repository that the actor has no part in. */
function mustSee(github: GitHub, actor: Actor, repository: WorldRepository): void {
  if (!maySee(github, actor, repository)) throw notFound()
}

export function maySee(github: GitHub, actor: Actor, repository: WorldRepository): boolean {
  if (!repository.isPrivate) return true
  if (actor.kind === 'installation') return reaches(github, actor, repository)
  return actor.kind === 'user' && roleIn(github.state, repository, actor.account.id) !== 'none'
}

/** What GitHub says to an app without the permission. */
export function notAccessible(permission: string, access: Access): Refusal {
  return new MissingPermission(permission, access)
}

/** A 403 that names the permission, which GitHub tells in a header. */
export class MissingPermission extends Refusal {
  readonly permission: string
  readonly access: Access
  constructor(permission: string, access: Access) {
    super(403, 'Resource not accessible by integration', { type: 'FORBIDDEN' })
    this.permission = permission
    this.access = access
  }
}

/** Whether an actor may change the settings of a repository. */
export function mayAdminister(github: GitHub, actor: Actor, repository: WorldRepository): boolean {
  if (actor.kind === 'user') return roleIn(github.state, repository, actor.account.id) === 'admin'
  return actor.kind === 'installation' && reaches(github, actor, repository) && holds(actor, 'administration', 'write')
}

/** Whether an installation's token was made for this repository. */
function reaches(
  github: GitHub,
  actor: Extract<Actor, { kind: 'installation' }>,
  repository: WorldRepository,
): boolean {
  const isNamed = actor.repositories === 'all' || actor.repositories.includes(repository.id)
  return isNamed && github.state.installations.get(actor.installation)?.account === repository.owner
}

function mustBeApp(actor: Actor): void {
  if (actor.kind !== 'app') throw new Refusal(401, 'A JSON web token could not be decoded')
}

function mustBeUser(actor: Actor): void {
  if (actor.kind === 'installation') throw notAccessible('user', 'read')
  if (actor.kind !== 'user') throw new Refusal(401, 'Requires authentication')
}

function mustBeInstallation(actor: Actor): void {
  if (actor.kind !== 'installation') throw new Refusal(403, 'You must authenticate with an installation access token')
}

function mustBeRead(access: Access): void {
  if (access !== 'read') throw new Refusal(401, 'Requires authentication')
}

/** Public repositories can be read by every app; everything else takes the permission, and the repository in the token. */
function mustHold(
  github: GitHub,
  actor: Extract<Actor, { kind: 'installation' }>,
  needs: Extract<Needs, { by: 'token' }>,
  repository: WorldRepository | null,
): void {
  const isPublicRead = repository !== null && !repository.isPrivate && needs.access === 'read'
  const isInside = repository === null || reaches(github, actor, repository)
  const isHeld = [needs.permission, needs.or].some((one) => one !== undefined && holds(actor, one, needs.access))
  if (isInside ? !isHeld : !isPublicRead) throw notAccessible(needs.permission, needs.access)
}

function mustHaveRole(
  github: GitHub,
  actor: Actor & { kind: 'user' },
  needs: Extract<Needs, { by: 'token' }>,
  repository: WorldRepository | null,
): void {
  if (needs.access === 'read' || repository === null) return
  if (needs.permission === 'checks') throw new Refusal(403, 'You must authenticate via a GitHub App.')
  const least = leastRole(needs.permission)
  const role = roleIn(github.state, repository, actor.account.id)
  if (ROLES.indexOf(role) >= ROLES.indexOf(least)) return
  if (least === 'admin' || role === 'none') throw notFound()
  throw new Refusal(403, 'Must have write access to the repository.')
}

/** Everybody who can read may open issues and pull requests, comment and review. */
function leastRole(permission: string): RoleName {
  if (permission === 'administration') return 'admin'
  return ['issues', 'pull_requests'].includes(permission) ? 'read' : 'write'
}
