import { type Problem, quoted } from './problem.ts'

/** One file of an artifact that is a folder; `path` is relative to it. */
export interface FolderFile {
  readonly path: string
  readonly digest: string
  readonly size_bytes: number
}

const SHOWN = 10

/** Where the files below an artifact's folder differ from the record's `files`: each by name, digest and size. */
export function folderProblems(recorded: readonly FolderFile[], found: readonly FolderFile[]): readonly Problem[] {
  const there = new Map(found.map((file) => [file.path, file]))
  const expected = new Set(recorded.map((file) => file.path))
  const absent = recorded.filter((file) => !there.has(file.path)).map((file) => `${quoted(file.path)} is not there`)
  const surplus = found.filter((file) => !expected.has(file.path)).map((file) => `${quoted(file.path)} is not recorded`)
  const changed = recorded.flatMap((file) => changes(file, there.get(file.path)))
  const all = [...absent, ...surplus, ...changed]
  return all.slice(0, SHOWN).map((what, index) => ({
    code: 'folder',
    what: index === SHOWN - 1 && all.length > SHOWN ? `${what}, and ${all.length - SHOWN} more differences` : what,
    mend: 'The folder must hold exactly the files of the record: register the version again.',
  }))
}

function changes(recorded: FolderFile, found: FolderFile | undefined): readonly string[] {
  if (found === undefined) return []
  const name = quoted(recorded.path)
  if (recorded.digest !== found.digest) return [`${name} is ${found.digest}, the record says ${recorded.digest}`]
  if (recorded.size_bytes === found.size_bytes) return []
  return [`${name} has ${found.size_bytes} bytes, the record says ${recorded.size_bytes}`]
}
