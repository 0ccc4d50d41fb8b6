import { z } from 'zod'
import type { ProposedPull } from '../../ports/conversation.ts'
import type { CommitFile } from '../../ports/git-host.ts'
import { HostFailure } from '../../ports/host-failure.ts'
import type { Account, HostedRepository } from '../../ports/pull-now.ts'
import { blobOid } from './blob.ts'
import { wholeRef } from './branches.ts'
import { commit, createRef, looseCommit, messageOf } from './commits.ts'
import { moveRef } from './move-ref.ts'
import type { BranchNow, ProposalNow } from './proposal-now.ts'
import { inRepository, oidSchema, type Side } from './side.ts'

/** How the branch of a proposal was found, or left. */
export type BranchAnswer =
  | { readonly is: 'held'; readonly sha: string; readonly isWritten: boolean }
  /** It was not where it had been seen: look again. */
  | { readonly is: 'moved'; readonly because: string }
  /** Somebody else's work is on it. */
  | { readonly is: 'foreign' }

/** One path that a proposal changes on its base. */
export interface Change extends CommitFile {
  /** Its place among the files of the proposal. */
  readonly at: number
  /** Blob that it is to be; null when it is to go. */
  readonly oid: string | null
}

/** What a proposal changes on its base; a path that is there already as it is to be is no change. */
export function changesOn({ base, files }: ProposedPull, { oids }: ProposalNow['base']): readonly Change[] {
  return files
    .map(({ path, content }, at) => ({ path, content, at, oid: content === null ? null : oidOf(content, base.sha) }))
    .filter(({ oid, at }) => oid !== (oids[at] ?? null))
}

function oidOf(content: string, base: string): string {
  return blobOid(new TextEncoder().encode(content), base.length)
}

/**
 * Makes the branch hold exactly these changes: one commit of ours on a commit of the base.
 *
 * A branch that has a pull request is never moved to its base in between: GitHub closes a pull request that holds
 * nothing. So the commit is written first, and the branch moved to it.
 */
export async function holdBranch(
  side: Side,
  repository: HostedRepository,
  pull: ProposedPull,
  { now, changes }: { readonly now: ProposalNow; readonly changes: readonly Change[] },
): Promise<BranchAnswer> {
  const { branch } = now
  if (branch === null || branch.sha === pull.base.sha) return begin(side, repository, pull, changes, branch)
  const isOurs = isBy(branch, await side.bot())
  if (isOurs && isHeld(branch, now, { base: pull.base.sha, changes }))
    return { is: 'held', sha: branch.sha, isWritten: false }
  if (!isOurs && !(await isBare(side, repository, pull.base.sha, branch.sha))) return { is: 'foreign' }
  return rewrite(side, repository, pull, { now, changes, seen: branch.sha })
}

/** GitHub writes our commits under our own address; a copied address only makes us write over the copy. */
function isBy({ email }: BranchNow, { id, login }: Account): boolean {
  return email.toLowerCase().startsWith(`${id}+${login}@`.toLowerCase())
}

/**
 * Whether the branch holds these changes and nothing else, and base has not touched their paths since. A path removed
 * beside one added may count as one change, a renaming.
 */
function isHeld(
  { changes: count, oids, parent }: BranchNow,
  { base: onBase, open }: ProposalNow,
  { base, changes }: { readonly base: string; readonly changes: readonly Change[] },
): boolean {
  const removed = changes.filter(({ oid }) => oid === null).length
  const isAll = (many: number) => many <= changes.length && many >= Math.max(removed, changes.length - removed)
  return (
    parent !== null &&
    count !== null &&
    isAll(count) &&
    changes.every(({ at, oid }) => oids[at] === oid && parent.oids[at] === onBase.oids[at]) &&
    (parent.sha === base || (open !== null && isAll(open.changes)))
  )
}

/** Whether a branch has nothing that base has not: it was made, and whoever made it came no further. */
async function isBare({ calls }: Side, repository: HostedRepository, base: string, sha: string): Promise<boolean> {
  const call = {
    operation: 'compare a branch with its base',
    route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
    parameters: { ...inRepository(repository), basehead: `${base}...${sha}`, per_page: 1, page: 1 },
    answer: z.object({ ahead_by: z.int().nonnegative() }),
  }
  try {
    return (await calls.get(call)).ahead_by === 0
  } catch (error) {
    // nothing in common with the base at all
    if (error instanceof HostFailure && error.status === 404) return false
    throw error
  }
}

/** Makes the branch at its base, where it is not there yet, and commits on it. */
async function begin(
  side: Side,
  repository: HostedRepository,
  { branch: name, base, ...words }: ProposedPull,
  changes: readonly Change[],
  branch: BranchNow | null,
): Promise<BranchAnswer> {
  if (branch === null) {
    const made = await unlessLost(() => createRef(side, repository, wholeRef(name), base.sha))
    if (made.is === 'moved') return made
    if (!made.value) return { is: 'moved', because: `GitHub makes no branch ${name}` }
  }
  const files = changes.map(({ path, content }) => ({ path, content }))
  const answer = await commit(side, repository, { branch: name, expected: base.sha, ...messageWords(words), files })
  return answer.is === 'committed' ? { is: 'held', sha: answer.sha, isWritten: true } : answer
}

/** Whoever had a proposal made stands in its commit as a co-author, so that his approval of it counts for nothing. */
function messageWords({ headline, coAuthors = [] }: Pick<ProposedPull, 'headline' | 'coAuthors'>) {
  const trailers = coAuthors.map(({ login, email }) => `Co-authored-by: ${login} <${email}>`)
  return trailers.length === 0 ? { headline } : { headline, body: trailers.join('\n') }
}

/** Puts a new commit in the place of what is there, if that is still what was seen. */
async function rewrite(
  side: Side,
  repository: HostedRepository,
  { branch: name, base, ...words }: ProposedPull,
  { now, changes, seen }: { readonly now: ProposalNow; readonly changes: readonly Change[]; readonly seen: string },
): Promise<BranchAnswer> {
  const sha = await looseCommit(side, repository, {
    message: messageOf(messageWords(words)),
    files: changes.map(({ path, content }) => ({ path, content })),
    on: { sha: base.sha, tree: now.base.tree },
  })
  const move = { repository: now.repository, ref: wholeRef(name), before: seen, after: oidSchema.parse(sha) }
  const moved = await unlessLost(() => moveRef(side, 'move the branch of a proposal', move))
  return moved.is === 'moved' ? moved : { is: 'held', sha, isWritten: true }
}

/** A write that may have happened, or met another state than was seen: whoever reads again knows. */
export async function unlessLost<T>(
  write: () => Promise<T>,
): Promise<{ readonly is: 'written'; readonly value: T } | { readonly is: 'moved'; readonly because: string }> {
  try {
    return { is: 'written', value: await write() }
  } catch (error) {
    if (!(error instanceof HostFailure) || error.retryAfterS !== null) throw error
    if (error.isAmbiguous || error.status === 200 || error.status === 422)
      return { is: 'moved', because: error.message }
    throw error
  }
}
