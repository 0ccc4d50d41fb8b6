import type { Configuration } from './configuration.ts'
import { matchesGlob } from './matches-glob.ts'

/** What a role is asked for: a model, an environment; null where a change concerns none or all. */
export interface RoleScope {
  readonly model: string | null
  readonly environment: string | null
  /** `owner` of model.yml on the governed branch. */
  readonly owner: string | null
}

/** Who holds the roles of a configuration. */
export type Roles = NonNullable<Configuration['roles']>
type Role = Roles[string]

export interface Person {
  readonly id: number
  readonly login: string
}

/** What was looked up about people, now. */
export interface RoleFacts {
  /** Members by account id; null for a team that is not there or could not be read. */
  readonly teams: ReadonlyMap<string, ReadonlySet<number> | null>
  /** GitHub's base permission by account id; null when it could not be read. */
  readonly permissions: ReadonlyMap<number, 'admin' | 'write' | 'read' | 'none' | null>
}

const OWNER = '@owner'

/** A role by its name; names come from policies, so that `constructor` is none. */
export function roleNamed(roles: Roles | undefined, name: string): Role | undefined {
  return roles !== undefined && Object.hasOwn(roles, name) ? roles[name] : undefined
}

/** Whether a role, as narrowed, reaches what is asked: a narrowed one never reaches what concerns all. */
function reaches({ models, environments }: Role, { model, environment }: RoleScope): boolean {
  const covers = (globs: readonly string[] | undefined, name: string | null) =>
    globs === undefined || (name !== null && globs.some((glob) => matchesGlob(glob, name)))
  return covers(models, model) && covers(environments, environment)
}

/** Team slugs of a role, `@owner` put in; null stands for an owner that is not known. */
function teamsOf({ teams = [] }: Role, { owner }: RoleScope): readonly (string | null)[] {
  return teams.map((team) => (team === OWNER ? owner : team))
}

function isUser(entry: string, { id, login }: Person): boolean {
  const [name = '', number] = entry.split('#')
  return number === undefined ? name.toLowerCase() === login.toLowerCase() : Number(number) === id
}

/** GitHub's base permission tells maintain from write nowhere, so that only admin is surely at least maintain. */
const ENOUGH: Readonly<Record<NonNullable<Role['permission']>, readonly string[]>> = {
  write: ['write', 'admin'],
  maintain: ['admin'],
  admin: ['admin'],
}

/**
 * Whether a person holds a role for a model and an environment; false also where it cannot be told.
 *
 * Ids are compared wherever the configuration states one; teams by the members' ids.
 */
export function holdsRole(role: Role | undefined, person: Person, scope: RoleScope, people: RoleFacts): boolean {
  if (role === undefined || !reaches(role, scope)) return false
  const inTeam = teamsOf(role, scope).some((team) => team !== null && people.teams.get(team)?.has(person.id) === true)
  if (inTeam || (role.users ?? []).some((entry) => isUser(entry, person))) return true
  const permission = people.permissions.get(person.id) ?? null
  return role.permission !== undefined && permission !== null && ENOUGH[role.permission].includes(permission)
}

/** The same, with who has reviewed. */
interface ReviewersFacts extends RoleFacts {
  readonly reviews: readonly { readonly by: Person & { readonly isBot: boolean } }[]
}

/** Teams are not looked up before anybody has said anything. */
function isUnread(team: string, { teams, reviews }: ReviewersFacts): boolean {
  return teams.has(team) ? teams.get(team) === null : reviews.length > 0
}

/** What keeps anybody from saying who holds a role: teams that are not there, permissions that cannot be read. */
export function unknownOf(
  name: string,
  roles: Roles | undefined,
  scope: RoleScope,
  people: ReviewersFacts,
): readonly string[] {
  const role = roleNamed(roles, name)
  if (role === undefined) return [`the configuration has no role ${name}`]
  if (!reaches(role, scope)) return [`role ${name} does not reach ${scopeText(scope)}`]
  const teams = teamsOf(role, scope).flatMap((team) => {
    if (team === null) return [`model.yml names no owner, so nobody knows who ${OWNER} is`]
    return isUnread(team, people) ? [`team ${team} is not there or cannot be read`] : []
  })
  const asked = role.permission === undefined ? [] : people.reviews
  const unread = asked.filter(({ by }) => !by.isBot && (people.permissions.get(by.id) ?? null) === null)
  return [...new Set([...teams, ...unread.map(({ by }) => `the permission of ${by.login} cannot be read`)])]
}

/** `churn in production`; what concerns everything is called so. */
export function scopeText({ model, environment }: Omit<RoleScope, 'owner'>): string {
  if (model === null) return environment === null ? 'the whole repository' : environment
  return environment === null ? `${model} in all environments` : `${model} in ${environment}`
}

/** What must be looked up to say who holds some roles: team slugs, and whether permissions are asked. */
export function roleLookUp(
  roles: Roles | undefined,
  asked: readonly (RoleScope & { readonly role: string })[],
): { readonly teams: readonly string[]; readonly permissions: boolean } {
  const entries = asked.flatMap((one) => {
    const role = roleNamed(roles, one.role)
    return role === undefined ? [] : [{ role, scope: one }]
  })
  const teams = entries.flatMap(({ role, scope }) => teamsOf(role, scope)).filter((team) => team !== null)
  return {
    teams: [...new Set(teams)].sort(),
    permissions: entries.some(({ role }) => role.permission !== undefined),
  }
}
