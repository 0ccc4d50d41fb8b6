import { encodeTree, parseTree } from './git-objects.ts'
import type { GitChangedPath, GitTreeEntry, GitTreePath } from './git-storage.ts'
import type { ObjectStore } from './object-store.ts'

export interface TreeFile {
  readonly oid: string
  readonly mode: string
}
export type TreeChanges = ReadonlyMap<string, TreeFile | null>

const FOLDER = '040000'

/** Entries of a tree, or of a commit's tree. */
export function readTree(store: ObjectStore, oid: string): Promise<readonly GitTreeEntry[] | null> {
  return store
    .remember(`tree ${oid}`, async () => {
      const object = await store.read(oid)
      if (object?.type === 'commit') return readTree(store, object.bytes.toString('latin1', 5, 45))
      if (object === null && oid !== '4b825dc642cb6eb9a060e54bf8d69288fbee4904') throw new Error(`no tree ${oid}`)
      return object === null ? [] : object.type === 'tree' ? parseTree(object.bytes) : null
    })
    .catch(() => null)
}

/** What stands at a path below a tree; null when there is nothing. */
export async function entryAt(store: ObjectStore, root: string, path: string): Promise<GitTreePath | null> {
  let at: GitTreePath = { path: '', mode: FOLDER, oid: root }
  for (const name of path.split('/').filter((part) => part !== '')) {
    const entries = at.mode === FOLDER ? await readTree(store, at.oid) : null
    const next = entries?.find((entry) => entry.name === name)
    if (next === undefined) return null
    at = { path: at.path === '' ? name : `${at.path}/${name}`, mode: next.mode, oid: next.oid }
  }
  return at
}

export async function listTree(store: ObjectStore, root: string, withTrees: boolean): Promise<readonly GitTreePath[]> {
  const paths: GitTreePath[] = []
  const walk = async (oid: string, prefix: string): Promise<void> => {
    for (const entry of (await readTree(store, oid)) ?? []) {
      const path = `${prefix}${entry.name}`
      if (entry.mode !== FOLDER || withTrees) paths.push({ path, mode: entry.mode, oid: entry.oid })
      if (entry.mode === FOLDER) await walk(entry.oid, `${path}/`)
    }
  }
  await walk(root, '')
  return paths
}

/** Files that differ between two commits or trees, without a process: equal folders are not opened. */
export async function changedPaths(
  store: ObjectStore,
  from: string | null,
  to: string,
): Promise<readonly GitChangedPath[]> {
  const changed: GitChangedPath[] = []
  const all = async (status: 'added' | 'removed', entry: GitTreeEntry, path: string): Promise<void> => {
    if (entry.mode !== FOLDER) changed.push({ path, status })
    else for (const inner of (await readTree(store, entry.oid)) ?? []) await all(status, inner, `${path}/${inner.name}`)
  }
  const walk = async (a: string | null, b: string, prefix: string): Promise<void> => {
    const before = new Map(((a === null ? [] : await readTree(store, a)) ?? []).map((one) => [one.name, one]))
    for (const now of (await readTree(store, b)) ?? []) {
      const old = before.get(now.name)
      const path = `${prefix}${now.name}`
      before.delete(now.name)
      if (old?.oid === now.oid && old.mode === now.mode) continue
      if (old?.mode === FOLDER && now.mode === FOLDER) await walk(old.oid, now.oid, `${path}/`)
      else if (old !== undefined && old.mode !== FOLDER && now.mode !== FOLDER)
        changed.push({ path, status: 'modified' })
      else {
        if (old !== undefined) await all('removed', old, path)
        await all('added', now, path)
      }
    }
    for (const old of before.values()) await all('removed', old, `${prefix}${old.name}`)
  }
  await walk(from, to, '')
  return changed.sort((x, y) => (x.path < y.path ? -1 : 1))
}

/** A tree with files put in or taken out; folders that become empty go. */
export async function changeTree(store: ObjectStore, root: string, changes: TreeChanges): Promise<string> {
  const entries = new Map(((await readTree(store, root)) ?? []).map((entry) => [entry.name, entry]))
  const below = new Map<string, Map<string, TreeFile | null>>()
  for (const [path, file] of changes) {
    const slash = path.indexOf('/')
    if (slash >= 0) {
      const folder = path.slice(0, slash)
      below.set(folder, (below.get(folder) ?? new Map()).set(path.slice(slash + 1), file))
    } else if (file === null) entries.delete(path)
    else entries.set(path, { name: path, mode: file.mode, oid: file.oid })
  }
  for (const [name, inside] of below) {
    const old = entries.get(name)
    const oid = await changeTree(store, old?.mode === FOLDER ? old.oid : emptyTree(store), inside)
    if (oid === emptyTree(store)) entries.delete(name)
    else entries.set(name, { name, mode: FOLDER, oid })
  }
  return store.write({ type: 'tree', bytes: encodeTree([...entries.values()]) })
}

function emptyTree(store: ObjectStore): string {
  return store.write({ type: 'tree', bytes: Buffer.alloc(0) })
}
