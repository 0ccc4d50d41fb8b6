import type { GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf } from '../../state/find.ts'
import type { WorldAccount } from '../../state/people.ts'

export type Body = Readonly<Record<string, unknown>>

/** A time as GitHub writes it: seconds, in UTC. */
export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

export function timeTextOrNull(at: number | null): string | null {
  return at === null ? null : timeText(at)
}

function accountNodeId(account: WorldAccount): string {
  return nodeId(account.type, account.id)
}

export function accountBody(state: GitHubState, account: WorldAccount) {
  const url = `${state.settings.apiUrl}/users/${encodeURIComponent(account.login)}`
  const page = account.type === 'Bot' ? `apps/${account.login.replace('[bot]', '')}` : account.login
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${state.settings.htmlUrl}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: account.isSiteAdmin,
  }
}

/** The account of an id; null when it is null or was deleted. */
export function accountBodyOrNull(state: GitHubState, id: number | null): Body | null {
  return id === null || !state.accounts.has(id) ? null : accountBody(state, accountOf(state, id))
}

export function organisationBody(state: GitHubState, account: WorldAccount) {
  const url = `${state.settings.apiUrl}/orgs/${account.login}`
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    description: account.name ?? '',
  }
}
