import type { GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import { accountOf, appOf } from '../../state/find.ts'
import type { WorldInstallation } from '../../state/people.ts'
import { accountBody, accountBodyOrNull, timeText, timeTextOrNull } from './account-body.ts'

export function installationBody(state: GitHubState, installation: WorldInstallation) {
  const account = accountOf(state, installation.account)
  const app = appOf(state, installation.app)
  const { apiUrl, htmlUrl } = state.settings
  const folder = account.type === 'Organization' ? `organizations/${account.login}/settings` : 'settings'
  return {
    id: installation.id,
    client_id: app.clientId,
    account: accountBody(state, account),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${apiUrl}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${apiUrl}/installation/repositories`,
    html_url: `${htmlUrl}/${folder}/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: installation.events,
    created_at: timeText(installation.createdAt),
    updated_at: timeText(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: accountBodyOrNull(state, installation.suspendedBy),
    suspended_at: timeTextOrNull(installation.suspendedAt),
  }
}

/** As every other event carries it. */
export function tinyInstallationBody(installation: WorldInstallation) {
  return { id: installation.id, node_id: nodeId('Installation', installation.id) }
}
