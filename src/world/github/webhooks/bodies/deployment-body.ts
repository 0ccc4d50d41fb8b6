import type { GitHubState } from '../../github-state.ts'
import { nodeId } from '../../node-id.ts'
import type { DeploymentStatus, WorldDeployment } from '../../state/checks.ts'
import { accountOf, appOf, repositoryOf } from '../../state/find.ts'
import { accountBody, timeText } from './account-body.ts'
import { appBody } from './app-body.ts'
import { repositoryUrl } from './repository-body.ts'

export function deploymentBody(state: GitHubState, deployment: WorldDeployment) {
  const base = repositoryUrl(state, repositoryOf(state, deployment.repository))
  const url = `${base}/deployments/${deployment.id}`
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    task: deployment.task,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: timeText(deployment.createdAt),
    updated_at: timeText(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: base,
    creator: accountBody(state, accountOf(state, deployment.creator)),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.isTransient,
    production_environment: deployment.isProduction,
    performed_via_github_app: appBehind(state, deployment.app),
  }
}

export function deploymentStatusBody(state: GitHubState, deployment: WorldDeployment, status: DeploymentStatus) {
  const base = repositoryUrl(state, repositoryOf(state, deployment.repository))
  const url = `${base}/deployments/${deployment.id}`
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: accountBody(state, accountOf(state, status.creator)),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: timeText(status.createdAt),
    updated_at: timeText(status.createdAt),
    deployment_url: url,
    repository_url: base,
    ...(status.environmentUrl === '' ? {} : { environment_url: status.environmentUrl }),
    ...(status.logUrl === '' ? {} : { log_url: status.logUrl }),
    performed_via_github_app: appBehind(state, status.app),
  }
}

/** The app that deployed, as the schemas of deployments have it: without its client id. */
function appBehind(state: GitHubState, id: number | null) {
  if (id === null) return null
  const { client_id: _, ...body } = appBody(state, appOf(state, id))
  return body
}
