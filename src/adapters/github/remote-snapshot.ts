import { z } from 'zod'
import type { HostedRepository } from '../../ports/pull-now.ts'
import type { Snapshot, SnapshotFile, TreeEntry } from '../../ports.ts'
import { MAX_BYTES } from '../../registry/source-text.ts'
import { blobOid } from './blob.ts'
import type { ContentLoader } from './content-loader.ts'
import type { ContentMemory, Entry } from './content-memory.ts'
import { refused, unreachable } from './failures.ts'
import { inRepository, OID, oidSchema, type Side } from './side.ts'
import type { Wish } from './wish.ts'

export interface SnapshotPorts {
  readonly side: Side
  readonly repository: HostedRepository
  readonly memory: ContentMemory
  readonly loader: ContentLoader
}

const OPERATION = 'read the contents'
/** Larger files are no files of ours: only their length is told, and at most so much of it. */
const MOST_TOLD_BYTES = 1024 * 1024 + 1
/** Folders that are listed whole by REST: they hold folders by the thousand. */
const BROAD = ['', 'models']

/** One commit, read by GitHub's API as far as it is asked for. */
export function remoteSnapshot(ports: SnapshotPorts, sha: string): Snapshot {
  const { repository, memory, loader } = ports
  return {
    repository: `${repository.owner}/${repository.name}`,
    sha,
    list: async (folder) => {
      const entries = BROAD.includes(folder) ? await listedWhole(ports, sha, folder) : await listed(ports, sha, folder)
      return [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
    },
    read: async (paths) => {
      const wish = (path: string): Wish => ({ kind: 'entry', sha, path, withText: true })
      await loader.load(paths.filter((path) => memory.entry(sha, path) === undefined).map(wish))
      const found = paths.flatMap((path) => {
        const entry = memory.entry(sha, path)
        if (entry === undefined) throw unreachable(OPERATION, `${JSON.stringify(path)} was not read`)
        return entry === null || entry.type === 'tree' ? [] : [[path, entry] as const]
      })
      const entries = found.map(([, entry]) => entry)
      await loadBlobs(ports, entries)
      return new Map(found.map(([path, entry]) => [path, fileOf(memory, path, entry)]))
    },
  }
}

/** Files by their object ids: as text, fifty a query, then those that are no text one by one. */
async function loadBlobs({ side, repository, memory, loader }: SnapshotPorts, entries: readonly Entry[]) {
  const missing = () => [
    ...new Set(
      entries
        .filter((entry) => entry.type === 'blob' && entry.size <= MAX_BYTES && memory.blob(entry.oid) === undefined)
        .map(({ oid }) => oid),
    ),
  ]
  const unread = missing().filter((oid) => !memory.isNoText(oid))
  await loader.load(unread.map((oid): Wish => ({ kind: 'blob', oid })))
  const bytesOnly = missing()
  if (bytesOnly.length > MOST_RAW) throw refused(OPERATION, 200, `more than ${MOST_RAW} files are no text`)
  await Promise.all(bytesOnly.map(async (oid) => memory.keepBlob(oid, await rawBlob(side, repository, oid))))
}

/** Files that are no UTF-8, read one request each. */
const MOST_RAW = 20
const blobSchema = z.object({ sha: oidSchema, encoding: z.literal('base64'), content: z.string() })

async function rawBlob({ calls }: Side, repository: HostedRepository, oid: string): Promise<Uint8Array> {
  const { content } = await calls.get({
    operation: 'read a file',
    route: 'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
    parameters: { ...inRepository(repository), file_sha: oid },
    answer: blobSchema,
  })
  const bytes = new Uint8Array(Buffer.from(content, 'base64'))
  if (blobOid(bytes, oid.length) !== oid) throw unreachable('read a file', `its bytes are not those of ${oid}`)
  return bytes
}

function fileOf(memory: ContentMemory, path: string, { type, mode, oid, size }: Entry): SnapshotFile {
  if (type === 'commit') return { mode, bytes: new Uint8Array() }
  if (size > MAX_BYTES) return { mode, bytes: new Uint8Array(Math.min(size, MOST_TOLD_BYTES)) }
  const bytes = memory.blob(oid)
  if (bytes === undefined) throw unreachable(OPERATION, `${JSON.stringify(path)} was not read`)
  return { mode, bytes }
}

async function listed({ memory, loader }: SnapshotPorts, sha: string, folder: string): Promise<readonly TreeEntry[]> {
  const top = await entryWithChildren(memory, loader, { sha, path: folder })
  if (top === null) return []
  if (top.type !== 'tree') return [treeEntry(folder, top)]
  const children = [...(memory.tree(top.oid) ?? [])]
  const below = await Promise.all(
    children.map(([name, entry]) => {
      const path = `${folder}/${name}`
      return entry.type === 'tree' ? listed({ memory, loader } as SnapshotPorts, sha, path) : [treeEntry(path, entry)]
    }),
  )
  return below.flat()
}

async function entryWithChildren(
  memory: ContentMemory,
  loader: ContentLoader,
  { sha, path }: { readonly sha: string; readonly path: string },
): Promise<Entry | null> {
  const isKnown = (entry: Entry | null | undefined) =>
    entry !== undefined && (entry?.type !== 'tree' || memory.tree(entry.oid) !== undefined)
  if (!isKnown(memory.entry(sha, path))) await loader.load([{ kind: 'folder', sha, path, withText: false }])
  const entry = memory.entry(sha, path)
  if (entry === undefined || !isKnown(entry)) throw unreachable(OPERATION, `${JSON.stringify(path)} was not listed`)
  return entry
}

function treeEntry(path: string, { type, mode, oid, size }: Entry): TreeEntry {
  return { path, mode, oid, size_bytes: type === 'blob' ? size : null }
}

const wholeSchema = z.object({
  truncated: z.literal(false),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string().regex(OID),
      size: z.int().optional(),
    }),
  ),
})

/** Everything below a broad folder in one request. @throws {HostFailure} over GitHub's 100,000 entries or 7 MB */
async function listedWhole(ports: SnapshotPorts, sha: string, folder: string): Promise<readonly TreeEntry[]> {
  const { side, repository, memory, loader } = ports
  if (folder !== '' && memory.entry(sha, folder) === undefined)
    await loader.load([{ kind: 'entry', sha, path: folder, withText: false }])
  const top = folder === '' ? { type: 'tree', oid: sha } : memory.entry(sha, folder)
  if (top === null || top === undefined) return []
  if (top.type !== 'tree') return listed(ports, sha, folder)
  const { tree } = await side.calls.get({
    operation: 'list a folder',
    route: 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
    parameters: { ...inRepository(repository), tree_sha: top.oid, recursive: '1' },
    answer: wholeSchema,
  })
  const prefix = folder === '' ? '' : `${folder}/`
  return tree
    .filter(({ type }) => type !== 'tree')
    .map(({ path, mode, sha: oid, type, size }) => ({
      path: `${prefix}${path}`,
      mode,
      oid,
      size_bytes: type === 'blob' ? (size ?? null) : null,
    }))
}
