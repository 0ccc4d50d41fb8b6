import { glob, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Unavailable } from '../../ports.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { Named } from '../../profiles/merge-profiles.ts'
import { parseProfile } from '../../profiles/parse-profile.ts'
import type { ProfileDocument } from '../../profiles/profile-document.ts'

/** 2,000 columns at their largest are smaller. */
const MAX_BYTES = 256_000_000
const MAX_FILES = 100_000
const OF_PROFILE = 'Name a file that weighbridge profile --out wrote.'

/**
 * A profile from its file.
 *
 * @throws {Unavailable} when there is no such file; {BadProfile} when it holds no sound profile
 */
export async function readProfile(path: string): Promise<Profile> {
  const called = basename(path)
  const found = await stat(path).catch(() => null)
  if (found === null) throw new Unavailable('missing', `there is no file ${called}`, OF_PROFILE)
  if (!found.isFile()) throw new Unavailable('missing', `${called} is not a file`, OF_PROFILE)
  if (found.size > MAX_BYTES)
    throw new Unavailable('missing', `${called} has ${found.size} bytes, too many for a profile`, OF_PROFILE)
  return parseProfile(await readFile(path, 'utf8'), called)
}

/**
 * Files that names and globs stand for, each once, sorted.
 *
 * @throws {Unavailable} for a glob without a file, or more files than anybody means
 */
export async function profilePaths(names: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const name of names) {
    const before = found.size
    if (/[*?[{]/.test(name)) for await (const path of glob(name)) found.add(path)
    if (found.size === before) found.add(await plainFile(name))
    if (found.size > MAX_FILES) throw new Unavailable('missing', `more than ${MAX_FILES} files`, 'Merge them in steps.')
  }
  return [...found].sort()
}

/** A name that is no glob, or one with such characters in it. */
async function plainFile(name: string): Promise<string> {
  if ((await stat(name).catch(() => null)) !== null) return name
  throw new Unavailable('missing', `there is no file ${basename(name)}`, OF_PROFILE)
}

/** Reads profiles one after the other, so that only one lies in memory beside the merged one. */
export async function* readProfiles(paths: readonly string[]): AsyncGenerator<Named> {
  for (const path of paths) yield { called: basename(path), profile: await readProfile(path) }
}

/** Writes a document whole or not at all, one column a line. */
export async function writeProfile(path: string, document: ProfileDocument): Promise<void> {
  const draft = `${path}.part-${process.pid}`
  try {
    await writeFile(draft, profileText(document))
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

/** One document has one text: a column a line, for people who compare files. */
export function profileText({ columns, ...document }: ProfileDocument): string {
  const { warnings, ...head } = document
  const lines = columns.map((column) => JSON.stringify(column)).join(',\n')
  return `${JSON.stringify(head).slice(0, -1)},"columns":[\n${lines}\n],"warnings":${JSON.stringify(warnings)}}\n`
}
