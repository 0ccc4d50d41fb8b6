import type { ChangedPath } from '../../registry/change.ts'
import type { ComparedFile, Comparison } from './comparison.ts'
import type { ContentLoader } from './content-loader.ts'
import type { ContentMemory, Entry } from './content-memory.ts'
import { unreachable } from './failures.ts'
import { configurationAt, filesNamed, groundsOf, mayBeOurs } from './our-paths.ts'
import type { Wish } from './wish.ts'

const OPERATION = 'read the changed paths'

interface DiffPorts {
  readonly memory: ContentMemory
  readonly loader: ContentLoader
}

/**
 * Changed paths from merge base to head, with modes and object ids from the trees themselves.
 *
 * GitHub's comparison names paths and no modes. When none of them can be ours by the configuration at base, nothing more
 * is asked, and they are told as regular files. Else one query brings their entries together with what a weighing of
 * them is going to read.
 */
export async function changedPaths(ports: DiffPorts, comparison: Comparison): Promise<readonly ChangedPath[]> {
  const { base, head, mergeBase, files } = comparison
  const configuration = configurationAt(ports.memory, base)
  const ours = files.map(({ path }) => path).filter((path) => mayBeOurs(path, configuration))
  if (ours.length === 0) return files.map(asRegularFile)
  const own = new Set(ours)
  const wishes = files.flatMap(({ path }): readonly Wish[] => [
    { kind: 'entry', sha: mergeBase, path, withText: false },
    { kind: 'entry', sha: head, path, withText: own.has(path) },
  ])
  const onBase = ours.flatMap((path) => atBase(comparison, path))
  const grounds = groundsOf(base, ours, configuration)
  const named = files.filter(({ path }) => own.has(path)).flatMap(({ names }) => names)
  const ahead = filesNamed(base, named, configuration)
  await ports.loader.load(unknown(ports.memory, [...grounds, ...wishes, ...onBase, ...ahead]))
  return differing(ports.memory, { from: mergeBase, to: head, paths: files.map(({ path }) => path) }, true)
}

/** A path that is ours, and its folders, at base: what others did to it since the merge base. */
function atBase({ base, mergeBase }: Comparison, path: string): readonly Wish[] {
  const here: Wish = { kind: 'entry', sha: base, path, withText: true }
  if (base === mergeBase) return [here]
  const folders = foldersOf(path).flatMap((folder): readonly Wish[] => [
    { kind: 'entry', sha: base, path: folder, withText: false },
    { kind: 'entry', sha: mergeBase, path: folder, withText: false },
  ])
  return [here, ...folders]
}

/**
 * What others changed since the merge base, as far as it can clash: the paths that the pull request changes, and their
 * folders. It serves to find conflicts and nothing else; anything else that base gained is not listed.
 */
export async function changedOnBase(ports: DiffPorts, comparison: Comparison): Promise<readonly ChangedPath[]> {
  const { base, mergeBase, files } = comparison
  const configuration = configurationAt(ports.memory, base)
  const ours = files.map(({ path }) => path).filter((path) => mayBeOurs(path, configuration))
  const paths = [...new Set(ours.flatMap((path) => [...foldersOf(path), path]))]
  const wishes = paths.flatMap((path): readonly Wish[] => [
    { kind: 'entry', sha: mergeBase, path, withText: false },
    { kind: 'entry', sha: base, path, withText: false },
  ])
  await ports.loader.load(unknown(ports.memory, wishes))
  const changed = differing(ports.memory, { from: mergeBase, to: base, paths }, false)
  return [...changed, ...newFolders(ports.memory, comparison, ours)]
}

/** A folder that base made where the pull request has a file: one path below it stands for all. */
function newFolders(memory: ContentMemory, { base, mergeBase }: Comparison, ours: readonly string[]) {
  const isFolder = (sha: string, path: string) => memory.entry(sha, path)?.type === 'tree'
  return ours
    .filter((path) => isFolder(base, path) && !isFolder(mergeBase, path))
    .map((path): ChangedPath => {
      const oid = memory.entry(base, path)?.oid ?? null
      const below = { path: `${path}/`, status: 'added' as const }
      return { ...below, mode: { from: null, to: '040000' }, oid: { from: null, to: oid } }
    })
}

function differing(
  memory: ContentMemory,
  { from, to, paths }: { readonly from: string; readonly to: string; readonly paths: readonly string[] },
  mustDiffer: boolean,
): readonly ChangedPath[] {
  return paths.flatMap((path): readonly ChangedPath[] => {
    const [before, after] = [fileAt(memory, from, path), fileAt(memory, to, path)]
    if (before === null && after === null) {
      if (mustDiffer && !isFolderAnywhere(memory, [from, to], path))
        throw unreachable(
          OPERATION,
          `${JSON.stringify(path)} is named by GitHub's comparison and found in neither tree`,
        )
      return []
    }
    if (before?.oid === after?.oid && before?.mode === after?.mode) return []
    return [
      {
        path,
        status: before === null ? 'added' : after === null ? 'removed' : 'modified',
        mode: { from: before?.mode ?? null, to: after?.mode ?? null },
        oid: { from: before?.oid ?? null, to: after?.oid ?? null },
      },
    ]
  })
}

const isFolderAnywhere = (memory: ContentMemory, shas: readonly string[], path: string) =>
  shas.some((sha) => memory.entry(sha, path)?.type === 'tree')

/** A file, link or submodule; a folder is none. */
function fileAt(memory: ContentMemory, sha: string, path: string): Entry | null {
  const entry = memory.entry(sha, path)
  if (entry === undefined) throw unreachable(OPERATION, `${JSON.stringify(path)} was not read`)
  return entry === null || entry.type === 'tree' ? null : entry
}

/** What is not in memory yet. Texts of a folder that is known are read when somebody asks for them. */
function unknown(memory: ContentMemory, wishes: readonly Wish[]): readonly Wish[] {
  const isKnown = (wish: Wish) => {
    if (wish.kind === 'blob') return memory.blob(wish.oid) !== undefined
    if (wish.kind === 'touched') return memory.touched(wish.sha, wish.path) !== undefined
    const entry = memory.entry(wish.sha, wish.path)
    if (entry === undefined || entry === null) return entry === null
    if (wish.kind === 'folder') return entry.type !== 'tree' || memory.tree(entry.oid) !== undefined
    return !wish.withText || entry.type !== 'blob' || memory.blob(entry.oid) !== undefined || memory.isNoText(entry.oid)
  }
  return wishes.filter((wish) => !isKnown(wish))
}

function asRegularFile({ path, status, oid }: ComparedFile): ChangedPath {
  const isBefore = status !== 'added'
  const isAfter = status !== 'removed'
  return {
    path,
    status,
    mode: { from: isBefore ? '100644' : null, to: isAfter ? '100644' : null },
    oid: { from: status === 'removed' ? oid : null, to: isAfter ? oid : null },
  }
}

function foldersOf(path: string): readonly string[] {
  const steps = path.split('/')
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'))
}
