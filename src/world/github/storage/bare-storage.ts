import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { GitFailure } from '../../../adapters/checkout/git.ts'
import { diffFiles, diffPatches, EMPTY_TREE } from './diff.ts'
import { encodeCommit, encodeTree } from './git-objects.ts'
import type { GitCommit, GitObject, GitStorage, GitTreeEntry, NewCommit, RefChange } from './git-storage.ts'
import { isNearAncestor, lineBetween, readCommit } from './history.ts'
import { ObjectStore, writeBareRepository } from './object-store.ts'
import { Refs } from './refs.ts'
import { changedPaths, changeTree, entryAt, listTree, readTree, type TreeChanges } from './trees.ts'

interface Bare {
  readonly folder: string
  readonly network: number
  readonly store: ObjectStore
  readonly refs: Refs
  branch: string
}

/** Opens a folder for bare repositories; it belongs to the caller and is left when closed. */
export function openStorage(folder: string): GitStorage {
  mkdirSync(folder, { recursive: true })
  return new BareStorage(resolve(folder), new Map())
}

class BareStorage implements GitStorage {
  readonly #folder: string
  readonly #stores: Map<number, ObjectStore>
  readonly #repositories = new Map<number, Bare>()

  constructor(folder: string, stores: Map<number, ObjectStore>) {
    this.#folder = folder
    this.#stores = stores
  }

  async create(repository: number, network: number, defaultBranch: string): Promise<void> {
    const store = this.#stores.get(network) ?? new ObjectStore(join(this.#folder, `network-${network}.git`))
    this.#stores.set(network, store)
    this.#add(repository, network, store, defaultBranch)
  }

  async remove(repository: number): Promise<void> {
    const bare = this.#bare(repository)
    bare.refs.close()
    this.#repositories.delete(repository)
    rmSync(bare.folder, { recursive: true, force: true })
  }

  async setHead(repository: number, branch: string): Promise<void> {
    const bare = this.#bare(repository)
    bare.branch = branch
    writeFileSync(join(bare.folder, 'HEAD'), `ref: refs/heads/${branch}\n`)
  }

  folder(repository: number): string {
    return this.#bare(repository).folder
  }

  async tip(repository: number, ref: string): Promise<string | null> {
    return this.#bare(repository).refs.tip(ref)
  }

  async refs(repository: number, prefix: string): Promise<ReadonlyMap<string, string>> {
    return this.#bare(repository).refs.all(prefix)
  }

  update(repository: number, changes: readonly RefChange[]): Promise<boolean> {
    return this.#bare(repository).refs.update(changes)
  }

  object(repository: number, oid: string): Promise<GitObject | null> {
    return this.#store(repository).read(oid)
  }

