import { announce } from '../announce.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { requiredCheckState, statusesOn } from '../required-checks.ts'
import type { DeploymentStatus, WorldDeployment } from '../state/checks.ts'
import { notFound, runsOn, takeId } from '../state/find.ts'
import { accountBehind } from '../state/roles.ts'
import { deploymentBody, deploymentStatusBody } from '../webhooks/bodies/deployment-body.ts'

export interface NewDeployment {
  readonly repository: number
  /** Branch, tag or commit. */
  readonly ref: string
  readonly task?: string
  readonly environment?: string
  readonly description?: string | null
  readonly payload?: unknown
  readonly isTransient?: boolean
  readonly isProduction?: boolean
  /** Contexts that must have passed on the commit; null asks for all that are there. */
  readonly requiredContexts?: readonly string[] | null
}

/** @throws {Refusal} 422 for a ref that is not there, 409 when checks of the commit have not passed */
export function createDeployment(github: GitHub, actor: Actor, input: NewDeployment): Promise<WorldDeployment> {
  return github.turn(input.repository, async () => {
    const sha = await shaOf(github, input.repository, input.ref)
    refuseUnchecked(github, input, sha)
    const now = github.clock.now()
    const environment = input.environment ?? 'production'
    const deployment: WorldDeployment = {
      id: takeId(github.state),
      repository: input.repository,
      sha,
      ref: input.ref,
      task: input.task ?? 'deploy',
      environment,
      originalEnvironment: environment,
      description: input.description ?? null,
      payload: input.payload ?? {},
      isTransient: input.isTransient ?? false,
      isProduction: input.isProduction ?? environment === 'production',
      creator: accountBehind(actor).id,
      app: actor.kind === 'installation' ? actor.app.id : null,
      createdAt: now,
      updatedAt: now,
    }
    github.state.deployments.set(deployment.id, deployment)
    await announce(github, actor, {
      event: 'deployment',
      action: 'created',
      repository: input.repository,
      body: () => ({ deployment: deploymentBody(github.state, deployment), workflow: null, workflow_run: null }),
    })
    return deployment
  })
}

export interface NewDeploymentStatus {
  readonly repository: number
  readonly deployment: number
  readonly state: DeploymentStatus['state']
  readonly description?: string
  readonly environment?: string
  readonly environmentUrl?: string
  readonly logUrl?: string
  /** A success makes the environment's earlier deployments inactive. */
  readonly autoInactive?: boolean
}

export function createDeploymentStatus(
  github: GitHub,
  actor: Actor,
  input: NewDeploymentStatus,
): Promise<DeploymentStatus> {
  return github.turn(input.repository, async () => {
    const deployment = github.state.deployments.get(input.deployment)
    if (deployment === undefined || deployment.repository !== input.repository) throw notFound()
    const status = await addStatus(github, actor, deployment, input)
    if (input.state !== 'success' || input.autoInactive === false) return status
    for (const earlier of olderThan(github, deployment)) await addStatus(github, actor, earlier, { state: 'inactive' })
    return status
  })
}

async function addStatus(
  github: GitHub,
  actor: Actor,
  deployment: WorldDeployment,
  input: Pick<NewDeploymentStatus, 'state'> & Partial<NewDeploymentStatus>,
): Promise<DeploymentStatus> {
  const { state } = github
  const now = github.clock.now()
  const environment = input.environment ?? deployment.environment
  const status: DeploymentStatus = {
    id: takeId(state),
    deployment: deployment.id,
    state: input.state,
    description: input.description ?? '',
    environment,
    environmentUrl: input.environmentUrl ?? '',
    logUrl: input.logUrl ?? '',
    creator: accountBehind(actor).id,
    app: actor.kind === 'installation' ? actor.app.id : null,
    createdAt: now,
  }
  const next = { ...deployment, environment, updatedAt: now }
  state.deploymentStatuses.set(status.id, status)
  state.deployments.set(deployment.id, next)
  await announce(github, actor, {
    event: 'deployment_status',
    action: 'created',
    repository: deployment.repository,
    body: () => ({
      deployment_status: deploymentStatusBody(state, next, status),
      deployment: deploymentBody(state, next),
    }),
  })
  return status
}

/** Successful, lasting deployments of before in the same environment. */
function olderThan(github: GitHub, deployment: WorldDeployment): readonly WorldDeployment[] {
  const { state } = github
  return [...state.deployments.values()].filter((one) => {
    const isEarlier = one.id < deployment.id && one.repository === deployment.repository
    if (!isEarlier || one.environment !== deployment.environment || one.isTransient) return false
    const latest = [...state.deploymentStatuses.values()].findLast((status) => status.deployment === one.id)
    return latest?.state === 'success'
  })
}

async function shaOf(github: GitHub, repository: number, ref: string): Promise<string> {
  for (const full of [`refs/heads/${ref}`, `refs/tags/${ref}`, ref]) {
    const tip = await github.storage.tip(repository, full)
    if (tip !== null) return tip
  }
  const commit = await github.storage.commit(repository, ref)
  if (commit === null) throw new Refusal(422, `No ref found for: ${ref}`)
  return commit.sha
}

function refuseUnchecked(github: GitHub, input: NewDeployment, sha: string): void {
  const { state } = github
  const there = [
    ...runsOn(state, input.repository, sha).map((run) => run.name),
    ...statusesOn(state, input.repository, sha).map((status) => status.context),
  ]
  const wanted = input.requiredContexts ?? there
  const isFine = (context: string) =>
    requiredCheckState(state, input.repository, sha, { context, app: null }) === 'passing'
  if (!wanted.every(isFine)) throw new Refusal(409, `Conflict: Commit status checks failed for ${input.ref}.`)
}
