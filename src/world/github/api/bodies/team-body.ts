import type { GitHubState, WorldTeam } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf } from '../../state/find.ts'
import { teamMembers } from '../../state/roles.ts'
import { accountBody, organisationBody, timeText } from '../../webhooks/bodies/account-body.ts'

export function teamBody(state: GitHubState, team: WorldTeam) {
  const parent = state.teams.get(team.parent ?? -1)
  return {
    ...shortTeamBody(state, team),
    parent: parent === undefined ? null : shortTeamBody(state, parent),
    members_count: teamMembers(state, team).filter((one) => one.state === 'active').length,
    repos_count: team.repositories.length,
    created_at: timeText(accountOf(state, team.organisation).createdAt),
    updated_at: timeText(accountOf(state, team.organisation).createdAt),
    organization: fullOrganisationBody(state, team.organisation),
  }
}

function shortTeamBody(state: GitHubState, team: WorldTeam) {
  const organisation = accountOf(state, team.organisation).login
  const url = `${state.settings.apiUrl}/organizations/${team.organisation}/team/${team.id}`
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    url,
    html_url: `${state.settings.htmlUrl}/orgs/${organisation}/teams/${team.slug}`,
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
    organization_id: team.organisation,
  }
}

function fullOrganisationBody(state: GitHubState, id: number) {
  const organisation = accountOf(state, id)
  return {
    ...organisationBody(state, organisation),
    html_url: accountBody(state, organisation).html_url,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timeText(organisation.createdAt),
    updated_at: timeText(organisation.createdAt),
    archived_at: null,
    type: 'Organization',
  }
}
