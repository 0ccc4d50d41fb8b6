import type { Repository, Snapshot } from '../ports.ts'
import type { ChangedPath } from '../registry/change.ts'
import { overlaySnapshot } from './overlay-snapshot.ts'

/** What a pull request is, seen from Git: base tip with the pull request's own changes laid over it. */
export interface PullRequest {
  readonly base: string
  readonly head: string
  readonly mergeBase: string
  /** merge base to head: what this pull request changes. */
  readonly changed: readonly ChangedPath[]
  /** merge base to base: what others changed meanwhile. */
  readonly changedOnBase: readonly ChangedPath[]
  readonly before: Snapshot
  /** What would be there after the merge. */
  readonly after: Snapshot
}

/**
 * Reads base and head of a repository.
 *
 * @param base  any ref or commit; its tip is what governs
 * @param head  any ref or commit
 */
export async function readPullRequest(repository: Repository, base: string, head: string): Promise<PullRequest> {
  const [baseSha, headSha] = await Promise.all([repository.resolve(base), repository.resolve(head)])
  const mergeBase = await repository.mergeBase(baseSha, headSha)
  const [changed, changedOnBase, before, headSnapshot] = await Promise.all([
    repository.diff(mergeBase, headSha),
    mergeBase === baseSha ? [] : repository.diff(mergeBase, baseSha),
    repository.snapshot(baseSha),
    repository.snapshot(headSha),
  ])
  return {
    base: baseSha,
    head: headSha,
    mergeBase,
    changed,
    changedOnBase,
    before,
    after: overlaySnapshot(before, headSnapshot, changed),
  }
}
