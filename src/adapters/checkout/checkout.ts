import { resolve as resolvePath } from 'node:path'
import { type Repository, type Snapshot, type SnapshotFile, type TreeEntry, Unavailable } from '../../ports.ts'
import type { ChangedPath } from '../../registry/change.ts'
import { GitFailure, git, readBlobs } from './git.ts'
import { readsAtOnce } from './reads-at-once.ts'

const SUBMODULE = '160000'
const OID = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/** A repository read through Git's own object store: what is committed, never the working tree. */
export interface Checkout extends Repository {
  /** Root of the working tree, absolute. */
  readonly root: string
  /** Git's own folder, absolute: a place for keys and locks that is never committed. */
  readonly gitFolder: string
}

/**
 * Opens the repository that a folder lies in.
 *
 * @throws {GitFailure} when the folder is in no Git repository, or Git can't be run
 */
export async function openCheckout(folder: string): Promise<Checkout> {
  const [root = '', gitFolder = ''] = (await git(folder, ['rev-parse', '--show-toplevel', '--absolute-git-dir']))
    .trim()
    .split('\n')
  return {
    root,
    gitFolder: resolvePath(folder, gitFolder),
    resolve: (ref) => resolveCommit(root, ref),
    mergeBase: (a, b) => mergeBase(root, a, b),
    diff: (from, to) => diff(root, from, to),
    snapshot: async (sha) => snapshotOf(root, sha),
    history: (ref, below, needle) => history(root, ref, below, needle),
  }
}

async function resolveCommit(root: string, ref: string): Promise<string> {
  try {
    const sha = (await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])).trim()
    if (OID.test(sha)) return sha
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause
  }
  throw new GitFailure('rev-parse', `there is no commit "${ref}" here`)
}

async function mergeBase(root: string, a: string, b: string): Promise<string> {
  try {
    const base = (await git(root, ['merge-base', a, b])).trim()
    if (OID.test(base)) return base
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause
  }
  throw new GitFailure(
    'merge-base',
    `${a.slice(0, 12)} and ${b.slice(0, 12)} have no common commit; a shallow clone has none: fetch the history`,
  )
}

/** Raw diff without rename detection, so that a rename is a removal and an addition. */
async function diff(root: string, from: string, to: string): Promise<readonly ChangedPath[]> {
  const raw = await git(root, ['diff-tree', '-r', '-z', '--no-renames', '--raw', '--no-abbrev', from, to])
  const parts = raw.split('\0')
  const changed: ChangedPath[] = []
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [modeFrom = '', modeTo = '', oidFrom = '', oidTo = ''] = (parts[index] ?? '').slice(1).split(' ')
    const some = (oid: string, value: string) => (/^0+$/.test(oid) && /^0+$/.test(value) ? null : value)
    const before = {
      mode: /^0+$/.test(modeFrom) ? null : modeFrom,
      oid: /^0+$/.test(modeFrom) ? null : some(oidFrom, oidFrom),
    }
    const after = { mode: /^0+$/.test(modeTo) ? null : modeTo, oid: /^0+$/.test(modeTo) ? null : some(oidTo, oidTo) }
    changed.push({
      path: parts[index + 1] ?? '',
      status: before.mode === null ? 'added' : after.mode === null ? 'removed' : 'modified',
      mode: { from: before.mode, to: after.mode },
      oid: { from: before.oid, to: after.oid },
    })
  }
  return changed
}

/**
 * Commits whose difference to their first parent adds or removes a line with `needle` below a folder, newest first.
 *
 * @throws {Unavailable} in a shallow clone, whose history has no beginning
 */
async function history(root: string, ref: string, below: string, needle: string): Promise<readonly string[]> {
  if ((await git(root, ['rev-parse', '--is-shallow-repository'])).trim() === 'true')
    throw new Unavailable('unreachable', 'this clone is shallow: its history is cut short', 'git fetch --unshallow')
  const lines = `-G${needle.replace(/[^A-Za-z0-9_:/-]/g, '\\$&')}`
  const first = ['--first-parent', '--diff-merges=first-parent']
  const out = await git(root, ['log', ...first, '--format=%H', '--text', lines, ref, '--', below])
  return out.split('\n').filter((line) => OID.test(line))
}

/** Larger files are no files of ours; as much of them is given as shows it. */
const MAX_READ_BYTES = 1024 * 1024

function snapshotOf(root: string, sha: string): Snapshot {
  const tree = (more: readonly string[], paths: readonly string[]) =>
    git(root, ['ls-tree', '-z', '--long', '--full-tree', ...more, sha, ...(paths.length === 0 ? [] : ['--', ...paths])])
  return readsAtOnce({
    repository: root,
    sha,
    list: async (folder) => parseTree(await tree(['-r'], folder === '' ? [] : [folder])),
    read: async (paths) => {
      const files = new Map<string, SnapshotFile>()
      for (let at = 0; at < paths.length; at += PATHS_AT_ONCE) {
        const some = new Set(paths.slice(at, at + PATHS_AT_ONCE))
        const entries = parseTree(await tree([], [...some])).filter((entry) => some.has(entry.path))
        for (const [path, file] of await filesOf(root, entries)) files.set(path, file)
      }
      return files
    },
  })
}

/** Paths are named on the command line, which has a limit. */
const PATHS_AT_ONCE = 1000

async function filesOf(root: string, entries: readonly TreeEntry[]): Promise<ReadonlyMap<string, SnapshotFile>> {
  const isLarge = ({ size_bytes }: TreeEntry) => (size_bytes ?? 0) > MAX_READ_BYTES
  const small = entries.filter((entry) => entry.mode !== SUBMODULE && !isLarge(entry))
  const blobs = await readBlobs(
    root,
    small.map(({ oid }) => oid),
  )
  return new Map(
    entries.map((entry) => {
      const { path, mode, oid } = entry
      const bytes = isLarge(entry) ? new Uint8Array(MAX_READ_BYTES + 1) : (blobs.get(oid) ?? new Uint8Array())
      return [path, { mode, bytes }]
    }),
  )
}

function parseTree(output: string): readonly TreeEntry[] {
  return output
    .split('\0')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const tab = line.indexOf('\t')
      const [mode = '', type = '', oid = '', size = '-'] = line.slice(0, tab).split(/ +/)
      if (type === 'tree') return []
      return [{ path: line.slice(tab + 1), mode, oid, size_bytes: size === '-' ? null : Number(size) }]
    })
}
