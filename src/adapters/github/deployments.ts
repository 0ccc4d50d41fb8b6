import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { userSchema } from './account.ts'
import { createdOnce } from './created-once.ts'
import { inRepository, type Side } from './side.ts'

export interface DeploymentOf {
  readonly environment: string
  readonly sha: string
  readonly model: string
  readonly version: string
  readonly description: string
}

const MOST_PAGES = 3
const deploymentSchema = z.object({ id: z.int().positive(), sha: z.string(), creator: userSchema.nullable() })
const madeSchema = z.object({ id: z.int().positive() })

/**
 * A deployment with its first status, once for an environment, commit and model. It never merges anything into the
 * commit and asks for no checks: the merge has already happened.
 */
export async function deployment(side: Side, repository: HostedRepository, of: DeploymentOf): Promise<void> {
  const find = () => ours(side, repository, of)
  const call = {
    operation: 'create a deployment',
    route: 'POST /repos/{owner}/{repo}/deployments',
    parameters: {
      ...inRepository(repository),
      ref: of.sha,
      task: taskOf(of),
      environment: of.environment,
      auto_merge: false,
      required_contexts: [],
      description: of.description.slice(0, 140),
      payload: { model: of.model, version: of.version },
    },
    answer: madeSchema,
  }
  const { id } = (await find()) ?? (await createdOnce(side, { find, create: () => side.calls.send(call, false) }))
  await firstStatus(side, repository, id, of.description)
}

function taskOf({ model }: DeploymentOf): string {
  return `weighbridge:${model}`
}

async function ours({ calls, bot }: Side, repository: HostedRepository, of: DeploymentOf) {
  const { id } = await bot()
  const all = await calls.pages(
    {
      operation: 'list the deployments',
      route: 'GET /repos/{owner}/{repo}/deployments',
      parameters: { ...inRepository(repository), sha: of.sha, environment: of.environment, task: taskOf(of) },
      answer: z.array(deploymentSchema),
    },
    MOST_PAGES,
  )
  return all.find(({ creator, sha }) => creator?.id === id && sha === of.sha) ?? null
}

/** What serves is Git's word now; whether it serves well, later statuses say. */
async function firstStatus(side: Side, repository: HostedRepository, id: number, description: string): Promise<void> {
  const parameters = { ...inRepository(repository), deployment_id: id }
  const route = '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses'
  const find = async () => {
    const answer = z.array(madeSchema)
    return (
      (await side.calls.get({ operation: 'read a deployment', route: `GET ${route}`, parameters, answer }))[0] ?? null
    )
  }
  const call = {
    operation: 'say that it is deployed',
    route: `POST ${route}`,
    parameters: { ...parameters, state: 'success', description: description.slice(0, 140) },
    answer: madeSchema,
  }
  if ((await find()) === null) await createdOnce(side, { find, create: () => side.calls.send(call, false) })
}
