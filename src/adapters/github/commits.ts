import { z } from 'zod'
import type { CommitAnswer, CommitFile } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { HostedRepository } from '../../ports/pull-now.ts'
import { tip } from './branches.ts'
import { refused } from './failures.ts'
import { inRepository, oidSchema, type Side } from './side.ts'

export interface CommitOn {
  readonly branch: string
  readonly expected: string | null
  readonly headline: string
  /** Below the headline: trailers. */
  readonly body?: string
  readonly files: readonly CommitFile[]
}

const COMMIT = `
mutation Commit($repository: String!, $branch: String!, $expected: GitObjectID!, $headline: String!, $body: String, $files: FileChanges!) {
  createCommitOnBranch(
    input: {
      branch: { repositoryNameWithOwner: $repository, branchName: $branch }
      expectedHeadOid: $expected
      message: { headline: $headline, body: $body }
      fileChanges: $files
    }
  ) {
    commit { oid }
  }
}`
const commitAnswer = z.object({ createCommitOnBranch: z.object({ commit: z.object({ oid: oidSchema }) }) })
const shaSchema = z.object({ sha: oidSchema })

/**
 * Commits on top of what was expected, signed by GitHub. Whatever stood in the way, a moved branch or a lost answer, the
 * caller reads the branch again and looks for what it wrote.
 */
export async function commit(side: Side, repository: HostedRepository, on: CommitOn): Promise<CommitAnswer> {
  try {
    const sha = on.expected === null ? await firstCommit(side, repository, on) : await nextCommit(side, repository, on)
    return sha === null ? { is: 'moved', because: `${on.branch} is there already` } : { is: 'committed', sha }
  } catch (error) {
    if (!(error instanceof HostFailure) || error.retryAfterS !== null) throw error
    if (error.isAmbiguous) return { is: 'moved', because: `no answer: ${error.message}` }
    const now = await tip(side, repository, on.branch)
    if (now === on.expected) throw error
    return { is: 'moved', because: `${on.branch} is at ${now?.slice(0, 12) ?? 'nothing'}` }
  }
}

async function nextCommit({ calls }: Side, { owner, name }: HostedRepository, on: CommitOn): Promise<string> {
  const { createCommitOnBranch } = await calls.mutate(
    {
      operation: 'commit',
      document: COMMIT,
      variables: {
        repository: `${owner}/${name}`,
        branch: on.branch,
        expected: on.expected,
        headline: on.headline,
        ...(on.body !== undefined && { body: on.body }),
        files: changesOf(on.files),
      },
      answer: commitAnswer,
    },
    false,
  )
  return createCommitOnBranch.commit.oid
}

/** A message as Git has it. */
export function messageOf({ headline, body }: Pick<CommitOn, 'headline' | 'body'>): string {
  return body === undefined ? headline : `${headline}\n\n${body}`
}

function changesOf(files: readonly CommitFile[]) {
  return {
    additions: files.flatMap(({ path, content }) =>
      content === null ? [] : [{ path, contents: Buffer.from(content).toString('base64') }],
    ),
    deletions: files.flatMap(({ path, content }) => (content === null ? [{ path }] : [])),
  }
}

/** A root commit that holds only these files, and a branch made at it; null when the branch is there already. */
async function firstCommit(side: Side, repository: HostedRepository, on: CommitOn): Promise<string | null> {
  const sha = await looseCommit(side, repository, { message: messageOf(on), files: on.files, on: null })
  if (await createRef(side, repository, `refs/heads/${on.branch}`, sha)) return sha
  if ((await tip(side, repository, on.branch)) !== null) return null
  throw refused('commit', 422, `GitHub makes no branch ${on.branch}, and there is none`)
}

/** A commit that no ref points at yet: these files on top of another, or alone and without a parent. */
export interface LooseCommit {
  readonly message: string
  readonly files: readonly CommitFile[]
  /** Its parent and the tree of that; whatever is removed is in it. */
  readonly on: { readonly sha: string; readonly tree: string } | null
}

/** Writes a commit that no ref points at yet. Making it twice leaves rubbish that Git sweeps, nothing else. */
export async function looseCommit(
  { calls }: Side,
  repository: HostedRepository,
  { message, files, on }: LooseCommit,
): Promise<string> {
  const place = inRepository(repository)
  const blob = { mode: '100644', type: 'blob' } as const
  const entries = files
    .filter(({ content }) => content !== null || on !== null)
    .map(({ path, content }) => ({ path, ...blob, ...(content === null ? { sha: null } : { content }) }))
  const tree = await calls.send(
    {
      operation: 'write a tree',
      route: 'POST /repos/{owner}/{repo}/git/trees',
      parameters: { ...place, tree: entries, ...(on !== null && { base_tree: on.tree }) },
      answer: shaSchema,
    },
    true,
  )
  const made = await calls.send(
    {
      operation: 'write a commit',
      route: 'POST /repos/{owner}/{repo}/git/commits',
      parameters: { ...place, message, tree: tree.sha, parents: on === null ? [] : [on.sha] },
      answer: shaSchema,
    },
    true,
  )
  return made.sha
}

/** Makes a ref that is not there; false when it is. GitHub lets exactly one of many callers through. */
export async function createRef(
  { calls }: Side,
  repository: HostedRepository,
  ref: string,
  sha: string,
): Promise<boolean> {
  const call = {
    operation: 'create a ref',
    route: 'POST /repos/{owner}/{repo}/git/refs',
    parameters: { ...inRepository(repository), ref, sha },
    answer: z.object({ ref: z.string() }),
  }
  try {
    await calls.send(call, false)
    return true
  } catch (error) {
    if (error instanceof HostFailure && error.status === 422) return false
    throw error
  }
}
