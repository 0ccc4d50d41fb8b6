import {
  createDeployment,
  createDeploymentStatus,
  type NewDeployment,
  type NewDeploymentStatus,
} from '../../acts/deploy.ts'
import type { DeploymentStatus } from '../../github-state.ts'
import { deploymentBody, deploymentStatusBody } from '../../webhooks/bodies/deployment-body.ts'
import { listed } from '../paging.ts'
import { created, found, ok, type RestCall, type RestHandler } from '../rest-call.ts'

export const deploymentRoutes = {
  'repos/list-deployments': (call) => {
    const { state } = call.github
    const { sha, ref, task, environment } = call.query
    const is = (asked: string | undefined, value: string) => asked === undefined || asked === 'none' || asked === value
    const all = [...state.deployments.values()]
      .filter((one) => one.repository === call.repository.id)
      .filter((one) => is(sha, one.sha) && is(ref, one.ref) && is(task, one.task) && is(environment, one.environment))
      .reverse()
    return listed(call, all, (one) => deploymentBody(state, one))
  },
  'repos/create-deployment': async (call) => {
    const deployment = await createDeployment(call.github, call.actor, deploymentInput(call))
    return created(deploymentBody(call.github.state, deployment))
  },
  'repos/get-deployment': (call) => ok(deploymentBody(call.github.state, deploymentIn(call))),
  'repos/list-deployment-statuses': (call) => {
    const { state } = call.github
    const deployment = deploymentIn(call)
    const all = [...state.deploymentStatuses.values()].filter((one) => one.deployment === deployment.id).reverse()
    return listed(call, all, (one) => deploymentStatusBody(state, deployment, one))
  },
  'repos/create-deployment-status': async (call) => {
    const deployment = deploymentIn(call)
    const status = await createDeploymentStatus(call.github, call.actor, statusInput(call, deployment.id))
    return created(deploymentStatusBody(call.github.state, deployment, status))
  },
} satisfies Readonly<Record<string, RestHandler>>

function deploymentIn(call: RestCall) {
  const one = found(call.github.state.deployments.get(Number(call.params.deployment_id)))
  return found(one.repository === call.repository.id ? one : null)
}

interface DeploymentBody {
  readonly ref: string
  readonly task?: string
  readonly environment?: string
  readonly description?: string | null
  readonly payload?: unknown
  readonly transient_environment?: boolean
  readonly production_environment?: boolean
  readonly required_contexts?: readonly string[]
}

function deploymentInput(call: RestCall): NewDeployment {
  const body = call.body as unknown as DeploymentBody
  return {
    repository: call.repository.id,
    ref: body.ref,
    description: body.description ?? null,
    payload: body.payload ?? {},
    isTransient: body.transient_environment ?? false,
    requiredContexts: body.required_contexts ?? null,
    ...(body.task === undefined ? {} : { task: body.task }),
    ...(body.environment === undefined ? {} : { environment: body.environment }),
    ...(body.production_environment === undefined ? {} : { isProduction: body.production_environment }),
  }
}

interface StatusBody {
  readonly state: DeploymentStatus['state']
  readonly description?: string
  readonly environment?: string
  readonly environment_url?: string
  readonly log_url?: string
  readonly target_url?: string
  readonly auto_inactive?: boolean
}

function statusInput(call: RestCall, deployment: number): NewDeploymentStatus {
  const body = call.body as unknown as StatusBody
  return {
    repository: call.repository.id,
    deployment,
    state: body.state,
    description: body.description ?? '',
    environmentUrl: body.environment_url ?? '',
    logUrl: body.log_url ?? body.target_url ?? '',
    autoInactive: body.auto_inactive ?? true,
    ...(body.environment === undefined ? {} : { environment: body.environment }),
  }
}
