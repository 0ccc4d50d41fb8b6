import type { GitDiffFile } from './git-storage.ts'
import type { ObjectStore } from './object-store.ts'

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

const STATUS: Readonly<Record<string, GitDiffFile['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
}

/** Two-dot comparison with renames, numbers of lines with it. */
export async function diffFiles(store: ObjectStore, from: string, to: string): Promise<readonly GitDiffFile[]> {
  const args = ['diff-tree', '-r', '-M', '--raw', '--numstat', '-z', '--no-abbrev', '--end-of-options', from, to]
  const tokens = (await store.git(args)).split('\0')
  const raw: Omit<GitDiffFile, 'additions' | 'deletions' | 'isBinary'>[] = []
  let at = 0
  while (tokens[at]?.startsWith(':') === true) {
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = tokens[at]?.slice(1).split(' ') ?? []
    const letter = status.slice(0, 1)
    const hasTwo = letter === 'R' || letter === 'C'
    const first = tokens[at + 1] ?? ''
    raw.push({
      path: hasTwo ? (tokens[at + 2] ?? '') : first,
      previousPath: hasTwo ? first : null,
      status: letter === 'M' && oldOid === newOid ? 'changed' : (STATUS[letter] ?? 'changed'),
      oldOid: letter === 'A' ? null : oldOid,
      newOid: letter === 'D' ? null : newOid,
      oldMode: letter === 'A' ? null : oldMode,
      newMode: letter === 'D' ? null : newMode,
    })
    at += hasTwo ? 3 : 2
  }
  const counts = countsOf(tokens.slice(at))
  return raw.map((file) => ({ ...file, ...(counts.get(file.path) ?? { additions: 0, deletions: 0, isBinary: false }) }))
}

interface Counts {
  readonly additions: number
  readonly deletions: number
  readonly isBinary: boolean
}

function countsOf(tokens: readonly string[]): ReadonlyMap<string, Counts> {
  const counts = new Map<string, Counts>()
  for (let at = 0; at < tokens.length; at++) {
    const [added, deleted, path] = (tokens[at] ?? '').split('\t')
    if (added === undefined || deleted === undefined || path === undefined) continue
    // a rename has no path here; the old and the new one follow
    const name = path === '' ? (tokens[at + 2] ?? '') : path
    if (path === '') at += 2
    const isBinary = added === '-'
    counts.set(name, { additions: isBinary ? 0 : Number(added), deletions: isBinary ? 0 : Number(deleted), isBinary })
  }
  return counts
}

/** Hunks of text files by new path (old path when removed). */
export async function diffPatches(store: ObjectStore, from: string, to: string): Promise<ReadonlyMap<string, string>> {
  const text = await store.git(['diff-tree', '-r', '-M', '-p', '--full-index', '--end-of-options', from, to])
  const patches = new Map<string, string>()
  for (const part of text.split(/^(?=diff --git )/m)) {
    const hunk = part.search(/^@@ /m)
    if (hunk < 0) continue
    const head = part.slice(0, hunk)
    const path = nameIn(/^\+\+\+ (.*)$/m.exec(head)?.[1]) ?? nameIn(/^--- (.*)$/m.exec(head)?.[1])
    if (path !== null) patches.set(path, part.slice(hunk).replace(/\n$/, ''))
  }
  return patches
}

function nameIn(shown: string | undefined): string | null {
  if (shown === undefined || shown === '/dev/null') return null
  return shown
    .replace(/^"(.*)"$/, '$1')
    .replace(/\t$/, '')
    .replace(/^[ab]\//, '')
}
