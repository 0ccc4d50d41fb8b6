import type { Snapshot, TreeEntry } from '../ports.ts'
import type { ChangedPath } from '../registry/change.ts'
import { layOver } from '../registry/overlay.ts'

/**
 * Base tip with a pull request's own changes laid over it: what would be there after a merge.
 *
 * @param changed  merge base to head; everything else is base tip's
 */
export function overlaySnapshot(base: Snapshot, head: Snapshot, changed: readonly ChangedPath[]): Snapshot {
  const changedPaths = new Set(changed.map((change) => change.path))
  return {
    repository: base.repository,
    sha: head.sha,
    list: async (folder) => {
      const isBelow = (path: string) => folder === '' || path === folder || path.startsWith(`${folder}/`)
      const entries = await base.list(folder)
      const sizes = new Map(entries.map((entry) => [entry.oid, entry.size_bytes]))
      const laid = layOver(
        entries,
        changed.filter((change) => isBelow(change.path)),
      )
      return laid.map((entry): TreeEntry => ({ ...entry, size_bytes: sizes.get(entry.oid) ?? null }))
    },
    read: async (paths) => {
      const [changedFiles, others] = await Promise.all([
        head.read(paths.filter((path) => changedPaths.has(path))),
        base.read(paths.filter((path) => !changedPaths.has(path))),
      ])
      return new Map([...others, ...changedFiles])
    },
  }
}
