import { resolve as resolvePath } from 'node:path'
import type { Repository, Snapshot, TreeEntry } from '../../ports.ts'
import type { ChangedPath } from '../../registry/change.ts'
import { GitFailure, git, readBlobs } from './git.ts'

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

/** Commits whose difference to their first parent touches `below` and adds or removes `needle` there, newest first. */
async function history(root: string, ref: string, below: string, needle: string): Promise<readonly string[]> {
  const out = await git(root, [
    'log',
    '--first-parent',
    '--diff-merges=first-parent',
    '--format=%H',
    `-S${needle}`,
    ref,
    '--',
    below,
  ])
  return out.split('\n').filter((line) => OID.test(line))
}

function snapshotOf(root: string, sha: string): Snapshot {
  const list = async (folder: string): Promise<readonly TreeEntry[]> =>
    parseTree(
      await git(root, ['ls-tree', '-r', '-z', '--long', '--full-tree', sha, ...(folder === '' ? [] : ['--', folder])]),
    )
  return {
    repository: root,
    sha,
    list,
    read: async (paths) => {
      if (paths.length === 0) return new Map()
      const entries = parseTree(await git(root, ['ls-tree', '-z', '--long', '--full-tree', sha, '--', ...paths]))
      const wanted = entries.filter((entry) => paths.includes(entry.path))
      const blobs = await readBlobs(
        root,
        wanted.filter((entry) => entry.mode !== SUBMODULE).map((entry) => entry.oid),
      )
      return new Map(
        wanted.map(
          (entry) => [entry.path, { mode: entry.mode, bytes: blobs.get(entry.oid) ?? new Uint8Array() }] as const,
        ),
      )
    },
  }
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
