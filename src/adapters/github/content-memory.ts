import type { HostedRepository } from '../../ports/pull-now.ts'
import { CONFIGURATION_PATH } from '../../registry/configuration.ts'
import { bytesOfText } from './blob.ts'
import type { BoundedMemory } from './bounded-memory.ts'
import type { Comparison } from './comparison.ts'
import type { Seeds } from './seeds.ts'

/** An entry of a tree: a file, a link (both blobs), a folder or a submodule. */
export interface Entry {
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly oid: string
  readonly size: number
}

/** What is known of one repository's commits. Nothing in it can change: everything is named by its own digest. */
export interface ContentMemory {
  /** undefined: not known; null: known to be absent. */
  entry(sha: string, path: string): Entry | null | undefined
  keepEntry(sha: string, path: string, entry: Entry | null): void
  /** Direct children of a tree, by name. */
  tree(oid: string): ReadonlyMap<string, Entry> | undefined
  keepTree(oid: string, children: ReadonlyMap<string, Entry>): void
  blob(oid: string): Uint8Array | undefined
  keepBlob(oid: string, bytes: Uint8Array): void
  /** GitHub's text of it is not its bytes: it has to be read as bytes. */
  isNoText(oid: string): boolean
  keepNoText(oid: string): void
  /** Whether any commit up to this one changed a path; undefined: not known. */
  touched(sha: string, path: string): boolean | undefined
  keepTouched(sha: string, path: string, isTouched: boolean): void
  comparison(base: string, head: string): Comparison | undefined
  keepComparison(comparison: Comparison): void
  pull(base: string, head: string): number | undefined
  keepPull(base: string, head: string, number: number): void
  parents(sha: string): readonly string[] | undefined
  keepParents(sha: string, parents: readonly string[]): void
}

const ENTRY_BYTES = 150

/**
 * A repository's view on the memory that the process shares. What one job has read stays at hand until the job ends,
 * however small the shared memory is.
 */
export function openContentMemory(shared: BoundedMemory<unknown>, repository: HostedRepository): ContentMemory {
  const view = viewOn(shared, `${repository.installation}/${repository.id}`)
  const entries = view<Entry | null>('entry')
  const trees = view<ReadonlyMap<string, Entry>>('tree')
  const blobs = view<Uint8Array>('blob')
  const noTexts = view<true>('no-text')
  const touched = view<boolean>('touched')
  const comparisons = view<Comparison>('comparison')
  const pulls = view<number>('pull')
  const parents = view<readonly string[]>('parents')
  const entry = (sha: string, path: string): Entry | null | undefined => {
    const known = entries.get(`${sha}:${path}`)
    if (known !== undefined || path === '') return known
    const slash = path.lastIndexOf('/')
    const folder = slash === -1 ? undefined : entry(sha, path.slice(0, slash))
    if (folder === undefined) return undefined
    if (folder === null || folder.type !== 'tree') return null
    const children = trees.get(folder.oid)
    return children === undefined ? undefined : (children.get(path.slice(slash + 1)) ?? null)
  }
  return {
    entry,
    keepEntry: (sha, path, found) => entries.keep(`${sha}:${path}`, found, ENTRY_BYTES),
    tree: trees.get,
    keepTree: (oid, children) => trees.keep(oid, children, children.size * ENTRY_BYTES),
    blob: blobs.get,
    keepBlob: (oid, bytes) => blobs.keep(oid, bytes, bytes.length),
    isNoText: (oid) => noTexts.get(oid) === true,
    keepNoText: (oid) => noTexts.keep(oid, true, 1),
    touched: (sha, path) => touched.get(`${sha}:${path}`),
    keepTouched: (sha, path, isTouched) => touched.keep(`${sha}:${path}`, isTouched, 1),
    comparison: (base, head) => comparisons.get(`${base}...${head}`),
    keepComparison: (found) =>
      comparisons.keep(`${found.base}...${found.head}`, found, found.files.length * ENTRY_BYTES),
    pull: (base, head) => pulls.get(`${base}...${head}`),
    keepPull: (base, head, number) => pulls.keep(`${base}...${head}`, number, 8),
    parents: parents.get,
    keepParents: (sha, found) => parents.keep(sha, found, found.length * 40),
  }
}

export function seedsOf(shared: BoundedMemory<unknown>): Seeds {
  return {
    configuration: (repository, { sha, blob }) => {
      const memory = openContentMemory(shared, repository)
      const bytes = blob === null ? null : bytesOfText(blob.text, blob.oid)
      if (blob !== null && bytes === null) return
      if (blob !== null && bytes !== null) memory.keepBlob(blob.oid, bytes)
      memory.keepEntry(sha, CONFIGURATION_PATH, blob === null ? null : regularFile(blob.oid, bytes?.length ?? 0))
    },
    pull: (repository, { base, head, number }) => openContentMemory(shared, repository).keepPull(base, head, number),
  }
}

const regularFile = (oid: string, size: number): Entry => ({ mode: '100644', type: 'blob', oid, size })

function viewOn(shared: BoundedMemory<unknown>, place: string) {
  return <Value>(kind: string) => {
    const own = new Map<string, Value>()
    return {
      get: (key: string): Value | undefined =>
        own.has(key) ? own.get(key) : (shared.get(`${place}/${kind}/${key}`) as Value | undefined),
      keep: (key: string, value: Value, sizeBytes: number): void => {
        own.set(key, value)
        shared.set(`${place}/${kind}/${key}`, value, sizeBytes)
      },
    }
  }
}
