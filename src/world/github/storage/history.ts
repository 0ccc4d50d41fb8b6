import { parseCommit } from './git-objects.ts'
import type { GitCommit } from './git-storage.ts'
import type { ObjectStore } from './object-store.ts'

/** How far to look before Git is asked, which costs a process. */
const NEAR = 64

export function readCommit(store: ObjectStore, sha: string): Promise<GitCommit | null> {
  return store
    .remember(`commit ${sha}`, async () => {
      const object = await store.read(sha)
      if (object === null) throw new Error(`no commit ${sha}`)
      return object.type === 'commit' ? parseCommit(sha, object.bytes) : null
    })
    .catch(() => null)
}

/** The line of only children from `base` (left out) to `head`, oldest first; null when it is not that simple or too long. */
export async function lineBetween(store: ObjectStore, base: string, head: string): Promise<readonly string[] | null> {
  const line: string[] = []
  for (let at = head; at !== base; ) {
    const commit = await readCommit(store, at)
    const [parent, ...others] = commit?.parents ?? []
    if (parent === undefined || others.length > 0 || line.length === NEAR) return null
    line.push(at)
    at = parent
  }
  return line.reverse()
}

/** Whether a commit is near among the ancestors of another; false says nothing about those far away. */
export async function isNearAncestor(store: ObjectStore, ancestor: string, descendant: string): Promise<boolean> {
  const seen = new Set([descendant])
  for (const sha of seen) {
    if (sha === ancestor) return true
    if (seen.size > NEAR) return false
    for (const parent of (await readCommit(store, sha))?.parents ?? []) seen.add(parent)
  }
  return false
}
