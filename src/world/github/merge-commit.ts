import { commitTree } from './api-commit.ts'
import type { Actor, GitHub } from './github-state.ts'
import { personOf } from './signature.ts'
import { accountOf, issueOf } from './state/find.ts'
import type { WorldPull } from './state/pulls.ts'

export interface MergeHow {
  /** What it lands on. */
  readonly base: string
  readonly method: 'merge' | 'squash' | 'rebase'
  readonly title?: string
  readonly message?: string
}

/** Writes what a merge makes, without moving a branch; null when there are conflicts. */
export function makeMergeCommit(github: GitHub, actor: Actor, pull: WorldPull, how: MergeHow): Promise<string | null> {
  if (how.method === 'rebase') return rebase(github, actor, pull, how.base)
  return how.method === 'squash' ? squash(github, actor, pull, how) : merge(github, actor, pull, how)
}

/** Two parents: the base, then the head. */
async function merge(github: GitHub, actor: Actor, pull: WorldPull, how: MergeHow): Promise<string | null> {
  const { state, storage } = github
  const tree = await storage.mergeTree(pull.repository, how.base, pull.head.sha)
  if (tree === null) return null
  const from = `${accountOf(state, pull.head.owner).login}/${pull.head.ref}`
  const title = how.title ?? `Merge pull request #${pull.number} from ${from}`
  const message = `${title}\n\n${how.message ?? issueOf(state, pull.repository, pull.number).title}`
  const parents = [how.base, pull.head.sha]
  return commitTree(github, actor, { repository: pull.repository, tree, parents, message, isWeb: true })
}

/** One new commit by the pull request's author; the branch's own commits are no ancestors of it. */
async function squash(github: GitHub, actor: Actor, pull: WorldPull, how: MergeHow): Promise<string | null> {
  const { state, storage } = github
  const tree = await storage.mergeTree(pull.repository, how.base, pull.head.sha)
  if (tree === null) return null
  const issue = issueOf(state, pull.repository, pull.number)
  const commits = await ownCommits(github, pull, how.base)
  const messages = await Promise.all(commits.map(async (sha) => (await storage.commit(pull.repository, sha))?.message))
  const body = how.message ?? (messages.length > 1 ? messages.map((one) => `* ${one?.trim()}`).join('\n\n') : '')
  const title = how.title ?? `${issue.title} (#${pull.number})`
  return commitTree(github, actor, {
    repository: pull.repository,
    tree,
    parents: [how.base],
    message: body === '' ? title : `${title}\n\n${body}`,
    isWeb: true,
    author: personOf(accountOf(state, issue.author), github.clock.now()),
  })
}

/** Each commit again on top of the base, with its author, committed by who merges, unsigned; merges are left out. */
async function rebase(github: GitHub, actor: Actor, pull: WorldPull, base: string): Promise<string | null> {
  const { storage } = github
  let onto = base
  for (const sha of await ownCommits(github, pull, base)) {
    const commit = await storage.commit(pull.repository, sha)
    if (commit === null || commit.parents.length !== 1) continue
    const tree = await cherryPick(github, pull.repository, onto, sha)
    if (tree === null) return null
    const { author, message } = commit
    const repository = pull.repository
    const committer = personOf(
      actor.kind === 'anonymous' ? accountOf(github.state, -1) : actor.account,
      github.clock.now(),
    )
    onto = await commitTree(github, actor, {
      repository,
      tree,
      parents: [onto],
      message,
      isWeb: false,
      author,
      committer,
    })
  }
  return onto
}

/** Git merges by ancestry: the target's tree, put on the commit's parent, makes that parent the merge base. */
async function cherryPick(github: GitHub, repository: number, onto: string, sha: string): Promise<string | null> {
  const { storage } = github
  const [commit, target] = [await storage.commit(repository, sha), await storage.commit(repository, onto)]
  if (commit === null || target === null) return null
  const { author, committer } = commit
  const stand = { tree: target.tree, parents: commit.parents, author, committer, message: 'a target to pick onto' }
  return storage.mergeTree(repository, await storage.writeCommit(repository, stand), sha)
}

async function ownCommits(github: GitHub, pull: WorldPull, base: string): Promise<readonly string[]> {
  return github.storage.commitsBetween(pull.repository, base, pull.head.sha)
}
