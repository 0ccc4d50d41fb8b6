import { type GitHub, Refusal } from '../github-state.ts'
import { findAccount, takeId } from '../state/find.ts'
import type { CustomRole, OrganisationMember, TeamMember, WorldAccount, WorldTeam } from '../state/people.ts'

/** @throws {Refusal} 422 when the login is taken */
export function createUser(
  github: GitHub,
  input: {
    readonly login: string
    readonly name?: string
    readonly email?: string | null
    readonly isSiteAdmin?: boolean
  },
): WorldAccount {
  return newAccount(github, 'User', input)
}

export function createOrganisation(
  github: GitHub,
  input: { readonly login: string; readonly name?: string },
): WorldAccount {
  return newAccount(github, 'Organization', input)
}

/** What the account wrote stays, by nobody. */
export function deleteAccount(github: GitHub, id: number): void {
  github.state.accounts.delete(id)
  for (const key of github.state.members.keys()) if (key.endsWith(`:${id}`)) github.state.members.delete(key)
}

/** A member, or with `state: 'pending'` somebody invited. */
export function setMember(
  github: GitHub,
  input: Pick<OrganisationMember, 'organisation' | 'user'> & Partial<OrganisationMember>,
): OrganisationMember {
  const member: OrganisationMember = { role: 'member', state: 'active', ...input }
  github.state.members.set(`${input.organisation}:${input.user}`, member)
  return member
}

/** @throws {Refusal} 422 when the organisation has one of that name, or the name is a standard role's */
export function createCustomRole(github: GitHub, input: Omit<CustomRole, 'id'>): CustomRole {
  const isTaken = [...github.state.customRoles.values()].some(
    (one) => one.organisation === input.organisation && one.name === input.name,
  )
  if (isTaken || ['read', 'triage', 'write', 'maintain', 'admin', 'none'].includes(input.name))
    throw new Refusal(422, `A role called ${input.name} is already there`)
  const role = { ...input, id: takeId(github.state) }
  github.state.customRoles.set(role.id, role)
  return role
}

/** The id stays; the login of before means nobody, until somebody takes it. */
export function renameAccount(github: GitHub, id: number, login: string): WorldAccount {
  const account = github.state.accounts.get(id)
  if (account === undefined) throw new Refusal(404, 'Not Found')
  const holder = findAccount(github.state, login)
  if (holder !== null && holder.id !== id) throw new Refusal(422, `${login} is already taken`)
  const next = { ...account, login }
  github.state.accounts.set(id, next)
  return next
}

export interface NewTeam {
  readonly organisation: number
  readonly name: string
  readonly slug?: string
  readonly parent?: number | null
  readonly privacy?: WorldTeam['privacy']
  /** Ids of active members, or whole lines. */
  readonly members?: readonly (number | TeamMember)[]
  readonly repositories?: WorldTeam['repositories']
}

/** Active members of a team are members of its organisation. */
export function createTeam(github: GitHub, input: NewTeam): WorldTeam {
  const members = (input.members ?? []).map((one) =>
    typeof one === 'number' ? { user: one, role: 'member' as const, state: 'active' as const } : one,
  )
  const team: WorldTeam = {
    id: takeId(github.state),
    organisation: input.organisation,
    slug: (input.slug ?? input.name).toLowerCase().replace(/[^a-z0-9_-]+/g, '-'),
    name: input.name,
    description: null,
    privacy: input.privacy ?? 'closed',
    parent: input.parent ?? null,
    members,
    repositories: input.repositories ?? [],
  }
  github.state.teams.set(team.id, team)
  joinOrganisation(github, team)
  return team
}

export function updateTeam(github: GitHub, id: number, change: Partial<Omit<WorldTeam, 'id'>>): WorldTeam {
  const team = github.state.teams.get(id)
  if (team === undefined) throw new Refusal(404, 'Not Found')
  const next = { ...team, ...change }
  github.state.teams.set(id, next)
  joinOrganisation(github, next)
  return next
}

function joinOrganisation(github: GitHub, team: WorldTeam): void {
  for (const { user, state } of team.members)
    if (!github.state.members.has(`${team.organisation}:${user}`))
      setMember(github, { organisation: team.organisation, user, state })
}

function newAccount(
  github: GitHub,
  type: WorldAccount['type'],
  input: {
    readonly login: string
    readonly name?: string
    readonly email?: string | null
    readonly isSiteAdmin?: boolean
  },
): WorldAccount {
  if (findAccount(github.state, input.login) !== null) throw new Refusal(422, `${input.login} is already taken`)
  const account: WorldAccount = {
    id: takeId(github.state),
    login: input.login,
    type,
    name: input.name ?? null,
    email: input.email ?? null,
    isSiteAdmin: input.isSiteAdmin ?? false,
    createdAt: github.clock.now(),
  }
  github.state.accounts.set(account.id, account)
  return account
}

/** The account that acts for an app. */
export function createBot(github: GitHub, slug: string): WorldAccount {
  return newAccount(github, 'Bot', { login: `${slug}[bot]` })
}
