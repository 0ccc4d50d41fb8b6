import { type FileChange, newCommit } from '../api-commit.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { moveRefs } from '../move-refs.ts'
import { refuseRefChange } from '../ref-rules.ts'
import { personOf } from '../signature.ts'
import { notFound, repositoryOf } from '../state/find.ts'
import type { WorldAccount } from '../state/people.ts'
import { accountBehind } from '../state/roles.ts'
import type { RefChange } from '../storage/git-storage.ts'

/** What a `git push` does once its objects are there: each ref is judged, and all move or none. */
export function push(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly changes: readonly RefChange[] },
): Promise<void> {
  const { repository: id, changes } = input
  return github.turn(id, async () => {
    const repository = repositoryOf(github.state, id)
    for (const change of changes) await refuseRefChange(github, actor, repository, change)
    await moveRefs(github, actor, ...changes.map((change) => ({ repository: id, change })))
  })
}

export interface PushedFiles {
  readonly repository: number
  readonly branch: string
  /** Path -> content; null removes the file. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>
  readonly message?: string
  /** Where a new branch starts: a branch or a commit, else the default branch. */
  readonly from?: string
  /** Whom the commit names as its author, which need not be who pushes. */
  readonly author?: WorldAccount
  /** Leaves the branch's own history: the commit stands on `from` alone. */
  readonly force?: boolean
}

/** Commits on somebody's machine and pushes: one unsigned commit on top of a branch, which is made when it is new. */
export async function pushFiles(github: GitHub, actor: Actor, input: PushedFiles): Promise<string> {
  const { repository, branch } = input
  const ref = `refs/heads/${branch}`
  const tip = await github.storage.tip(repository, ref)
  const parent = tip === null || input.force === true ? await startOf(github, input) : tip
  const files: FileChange[] = Object.entries(input.files).map(([path, content]) => ({ path, content }))
  const message = input.message ?? `Change ${files.map((file) => file.path).join(', ')}`
  const author = personOf(input.author ?? accountBehind(actor), github.clock.now())
  const sha = await newCommit(github, actor, {
    repository,
    parent,
    files,
    message: `${message}\n`,
    isWeb: false,
    author,
  })
  await push(github, actor, { repository, changes: [{ ref, from: tip, to: sha }] })
  return sha
}

async function startOf(github: GitHub, input: PushedFiles): Promise<string | null> {
  const from = input.from ?? repositoryOf(github.state, input.repository).defaultBranch
  if (/^[0-9a-f]{40}$/.test(from)) return from
  const tip = await github.storage.tip(input.repository, `refs/heads/${from}`)
  const isEmpty = (await github.storage.refs(input.repository, 'refs/heads/')).size === 0
  if (tip === null && !isEmpty) throw notFound()
  return tip
}

/** A branch as somebody resets it: `git push --force`, also to delete it when `to` is null. */
export async function forcePush(
  github: GitHub,
  actor: Actor,
  input: { readonly repository: number; readonly branch: string; readonly to: string | null },
): Promise<void> {
  const ref = `refs/heads/${input.branch}`
  const from = await github.storage.tip(input.repository, ref)
  if (from === null && input.to === null) throw new Refusal(422, 'Reference does not exist')
  await push(github, actor, { repository: input.repository, changes: [{ ref, from, to: input.to }] })
}
