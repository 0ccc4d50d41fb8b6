import type { WorldTeam } from '../../../github-state.ts'
import { nodeId } from '../../../node-id.ts'
import { accountOf, findAccount } from '../../../state/find.ts'
import { childTeams, memberOf, teamMembers, teamOf } from '../../../state/roles.ts'
import { accountBody, timeText } from '../../../webhooks/bodies/account-body.ts'
import { holds, notAccessible } from '../../allow.ts'
import { connection } from '../connection.ts'
import type { Args, Fields, GraphqlCall } from '../graphql-call.ts'
import { type AccountThing, type AppThing, accountThing, type TeamThing } from '../things.ts'

const actor: Fields<AccountThing> = {
  id: ({ account }) => nodeId(account.type, account.id),
  databaseId: ({ account }) => account.id,
  // here, and only here, a bot has its name without `[bot]`
  login: ({ account }) => account.login.replace(/\[bot\]$/, ''),
  url: ({ account }, _, { github }) => accountBody(github.state, account).html_url,
  avatarUrl: ({ account }, _, { github }) => accountBody(github.state, account).avatar_url,
  createdAt: ({ account }) => timeText(account.createdAt),
}

export const userFields: Fields<AccountThing> = {
  ...actor,
  name: ({ account }) => account.name,
  email: ({ account }) => account.email ?? '',
  isSiteAdmin: ({ account }) => account.isSiteAdmin,
}

export const botFields: Fields<AccountThing> = actor

export const organizationFields: Fields<AccountThing> = {
  ...actor,
  name: ({ account }) => account.name,
  team: ({ account }, { slug }, call) => {
    const team = teamOf(call.github.state, account.login, String(slug))
    return team === null || !seesTeams(call, account.id) ? null : teamThing(team)
  },
  teams: ({ account }, args, call) => {
    const all = [...call.github.state.teams.values()].filter((one) => one.organisation === account.id)
    return connection('teams', seesTeams(call, account.id) ? all.map(teamThing) : [], args)
  },
}

export const teamFields: Fields<TeamThing> = {
  id: ({ team }) => nodeId('Team', team.id),
  databaseId: ({ team }) => team.id,
  name: ({ team }) => team.name,
  slug: ({ team }) => team.slug,
  combinedSlug: ({ team }, _, { github }) => `${accountOf(github.state, team.organisation).login}/${team.slug}`,
  description: ({ team }) => team.description,
  privacy: ({ team }) => (team.privacy === 'secret' ? 'SECRET' : 'VISIBLE'),
  organization: ({ team }, _, call) => accountThing(call, team.organisation),
  parentTeam: ({ team }, _, { github }) => {
    const parent = github.state.teams.get(team.parent ?? -1)
    return parent === undefined ? null : teamThing(parent)
  },
  ancestors: ({ team }, args, call) => connection('ancestors', ancestorsOf(call, team).map(teamThing), args),
  childTeams: ({ team }, args, { github }) =>
    connection('childTeams', childTeams(github.state, team).map(teamThing), { first: 100, ...args }),
  members,
}

export const appFields: Fields<AppThing> = {
  id: ({ app }) => nodeId('App', app.id),
  databaseId: ({ app }) => app.id,
  name: ({ app }) => app.name,
  slug: ({ app }) => app.slug,
  clientId: ({ app }) => app.clientId,
}

/** `query` finds by the beginning of the login or a name's word, as the search box does: never by exact login. */
function members({ team }: TeamThing, args: Args, call: GraphqlCall) {
  const { state } = call.github
  const query = typeof args.query === 'string' ? args.query.toLowerCase() : ''
  const role = args.role as string | null | undefined
  const all = teamMembers(state, team, { childTeams: args.membership !== 'IMMEDIATE' })
    .filter((one) => args.membership !== 'CHILD_TEAM' || !team.members.some((own) => own.user === one.user))
    .filter((one) => one.state === 'active' && (role == null || one.role.toUpperCase() === role))
    .filter((one) => matches(call, one.user, query))
  const page = connection(
    'members',
    all.map((one) => accountThing(call, one.user)),
    args,
  )
  const edges = page.edges.map((edge) => ({
    ...edge,
    role: all.find((one) => one.user === edge.node?.account.id)?.role.toUpperCase() ?? 'MEMBER',
  }))
  return { ...page, edges }
}

function matches(call: GraphqlCall, user: number, query: string): boolean {
  const { login, name } = accountOf(call.github.state, user)
  return [login, ...(name ?? '').split(' ')].some((word) => word.toLowerCase().startsWith(query))
}

function teamThing(team: WorldTeam): TeamThing {
  return { __typename: 'Team', team }
}

function ancestorsOf(call: GraphqlCall, team: WorldTeam): readonly WorldTeam[] {
  const parent = call.github.state.teams.get(team.parent ?? -1)
  return parent === undefined ? [] : [parent, ...ancestorsOf(call, parent)]
}

/** An app needs members: read, a person must be inside; to others an organisation has no teams. */
function seesTeams(call: GraphqlCall, organisation: number): boolean {
  const { actor: asker, github } = call
  if (asker.kind === 'installation') {
    if (github.state.installations.get(asker.installation)?.account !== organisation) return false
    if (!holds(asker, 'members', 'read')) throw notAccessible('members', 'read')
    return true
  }
  return asker.kind === 'user' && memberOf(github.state, organisation, asker.account.id)?.state === 'active'
}

/** An account by login, of one kind. */
export function accountCalled(call: GraphqlCall, login: string, type: 'User' | 'Organization'): AccountThing | null {
  const account = findAccount(call.github.state, login)
  return account?.type === type ? { __typename: type, account } : null
}
