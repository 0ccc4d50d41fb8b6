import { type Actor, type GitHubState, Refusal } from '../github-state.ts'
import { coversRepository, findAccount, installationOf } from './find.ts'
import type { Access, OrganisationMember, RoleName, TeamMember, WorldTeam } from './people.ts'
import type { WorldRepository } from './repositories.ts'

const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const

function higher(a: RoleName | 'none', b: RoleName | 'none'): RoleName | 'none' {
  return ROLES.indexOf(a) >= ROLES.indexOf(b) ? a : b
}

export function memberOf(state: GitHubState, organisation: number, user: number): OrganisationMember | null {
  return state.members.get(`${organisation}:${user}`) ?? null
}

export function teamOf(state: GitHubState, organisation: string, slug: string): WorldTeam | null {
  const owner = findAccount(state, organisation)
  for (const team of state.teams.values())
    if (team.organisation === owner?.id && team.slug === slug.toLowerCase()) return team
  return null
}

export function childTeams(state: GitHubState, team: WorldTeam): readonly WorldTeam[] {
  return [...state.teams.values()].filter((other) => other.parent === team.id)
}

function familyOf(state: GitHubState, team: WorldTeam): readonly WorldTeam[] {
  return [team, ...childTeams(state, team).flatMap((child) => familyOf(state, child))]
}

/** Members of a team; those of its child teams count, as GitHub counts them, unless left out. */
export function teamMembers(
  state: GitHubState,
  team: WorldTeam,
  options: { readonly childTeams?: boolean } = {},
): readonly TeamMember[] {
  const teams = options.childTeams === false ? [team] : familyOf(state, team)
  const found = new Map<number, TeamMember>()
  // its own line wins over a child team's
  for (const one of teams) for (const member of one.members) if (!found.has(member.user)) found.set(member.user, member)
  return [...found.values()].filter((member) => state.accounts.has(member.user))
}

/** `pending` is an invitation: not yet a member. */
export function membershipIn(state: GitHubState, team: WorldTeam, user: number): TeamMember | null {
  const lines = familyOf(state, team).flatMap((one) => one.members.filter((member) => member.user === user))
  return lines.find((line) => line.state === 'active') ?? lines[0] ?? null
}

/** The highest role that anything gives an account in a repository. Bots have none: installations have permissions. */
export function roleIn(state: GitHubState, repository: WorldRepository, user: number): RoleName | 'none' {
  const account = state.accounts.get(user)
  if (account === undefined || account.type !== 'User') return 'none'
  if (repository.owner === user) return 'admin'
  const member = memberOf(state, repository.owner, user)
  const isActive = member?.state === 'active'
  if (isActive && member.role === 'admin') return 'admin'
  let role: RoleName | 'none' = repository.isPrivate ? 'none' : 'read'
  if (isActive) role = higher(role, repository.baseRole)
  for (const one of repository.collaborators) if (one.account === user) role = higher(role, one.role)
  return isActive ? higher(role, roleByTeams(state, repository, user)) : role
}

function roleByTeams(state: GitHubState, repository: WorldRepository, user: number): RoleName | 'none' {
  let role: RoleName | 'none' = 'none'
  for (const team of state.teams.values()) {
    const grant = team.repositories.find((one) => one.repository === repository.id)
    // what a team may, its child teams may
    if (grant !== undefined && membershipIn(state, team, user)?.state === 'active') role = higher(role, grant.role)
  }
  return role
}

/** `role_name` of the API: a custom role is called by its own name where it is what gives the most. */
export function roleNameIn(state: GitHubState, repository: WorldRepository, user: number): string {
  const role = roleIn(state, repository, user)
  const own = repository.collaborators.filter((one) => one.account === user)
  const teams = [...state.teams.values()].filter((team) => membershipIn(state, team, user)?.state === 'active')
  const grants = [
    ...own,
    ...teams.flatMap((team) => team.repositories.filter((one) => one.repository === repository.id)),
  ]
  const custom = grants.find((one) => one.role === role && one.custom !== undefined)?.custom
  return state.customRoles.get(custom ?? 0)?.name ?? role
}

/** `permission` of the API: the old three words, in which maintain is write and triage is read. */
export function permissionOf(role: RoleName | 'none'): 'admin' | 'write' | 'read' | 'none' {
  if (role === 'maintain') return 'write'
  return role === 'triage' ? 'read' : role
}

export function isAtLeast(role: RoleName | 'none', wanted: RoleName): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(wanted)
}

/** Whether an account may push: a person by role, a bot by what its app's installation was granted. */
export function canWrite(state: GitHubState, repository: WorldRepository, account: number): boolean {
  if (isAtLeast(roleIn(state, repository, account), 'write')) return true
  const app = [...state.apps.values()].find((one) => one.bot === account)
  const installation = app === undefined ? null : installationOf(state, app.id, repository.owner)
  if (installation === null || installation.suspendedAt !== null) return false
  return installation.permissions.contents === 'write' && coversRepository(installation, repository)
}

/** Whether an actor has one of an app's permissions in a repository; a person's role stands for it. */
export function mayIn(
  state: GitHubState,
  actor: Actor,
  repository: WorldRepository,
  permission: string,
  access: Access,
): boolean {
  if (actor.kind === 'user') {
    const wanted: RoleName = access === 'admin' ? 'admin' : access === 'write' ? 'write' : 'read'
    return isAtLeast(roleIn(state, repository, actor.account.id), wanted)
  }
  if (actor.kind !== 'installation') return false
  const granted = actor.permissions[permission]
  const installation = state.installations.get(actor.installation)
  if (installation === undefined || !coversRepository(installation, repository)) return false
  const isNamed = actor.repositories === 'all' || actor.repositories.includes(repository.id)
  return isNamed && (granted === access || granted === 'admin' || (granted === 'write' && access === 'read'))
}

/** Who acts, where a record must name somebody. */
export function accountBehind(actor: Actor) {
  if (actor.kind === 'anonymous') throw new Refusal(401, 'Requires authentication')
  return actor.account
}
