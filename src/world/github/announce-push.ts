import { announce } from './announce.ts'
import type { Actor, GitHub } from './github-state.ts'
import { noreply } from './signature.ts'
import { accountOf, repositoryOf } from './state/find.ts'
import { accountBehind } from './state/roles.ts'
import type { RefChange } from './storage/git-storage.ts'
import { accountBody } from './webhooks/bodies/account-body.ts'
import { pushCommitBody } from './webhooks/bodies/commit-body.ts'
import { repositoryBody, repositoryPage } from './webhooks/bodies/repository-body.ts'

const NONE = '0'.repeat(40)
/** GitHub lists at most this many commits in a `push` event. */
const MOST_COMMITS = 2048

/** The `push` event of one ref. */
export async function announcePush(
  github: GitHub,
  actor: Actor,
  repository: number,
  change: RefChange,
  isForced: boolean,
): Promise<void> {
  await announce(github, actor, {
    event: 'push',
    action: null,
    repository,
    tip: { ref: change.ref, sha: change.to },
    body: () => pushBody(github, actor, repository, change, isForced),
  })
}

async function pushBody(github: GitHub, actor: Actor, repositoryId: number, change: RefChange, isForced: boolean) {
  const { state, storage } = github
  const repository = repositoryOf(state, repositoryId)
  const page = repositoryPage(state, repository)
  const head = change.to === null ? null : await storage.commit(repositoryId, change.to)
  const account = accountBehind(actor)
  const owner = accountOf(state, repository.owner)
  const name = change.ref.replace(/^refs\/(heads|tags)\//, '')
  const range = change.from === null ? name : `${change.from.slice(0, 12)}...${(change.to ?? NONE).slice(0, 12)}`
  return {
    ref: change.ref,
    before: change.from ?? NONE,
    after: change.to ?? NONE,
    // the times of a repository are numbers here, and nowhere else
    repository: {
      ...repositoryBody(state, repository),
      custom_properties: {},
      owner: { ...accountBody(state, owner), name: owner.login, email: owner.email },
      created_at: Math.floor(repository.createdAt / 1000),
      pushed_at: Math.floor(repository.pushedAt / 1000),
      stargazers: 0,
      master_branch: repository.defaultBranch,
    },
    pusher: { name: account.login, email: account.email ?? noreply(account) },
    created: change.from === null,
    deleted: change.to === null,
    forced: isForced,
    base_ref: null,
    compare: `${page}/compare/${range}`,
    commits: await newCommits(github, repositoryId, change),
    head_commit: head === null ? null : await pushCommitBody(github, repositoryId, head, true),
  }
}

/** Commits that were on no branch of the repository's default line before. */
async function newCommits(github: GitHub, repositoryId: number, change: RefChange) {
  if (change.to === null || !change.ref.startsWith('refs/heads/')) return []
  const { storage, state } = github
  const main = await storage.tip(repositoryId, `refs/heads/${repositoryOf(state, repositoryId).defaultBranch}`)
  const since = change.from ?? (main === change.to ? null : main)
  const shas = await storage.commitsBetween(repositoryId, since, change.to)
  const bodies = []
  for (const sha of shas.slice(-MOST_COMMITS)) {
    const commit = await storage.commit(repositoryId, sha)
    if (commit !== null) bodies.push(await pushCommitBody(github, repositoryId, commit, true))
  }
  return bodies
}
