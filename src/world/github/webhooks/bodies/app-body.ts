import type { GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf } from '../../state/find.ts'
import type { WorldApp } from '../../state/people.ts'
import { accountBody, timeText } from './account-body.ts'

export function appBody(state: GitHubState, app: WorldApp) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    client_id: app.clientId,
    owner: accountBody(state, accountOf(state, app.owner)),
    name: app.name,
    description: app.description,
    external_url: `${state.settings.htmlUrl}/${app.slug}`,
    html_url: `${state.settings.htmlUrl}/apps/${app.slug}`,
    created_at: timeText(app.createdAt),
    updated_at: timeText(app.updatedAt),
    permissions: app.permissions,
    events: app.events,
  }
}