  commit(repository: number, sha: string): Promise<GitCommit | null> {
    return readCommit(this.#store(repository), sha)
  }

  tree(repository: number, oid: string): Promise<readonly GitTreeEntry[] | null> {
    return readTree(this.#store(repository), oid)
  }

  async blob(repository: number, oid: string): Promise<Buffer | null> {
    const object = await this.#store(repository).read(oid)
    return object?.type === 'blob' ? object.bytes : null
  }

  async entry(repository: number, treeish: string, path: string) {
    const commit = await this.commit(repository, treeish)
    return entryAt(this.#store(repository), commit?.tree ?? treeish, path)
  }

  list(repository: number, tree: string, options: { readonly trees?: boolean } = {}) {
    return listTree(this.#store(repository), tree, options.trees ?? false)
  }

  async writeBlob(repository: number, bytes: Uint8Array): Promise<string> {
    return this.#store(repository).write({ type: 'blob', bytes: Buffer.from(bytes) })
  }

  async writeTree(repository: number, entries: readonly GitTreeEntry[]): Promise<string> {
    return this.#store(repository).write({ type: 'tree', bytes: encodeTree(entries) })
  }

  async writeCommit(repository: number, commit: NewCommit): Promise<string> {
    return this.#store(repository).write({ type: 'commit', bytes: encodeCommit(commit) })
  }

  changeTree(repository: number, tree: string, changes: TreeChanges): Promise<string> {
    return changeTree(this.#store(repository), tree, changes)
  }

  diff(repository: number, from: string | null, to: string) {
    const store = this.#store(repository, from, to)
    return store.remember(`diff ${from} ${to}`, () => diffFiles(store, from ?? EMPTY_TREE, to))
  }

  changedPaths(repository: number, from: string | null, to: string) {
    const store = this.#store(repository, from, to)
    return store.remember(`paths ${from} ${to}`, () => changedPaths(store, from, to))
  }

  patches(repository: number, from: string | null, to: string) {
    const store = this.#store(repository, from, to)
    return store.remember(`patches ${from} ${to}`, () => diffPatches(store, from ?? EMPTY_TREE, to))
  }

  async mergeBase(repository: number, a: string, b: string): Promise<string | null> {
    if (a === b) return a
    const store = this.#store(repository, a, b)
    return store.remember(`merge-base ${a} ${b}`, async () => {
      if (await isNearAncestor(store, a, b)) return a
      if (await isNearAncestor(store, b, a)) return b
      const said = await orNull(store.git(['merge-base', '--end-of-options', a, b]))
      return said?.trim() ?? null
    })
  }

  async isAncestor(repository: number, ancestor: string, descendant: string): Promise<boolean> {
    return (await this.mergeBase(repository, ancestor, descendant)) === ancestor
  }

  aheadBehind(repository: number, base: string, head: string) {
    const store = this.#store(repository, base, head)
    return store.remember(`ahead ${base} ${head}`, async () => {
      const said = await store.git(['rev-list', '--left-right', '--count', `${base}...${head}`])
      const [behind = 0, ahead = 0] = said.trim().split('\t').map(Number)
      return { ahead, behind }
    })
  }

  commitsBetween(repository: number, base: string | null, head: string): Promise<readonly string[]> {
    const store = this.#store(repository, base, head)
    const range = base === null ? [head] : [head, `^${base}`]
    return store.remember(`between ${base} ${head}`, async () => {
      const line = base === null ? null : await lineBetween(store, base, head)
      return line ?? linesOf(await store.git(['rev-list', '--reverse', '--topo-order', ...range]))
    })
  }

  history(
    repository: number,
    from: string,
    options: { readonly path?: string; readonly firstParent?: boolean; readonly limit?: number } = {},
  ): Promise<readonly string[]> {
    const store = this.#store(repository, from)
    const args = [
      'rev-list',
      ...(options.firstParent === true ? ['--first-parent'] : []),
      ...(options.limit === undefined ? [] : [`--max-count=${options.limit}`]),
      from,
      ...(options.path === undefined ? [] : ['--', options.path]),
    ]
    return store.remember(args.join('\0'), async () => linesOf(await store.git(args)))
  }

  mergeTree(repository: number, ours: string, theirs: string): Promise<string | null> {
    const store = this.#store(repository, ours, theirs)
    return store.remember(`merge ${ours} ${theirs}`, async () => {
      const said = await orNull(store.git(['-c', 'merge.renames=true', 'merge-tree', '--write-tree', ours, theirs]))
      return said?.trim() ?? null
    })
  }

  async copy(folder: string): Promise<GitStorage> {
    mkdirSync(folder, { recursive: true })
    const stores = new Map([...this.#stores].map(([network, store]) => [network, store.share()]))
    const copy = new BareStorage(resolve(folder), stores)
    for (const [id, bare] of this.#repositories) {
      const made = copy.#add(id, bare.network, bare.store, bare.branch)
      const refs = [...bare.refs.all('refs/')].map(([ref, oid]) => `${oid} ${ref}\n`)
      writeFileSync(join(made.folder, 'packed-refs'), refs.join(''))
    }
    return copy
  }

  async close(): Promise<void> {
    for (const bare of this.#repositories.values()) bare.refs.close()
    for (const store of this.#stores.values()) store.release()
    this.#repositories.clear()
    this.#stores.clear()
  }

  #add(repository: number, network: number, store: ObjectStore, branch: string): Bare {
    const folder = join(this.#folder, `${repository}.git`)
    writeBareRepository(folder, branch)
    symlinkSync(join(store.folder, 'objects'), join(folder, 'objects'))
    const bare = { folder, network, store, refs: new Refs(folder), branch }
    this.#repositories.set(repository, bare)
    return bare
  }

  #bare(repository: number): Bare {
    const bare = this.#repositories.get(repository)
    if (bare === undefined)
      throw new Error(`repository ${repository} has no folder here: it was never created, or is gone`)
    return bare
  }

  /** Whatever is named to Git must be an object id: a name could be an option. */
  #store(repository: number, ...oids: readonly (string | null)[]): ObjectStore {
    const strange = oids.find((oid) => oid !== null && !/^[0-9a-f]{40}$/.test(oid))
    if (strange !== undefined) throw new GitFailure('world', `${strange} is no object id`)
    return this.#bare(repository).store
  }
}

/** null when Git ended with 1: no merge base, a conflict. Everything else is a failure. */
async function orNull(said: Promise<string>): Promise<string | null> {
  try {
    return await said
  } catch (error) {
    const code = error instanceof GitFailure ? (error.cause as { code?: unknown } | undefined)?.code : undefined
    if (code === 1) return null
    throw error
  }
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}
