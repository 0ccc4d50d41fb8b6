import type { Snapshot, SnapshotFile } from '../../ports.ts'

type Files = ReadonlyMap<string, SnapshotFile>

/**
 * The same snapshot, in which reads that are asked for in one turn are one read: two processes of Git cost more than a
 * thousand files do.
 *
 * Where the common read fails, each is made by itself, so that one that cannot be made fails alone.
 */
export function readsAtOnce(snapshot: Snapshot): Snapshot {
  let waiting = new Set<string>()
  let common: Promise<Files> | null = null
  const readWaiting = (): Promise<Files> => {
    const paths = [...waiting]
    waiting = new Set()
    common = null
    return snapshot.read(paths)
  }
  return {
    ...snapshot,
    read: async (paths) => {
      if (paths.length === 0) return new Map()
      for (const path of paths) waiting.add(path)
      common ??= Promise.resolve().then(readWaiting)
      const files = await common.catch(() => snapshot.read(paths))
      const [first = ''] = paths
      if (paths.length === 1) return new Map(files.has(first) ? [[first, files.get(first)!]] : [])
      const asked = new Set(paths)
      return new Map([...files].filter(([path]) => asked.has(path)))
    },
  }
}
