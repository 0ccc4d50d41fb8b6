import { type Octokit, RequestError } from 'octokit'
import type { FactApi, Files } from './fact.ts'

export interface Connections {
  readonly here: FactApi['here']
  readonly ada: Octokit
  readonly bob: Octokit
  readonly bot: Octokit
  readonly itself: Octokit
  readonly appId: number
  wait(ms: number): Promise<void>
}

/** The acts of facts, on whatever answers at the other end. */
export function factApi({ here, ada, bob, bot, itself, appId, wait }: Connections): FactApi {
  let made = 0
  const fresh = (kind: string) => `${kind}-${++made}`
  const tip = async (branch: string) => (await ada.rest.git.getRef({ ...here, ref: `heads/${branch}` })).data.object.sha

  const commit = async (parent: string, files: Files, by: Octokit) => {
    const base = (await by.rest.git.getCommit({ ...here, commit_sha: parent })).data.tree.sha
    const tree = Object.entries(files).map(
      ([path, content]) => ({ path, content, mode: '100644', type: 'blob' }) as const,
    )
    const root = await by.rest.git.createTree({ ...here, base_tree: base, tree })
    const message = `Change ${Object.keys(files)[0]}`
    return (await by.rest.git.createCommit({ ...here, message, tree: root.data.sha, parents: [parent] })).data.sha
  }

  const branch: FactApi['branch'] = async (files = {}, { from = 'main', by = ada } = {}) => {
    const name = fresh('branch')
    const start = await tip(from)
    const sha = Object.keys(files).length === 0 ? start : await commit(start, files, by)
    await by.rest.git.createRef({ ...here, ref: `refs/heads/${name}`, sha })
    return { name, sha }
  }

  return {
    here,
    ada,
    bob,
    bot,
    itself,
    appId,
    branch,
    push: async (name, files, by = ada) => {
      const sha = await commit(await tip(name), files, by)
      await by.rest.git.updateRef({ ...here, ref: `heads/${name}`, sha })
      return sha
    },
    base: async (protection) => {
      const { name } = await branch()
      if (protection !== undefined)
        await ada.rest.repos.updateBranchProtection({ ...here, branch: name, ...OPEN, ...protection })
      return name
    },
    pull: async ({ files, base = 'main', draft = false } = {}) => {
      const { name, sha } = await branch(files ?? { [`${fresh('file')}.txt`]: 'a\n' }, { from: base })
      const pull = await ada.rest.pulls.create({ ...here, title: name, head: name, base, draft })
      return { number: pull.data.number, id: pull.data.node_id, branch: name, head: sha }
    },
    check: async (sha, conclusion, name = 'weighbridge') => {
      const status = conclusion === null ? { status: 'in_progress' as const } : { conclusion }
      return (await bot.rest.checks.create({ ...here, name, head_sha: sha, ...status })).data.id
    },
    statusOf,
    errorsOf,
    ended: async (run_id) => {
      for (let tries = 0; tries < 120; tries++) {
        const { status } = (await ada.rest.actions.getWorkflowRun({ ...here, run_id })).data
        if (status === 'completed') return
        await wait(1_000)
      }
      throw new Error(`run ${run_id} did not end`)
    },
    mergeable: async (number) => {
      for (let tries = 0; tries < 20; tries++) {
        const { mergeable } = (await ada.rest.pulls.get({ ...here, pull_number: number })).data
        if (mergeable !== null) return mergeable
        await wait(1_000)
      }
      throw new Error(`GitHub never said whether #${number} can be merged`)
    },
  }
}

const OPEN = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
}

async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call
    return 200
  } catch (error) {
    if (error instanceof RequestError) return error.status
    throw error
  }
}

async function errorsOf(call: Promise<unknown>): Promise<readonly string[]> {
  try {
    await call
    return []
  } catch (error) {
    const { errors } = error as { readonly errors?: readonly { readonly type?: string }[] }
    if (errors === undefined) throw error
    return errors.map((one) => one.type ?? 'none')
  }
}
