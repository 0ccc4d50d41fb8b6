import type { Actor, GitHubState } from './github-state.ts'
import type { Requirement } from './rules.ts'
import type { RoleName } from './state/people.ts'
import type { BypassActor, PushAllowance, Ruleset, WorldRepository } from './state/repositories.ts'
import { isAtLeast, memberOf, membershipIn, roleIn } from './state/roles.ts'

/** What of a branch an actor wants to move past: a change by push, a merge of a pull request, or the restriction of pushes. */
export type BypassFor = 'push' | 'merge'

/** Ids of GitHub's own repository roles. */
const ROLE_IDS: Readonly<Record<number, RoleName>> = { 1: 'read', 2: 'maintain', 3: 'triage', 4: 'write', 5: 'admin' }

/** Whether rules of this source hold an actor. */
export function bypasses(
  state: GitHubState,
  actor: Actor,
  repository: WorldRepository,
  requirement: Requirement,
  what: BypassFor,
): boolean {
  const { source } = requirement
  if (source.kind === 'ruleset') {
    const how = bypassOf(state, actor, repository, source.ruleset)
    return how === 'always' || (how === 'pull_requests_only' && what === 'merge')
  }
  return !source.protection.enforceAdmins && isAdmin(state, actor, repository)
}

/** `current_user_can_bypass` of a ruleset. */
export function bypassOf(
  state: GitHubState,
  actor: Actor,
  repository: WorldRepository,
  ruleset: Ruleset,
): 'always' | 'pull_requests_only' | 'never' {
  const mine = ruleset.bypass.filter((one) => isBypassActor(state, actor, repository, one))
  if (mine.some((one) => one.bypass_mode === 'always')) return 'always'
  return mine.length > 0 ? 'pull_requests_only' : 'never'
}

/** Whether a list of people, teams and apps names an actor. */
export function isAllowed(state: GitHubState, actor: Actor, allowance: PushAllowance): boolean {
  if (actor.kind === 'installation') return allowance.apps.includes(actor.app.id)
  if (actor.kind !== 'user') return false
  if (allowance.users.includes(actor.account.id)) return true
  return allowance.teams.some((team) => isInTeam(state, team, actor.account.id))
}

export function isAdmin(state: GitHubState, actor: Actor, repository: WorldRepository): boolean {
  return actor.kind === 'user' && roleIn(state, repository, actor.account.id) === 'admin'
}

function isBypassActor(state: GitHubState, actor: Actor, repository: WorldRepository, one: BypassActor): boolean {
  if (one.actor_type === 'Integration') return actor.kind === 'installation' && actor.app.id === one.actor_id
  if (actor.kind !== 'user') return false
  const user = actor.account.id
  if (one.actor_type === 'Team') return isInTeam(state, one.actor_id ?? -1, user)
  if (one.actor_type === 'OrganizationAdmin') {
    const member = memberOf(state, repository.owner, user)
    return member?.role === 'admin' && member.state === 'active'
  }
  const wanted = ROLE_IDS[one.actor_id ?? -1]
  return wanted !== undefined && isAtLeast(roleIn(state, repository, user), wanted)
}

function isInTeam(state: GitHubState, team: number, user: number): boolean {
  const found = state.teams.get(team)
  return found !== undefined && membershipIn(state, found, user)?.state === 'active'
}
