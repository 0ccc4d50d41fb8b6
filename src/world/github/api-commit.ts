import type { Actor, GitHub } from './github-state.ts'
import { noreply, personOf, signer, webCommitter } from './signature.ts'
import { accountBehind } from './state/roles.ts'
import type { GitPerson } from './storage/git-storage.ts'

export interface FileChange {
  readonly path: string
  /** null removes it. */
  readonly content: string | Uint8Array | null
}

export interface CommitRequest {
  readonly repository: number
  readonly parent: string | null
  readonly files: readonly FileChange[]
  readonly message: string
  /** Through the site or the API: committed and signed by GitHub. */
  readonly isWeb: boolean
  readonly author?: GitPerson
}

/** Writes a commit that changes some files of its parent; no ref points at it yet. */
export async function newCommit(github: GitHub, actor: Actor, request: CommitRequest): Promise<string> {
  const { storage } = github
  const changes = new Map<string, { oid: string; mode: string } | null>()
  const parent = request.parent === null ? null : await storage.commit(request.repository, request.parent)
  const root = parent?.tree ?? (await storage.writeTree(request.repository, []))
  for (const file of request.files) {
    const old = file.content === null ? null : await storage.entry(request.repository, root, file.path)
    const mode = old?.mode.startsWith('10') === true ? old.mode : '100644'
    const bytes = typeof file.content === 'string' ? Buffer.from(file.content) : file.content
    changes.set(file.path, bytes === null ? null : { oid: await storage.writeBlob(request.repository, bytes), mode })
  }
  const tree = await storage.changeTree(request.repository, root, changes)
  return commitTree(github, actor, { ...request, tree, parents: request.parent === null ? [] : [request.parent] })
}

/** Writes a commit of a tree that is there. */
export async function commitTree(
  github: GitHub,
  actor: Actor,
  request: Pick<CommitRequest, 'repository' | 'message' | 'isWeb' | 'author'> & {
    readonly tree: string
    readonly parents: readonly string[]
    readonly committer?: GitPerson
  },
): Promise<string> {
  const author = request.author ?? apiPerson(github, actor)
  return github.storage.writeCommit(request.repository, {
    tree: request.tree,
    parents: request.parents,
    author,
    committer: request.committer ?? (request.isWeb ? webCommitter(github.clock.now()) : author),
    message: request.message,
    ...(request.isWeb && github.state.settings.signsWebCommits ? { sign: signer(github.state) } : {}),
  })
}

/** How an actor stands in commits: bots by their `noreply` address. */
function apiPerson(github: GitHub, actor: Actor): GitPerson {
  const account = accountBehind(actor)
  const person = personOf(account, github.clock.now())
  return account.type === 'Bot' ? { ...person, email: noreply(account) } : person
}
