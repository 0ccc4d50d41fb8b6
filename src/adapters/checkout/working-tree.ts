import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Snapshot, SnapshotFile, TreeEntry } from '../../ports.ts'

const IGNORED = new Set(['.git', 'node_modules', '.weighbridge'])
const AT_ONCE = 64
/** Larger files are no files of ours; as much of them is given as shows it. */
const MAX_READ_BYTES = 1024 * 1024

/** The files of a folder as they lie on disk, committed or not. Links are entries, never followed. */
export function workingTree(root: string): Snapshot {
  return {
    repository: root,
    sha: 'working tree',
    list: async (folder) => (await walk(root, folder)).sort((a, b) => (a.path < b.path ? -1 : 1)),
    read: async (paths) => {
      const files = new Map<string, SnapshotFile>()
      for (let at = 0; at < paths.length; at += AT_ONCE)
        await Promise.all(
          paths.slice(at, at + AT_ONCE).map(async (path) => {
            const file = await readOne(root, path)
            if (file !== null) files.set(path, file)
          }),
        )
      return files
    },
  }
}

async function walk(root: string, folder: string): Promise<TreeEntry[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(absent)
  const nested = await Promise.all(
    (entries ?? []).map(async (entry): Promise<TreeEntry[]> => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : walk(root, path)
      return [{ path, mode: entry.isSymbolicLink() ? '120000' : '100644', oid: '', size_bytes: null }]
    }),
  )
  return nested.flat()
}

async function readOne(root: string, path: string): Promise<SnapshotFile | null> {
  const full = join(root, path)
  const found = await lstat(full).catch(absent)
  if (found === null) return null
  if (found.isSymbolicLink()) return { mode: '120000', bytes: new TextEncoder().encode(await readlink(full)) }
  if (!found.isFile()) return null
  if (found.size > MAX_READ_BYTES) return { mode: '100644', bytes: new Uint8Array(MAX_READ_BYTES + 1) }
  return { mode: '100644', bytes: await readFile(full) }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
