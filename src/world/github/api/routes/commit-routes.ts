import { Refusal, type WorldRepository } from '../../github-state.ts'
import { pullsOf } from '../../state/find.ts'
import { commitBody } from '../../webhooks/bodies/commit-body.ts'
import { shortPullBody } from '../../webhooks/bodies/pull-body.ts'
import { repositoryPage } from '../../webhooks/bodies/repository-body.ts'
import { fileBodies } from '../bodies/file-body.ts'
import { shownPulls } from '../carrying-pulls.ts'
import { commitMeant } from '../named.ts'
import { listed, pageOf } from '../paging.ts'
import { found, type RestCall, type RestHandler } from '../rest-call.ts'

/** Files of a comparison, whatever page is asked for, and of one page of a commit. */
const MOST_FILES = 300
const MOST_COMMITS = 250

export const commitRoutes = {
  'repos/compare-commits-with-basehead': compare,
  'repos/get-commit': async (call) => {
    const { github, repository } = call
    const sha = await meant(call, call.params.ref ?? '')
    const commit = found(await github.storage.commit(repository.id, sha))
    const from = commit.parents[0] ?? null
    const files = await github.storage.diff(repository.id, from, sha)
    const { items, headers } = pageOf(call, files, MOST_FILES)
    const additions = files.reduce((sum, file) => sum + file.additions, 0)
    const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
    return {
      status: 200,
      headers,
      body: {
        ...commitBody(github, repository.id, commit),
        stats: { additions, deletions, total: additions + deletions },
        files: await fileBodies(github, { repository, from, to: sha }, items),
      },
    }
  },
  'repos/list-commits': async (call) => {
    const { github, repository, query } = call
    const from = await commitMeant(github, repository, query.sha ?? 'HEAD')
    if (from === null)
      throw query.sha === undefined ? new Refusal(409, 'Git Repository is empty.') : new Refusal(404, 'Not Found')
    const path = query.path === undefined ? {} : { path: query.path }
    const shas = await github.storage.history(repository.id, from, path)
    return listed(call, shas, async (sha) =>
      commitBody(github, repository.id, found(await github.storage.commit(repository.id, sha))),
    )
  },
  'repos/list-pull-requests-associated-with-commit': async (call) => {
    const { github, repository, params } = call
    const sha = await meant(call, params.commit_sha ?? '')
    const pulls = await shownPulls(github, pullsOf(github.state, repository.id), sha)
    return listed(call, pulls, (pull) => shortPullBody(github.state, pull))
  },
} satisfies Readonly<Record<string, RestHandler>>

async function compare(call: RestCall) {
  const { github, repository } = call
  const { storage } = github
  const [baseText = '', headText] = (call.params.basehead ?? '').split('...')
  if (headText === undefined || headText === '') throw new Refusal(404, 'Not Found')
  const base = await meant(call, baseText)
  const head = await meant(call, headText)
  const mergeBase = await storage.mergeBase(repository.id, base, head)
  if (mergeBase === null) throw new Refusal(404, `No common ancestor between ${baseText} and ${headText}.`)
  const { ahead, behind } = await storage.aheadBehind(repository.id, base, head)
  const shas = await storage.commitsBetween(repository.id, base, head)
  const { items, headers } = pageOf(call, shas, MOST_COMMITS)
  // files come with the first page only
  const isFirst = Number(call.query.page ?? 1) === 1
  const files = isFirst ? (await storage.diff(repository.id, mergeBase, head)).slice(0, MOST_FILES) : []
  const shown = async (sha: string) =>
    commitBody(github, repository.id, found(await storage.commit(repository.id, sha)))
  const page = `${repositoryPage(github.state, repository)}/compare/${baseText}...${headText}`
  return {
    status: 200,
    headers,
    body: {
      url: call.url,
      html_url: page,
      permalink_url: `${repositoryPage(github.state, repository)}/compare/${base}...${head}`,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      base_commit: await shown(base),
      merge_base_commit: await shown(mergeBase),
      status: statusOf(ahead, behind),
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: await Promise.all(items.map(shown)),
      files: await fileBodies(github, { repository, from: mergeBase, to: head }, files),
    },
  }
}

function statusOf(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead === 0 && behind === 0) return 'identical'
  if (behind === 0) return 'ahead'
  return ahead === 0 ? 'behind' : 'diverged'
}

/** `owner:ref` means the ref of a fork in the same network, whose commits all lie here. */
async function meant({ github, repository }: RestCall, text: string): Promise<string> {
  const [owner, ref] = text.includes(':')
    ? [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
    : [null, text]
  const place = owner === null ? repository : forkOf(github.state.repositories.values(), repository, owner, github)
  const sha = place === null ? null : await commitMeant(github, place, ref)
  if (sha === null)
    throw isSha(text) ? new Refusal(422, `No commit found for SHA: ${text}`) : new Refusal(404, 'Not Found')
  return sha
}

function forkOf(
  all: Iterable<WorldRepository>,
  repository: WorldRepository,
  owner: string,
  github: RestCall['github'],
): WorldRepository | null {
  for (const one of all) {
    const login = github.state.accounts.get(one.owner)?.login.toLowerCase()
    if (one.network === repository.network && login === owner.toLowerCase()) return one
  }
  return null
}

function isSha(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}
