import type { DeploymentStatus, GitHubState } from '../../../github-state.ts'
import { nodeId } from '../../../node-id.ts'
import { timeText } from '../../../webhooks/bodies/account-body.ts'
import { connection } from '../connection.ts'
import type { Fields } from '../graphql-call.ts'
import {
  accountThing,
  commitThing,
  type DeploymentStatusThing,
  type DeploymentThing,
  repositoryThing,
} from '../things.ts'

export const deploymentFields: Fields<DeploymentThing> = {
  id: ({ deployment }) => nodeId('Deployment', deployment.id),
  databaseId: ({ deployment }) => deployment.id,
  commitOid: ({ deployment }) => deployment.sha,
  commit: ({ deployment }, _, call) => commitThing(call, deployment.repository, deployment.sha),
  environment: ({ deployment }) => deployment.environment,
  originalEnvironment: ({ deployment }) => deployment.originalEnvironment,
  description: ({ deployment }) => deployment.description,
  task: ({ deployment }) => deployment.task,
  payload: ({ deployment }) => JSON.stringify(deployment.payload ?? {}),
  creator: ({ deployment }, _, call) => accountThing(call, deployment.creator),
  createdAt: ({ deployment }) => timeText(deployment.createdAt),
  updatedAt: ({ deployment }) => timeText(deployment.updatedAt),
  repository: ({ deployment }, _, call) => repositoryThing(call, deployment.repository),
  state: ({ deployment }, _, { github }) => {
    const [latest] = statusesOf(github.state, deployment.id)
    return latest === undefined ? 'PENDING' : (STATES[latest.state] ?? latest.state.toUpperCase())
  },
  latestStatus: ({ deployment }, _, { github }) => statusesOf(github.state, deployment.id).map(statusThing)[0] ?? null,
  statuses: ({ deployment }, args, { github }) =>
    connection('statuses', statusesOf(github.state, deployment.id).map(statusThing), args),
}

const STATES: Readonly<Record<string, string>> = { success: 'ACTIVE' }

export const deploymentStatusFields: Fields<DeploymentStatusThing> = {
  id: ({ of }) => nodeId('DeploymentStatus', of.id),
  state: ({ of }) => of.state.toUpperCase(),
  description: ({ of }) => of.description,
  environment: ({ of }) => of.environment,
  environmentUrl: ({ of }) => of.environmentUrl,
  logUrl: ({ of }) => of.logUrl,
  createdAt: ({ of }) => timeText(of.createdAt),
  updatedAt: ({ of }) => timeText(of.createdAt),
  creator: ({ of }, _, call) => accountThing(call, of.creator),
}

/** Newest first. */
function statusesOf(state: GitHubState, deployment: number): readonly DeploymentStatus[] {
  return [...state.deploymentStatuses.values()].filter((one) => one.deployment === deployment).reverse()
}

function statusThing(of: DeploymentStatus): DeploymentStatusThing {
  return { __typename: 'DeploymentStatus', of }
}
