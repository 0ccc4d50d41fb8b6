import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Octokit } from 'octokit'
import { onTestFinished } from 'vitest'
import type { NewFile } from '../../src/adapters/checkout/new-repository.ts'
import { registryFiles, storeFiles } from '../../src/demo/adult-registry.ts'
import { STORIES } from '../../src/demo/stories.ts'
import { virtualClock } from '../../src/world/clock.ts'
import { issueUserToken } from '../../src/world/github/acts/issue-token.ts'
import { findAccount } from '../../src/world/github/state/find.ts'
import { openWorld, type World } from '../../src/world/world.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const WORKFLOWS = '.github/workflows'
type Files = Readonly<Record<string, NewFile['content']>>

/** A workflow as `init --example` writes it. */
export function template(name: string): string {
  return readFileSync(new URL(`../../src/world/template/${WORKFLOWS}/${name}`, import.meta.url), 'utf8')
}

/** A workflow that the README shows. */
export function example(name: string): string {
  return readFileSync(new URL(`../../action/examples/${name}`, import.meta.url), 'utf8')
}

/** The demo's registry on GitHub, without any app: workflows with the Action of this checkout, on a runner. */
export async function openActionWorld(workflows: Files, more: Files = {}): Promise<World> {
  const world = await openWorld({ clock: virtualClock() })
  onTestFinished(() => world.close())
  await world.user('ada', { permission: 'admin' })
  await world.user('ben')
  const files = Object.fromEntries([...(await storeFiles()), ...(await registryFiles())].map(contentOf))
  const written = Object.entries(workflows).map(([name, text]) => [`${WORKFLOWS}/${name}`, text] as const)
  await world.repository('acme/models', {
    files: { ...files, ...more, ...Object.fromEntries(written) },
    isPrivate: true,
  })
  await world.listens()
  world.actions.runner({ actions: { 'weighbridge/weighbridge': ROOT } })
  return world
}

export interface Dispatch {
  readonly by: string
  readonly workflow: string
  readonly inputs?: Readonly<Record<string, string>>
}

/** Somebody starts a workflow of acme/models on main. */
export async function dispatch(world: World, { by, workflow, inputs = {} }: Dispatch): Promise<void> {
  const { running, state } = world.github
  const octokit = new Octokit({
    auth: issueUserToken(running, findAccount(state, by)?.id ?? 0).token,
    baseUrl: state.settings.apiUrl,
    request: { fetch: world.fetch },
    retry: { enabled: false },
    throttle: { enabled: false },
  })
  const where = { owner: 'acme', repo: 'models', workflow_id: workflow, ref: 'main' }
  await octokit.rest.actions.createWorkflowDispatch({ ...where, inputs })
}

/** What a pull request of the demo changes. */
export async function storyFiles(branch: string): Promise<Readonly<Record<string, NewFile['content']>>> {
  const story = STORIES.find((one) => one.branch === branch)
  if (story === undefined) throw new Error(`the demo has no ${branch}`)
  return Object.fromEntries((await story.files()).map(contentOf))
}

function contentOf({ path, content }: NewFile): readonly [string, NewFile['content']] {
  return [path, content]
}
