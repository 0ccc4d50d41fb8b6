import { type FileChange, newCommit } from '../api-commit.ts'
import { type Actor, type GitHub, Refusal } from '../github-state.ts'
import { moveRefs } from '../move-refs.ts'
import { refuseRefChange } from '../ref-rules.ts'
import { repositoryOf } from '../state/find.ts'

export interface BranchCommit {
  readonly repository: number
  readonly branch: string
  readonly expectedHeadOid: string
  readonly headline: string
  readonly body?: string
  readonly additions: readonly { readonly path: string; readonly bytes: Uint8Array }[]
  readonly deletions: readonly string[]
}

/**
 * GraphQL's `createCommitOnBranch`: one commit, signed by GitHub, only on top of the commit that is expected.
 *
 * @throws {Refusal} `STALE_DATA` when the branch has moved, `NOT_FOUND` when there is none
 */
export function commitOnBranch(github: GitHub, actor: Actor, input: BranchCommit): Promise<{ readonly sha: string }> {
  return github.turn(input.repository, async () => {
    const tip = await github.storage.tip(input.repository, `refs/heads/${input.branch}`)
    if (tip === null) throw new Refusal(404, `The branch "${input.branch}" could not be found.`, { type: 'NOT_FOUND' })
    if (tip !== input.expectedHeadOid)
      throw new Refusal(
        422,
        `Expected branch to point to "${input.expectedHeadOid}" but it points to "${tip}". Pull and try again.`,
        { type: 'STALE_DATA' },
      )
    const files: readonly FileChange[] = [
      ...input.deletions.map((path) => ({ path, content: null })),
      ...input.additions.map(({ path, bytes }) => ({ path, content: bytes })),
    ]
    const message = input.body ? `${input.headline}\n\n${input.body}` : input.headline
    return { sha: await commitTo(github, actor, { ...input, tip, files, message }) }
  })
}

export interface ContentsChange {
  readonly repository: number
  readonly branch: string
  readonly path: string
  /** null removes it. */
  readonly bytes: Uint8Array | null
  readonly message: string
  /** The blob that is replaced; must be given when there is one. */
  readonly blobSha?: string
}

/** `PUT` and `DELETE contents/{path}`: 409 when the blob is another, 422 when it was not named. */
export function putContents(
  github: GitHub,
  actor: Actor,
  input: ContentsChange,
): Promise<{ readonly sha: string; readonly blobSha: string | null }> {
  const { repository, branch, path, bytes } = input
  return github.turn(repository, async () => {
    const tip = await github.storage.tip(repository, `refs/heads/${branch}`)
    if (tip === null) throw new Refusal(404, `Branch ${branch} not found`)
    const old = await github.storage.entry(repository, tip, path)
    if (old === null && bytes === null) throw new Refusal(404, 'Not Found')
    if (old !== null && input.blobSha === undefined)
      throw new Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if (input.blobSha !== undefined && old?.oid !== input.blobSha)
      throw new Refusal(409, `${path} does not match ${input.blobSha}`)
    const files = [{ path, content: bytes }]
    const sha = await commitTo(github, actor, { repository, branch, tip, files, message: input.message })
    return { sha, blobSha: (await github.storage.entry(repository, sha, path))?.oid ?? null }
  })
}

async function commitTo(
  github: GitHub,
  actor: Actor,
  of: {
    readonly repository: number
    readonly branch: string
    readonly tip: string
    readonly files: readonly FileChange[]
    readonly message: string
  },
): Promise<string> {
  const { repository, tip, files, message } = of
  const sha = await newCommit(github, actor, { repository, parent: tip, files, message, isWeb: true })
  const change = { ref: `refs/heads/${of.branch}`, from: tip, to: sha }
  await refuseRefChange(github, actor, repositoryOf(github.state, repository), change)
  await moveRefs(github, actor, { repository, change })
  return sha
}
