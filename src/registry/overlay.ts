import type { ChangedPath } from './change.ts'

/** A file of a tree, as far as laying over needs it. */
export interface Entry {
  readonly path: string
  readonly oid: string
  readonly mode: string
}

/**
 * What a pull request would leave: base tip with its own changes (merge base to head) laid over it.
 *
 * @param base     the tree of base tip
 * @param changed  of the pull request alone, never of base tip to head: what base gained since stays
 * @returns sorted by path
 */
export function layOver(base: readonly Entry[], changed: readonly ChangedPath[]): readonly Entry[] {
  const entries = new Map(base.map(({ path, oid, mode }) => [path, { path, oid, mode }]))
  for (const { path, oid, mode } of changed) {
    if (oid.to === null || mode.to === null) entries.delete(path)
    else entries.set(path, { path, oid: oid.to, mode: mode.to })
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Paths of ours that both sides changed since the merge base: what would land is not what was weighed until the branch
 * is updated. A file on one side where the other side has a folder counts too.
 *
 * @param changedHead  merge base to head
 * @param changedBase  merge base to base tip
 * @returns sorted
 */
export function conflicts(
  changedHead: readonly ChangedPath[],
  changedBase: readonly ChangedPath[],
  isOurs: (path: string) => boolean,
): readonly string[] {
  const onBase = new Set(changedBase.map(({ path }) => path))
  const foldersOnBase = new Set(changedBase.filter(isThere).flatMap(({ path }) => foldersOf(path)))
  const meets = (change: ChangedPath) =>
    onBase.has(change.path) ||
    (isThere(change) && foldersOnBase.has(change.path)) ||
    foldersOf(change.path).some((folder) => isThere(change) && onBase.has(folder))
  return changedHead
    .filter((change) => isOurs(change.path) && meets(change))
    .map(({ path }) => path)
    .sort()
}

const isThere = ({ status }: ChangedPath) => status !== 'removed'

function foldersOf(path: string): readonly string[] {
  const steps = path.split('/')
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'))
}
