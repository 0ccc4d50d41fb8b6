import type { GitHubState, WorldAccount } from '../../github-state.ts'
import { accountBody, timeText } from '../../webhooks/bodies/account-body.ts'

/** An account's own page. */
export function profileBody(state: GitHubState, account: WorldAccount) {
  const owned = [...state.repositories.values()].filter((one) => one.owner === account.id && !one.isPrivate)
  return {
    ...accountBody(state, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    public_repos: owned.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timeText(account.createdAt),
    updated_at: timeText(account.createdAt),
  }
}
