import { glob, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { objectsNamed } from '../../adapters/input/named-files.ts'
import { openJobFolder } from '../../adapters/job-folder.ts'
import { type ObjectStore, Unavailable } from '../../ports.ts'
import type { Profile } from '../../profiles/column-profile.ts'
import type { Named } from '../../profiles/merge-profiles.ts'
import { parseProfile } from '../../profiles/parse-profile.ts'
import type { ProfileDocument } from '../../profiles/profile-document.ts'

/** 2,000 columns at their largest are smaller. */
const MAX_BYTES = 256_000_000
const MAX_FILES = 100_000
const OF_PROFILE = 'Name a file that weighbridge profile --out wrote.'

/** Opened at the first `s3://`. */
export type Objects = () => ObjectStore

/** A name as it was typed, as a place: an absolute path, or the `s3://` URI that it is. */
export function placeFrom(calledFrom: string, name: string): string {
  return isRemote(name) ? name : resolve(calledFrom, name)
}

export function isRemote(place: string): boolean {
  return place.startsWith('s3://')
}

/**
 * A profile from its file or object.
 *
 * @throws {Unavailable} when there is no such place; {BadProfile} when it holds no sound profile
 */
export async function readProfile(place: string, objects: Objects): Promise<Profile> {
  if (isRemote(place)) return parseProfile(await textOfObject(place, objects), place)
  const called = basename(place)
  const found = await stat(place).catch(() => null)
  if (found === null) throw new Unavailable('missing', `there is no file ${called}`, OF_PROFILE)
  if (!found.isFile()) throw new Unavailable('missing', `${called} is not a file`, OF_PROFILE)
  if (found.size > MAX_BYTES)
    throw new Unavailable('missing', `${called} has ${found.size} bytes, too many for a profile`, OF_PROFILE)
  return parseProfile(await readFile(place, 'utf8'), called)
}

/** @throws {TooLarge} when no profile is as large */
export async function textOfObject(uri: string, objects: Objects): Promise<string> {
  const folder = openJobFolder()
  try {
    const { path } = await objects().fetch(uri, folder.path, { maxBytes: MAX_BYTES })
    return await readFile(path, 'utf8')
  } finally {
    folder.close()
  }
}

/**
 * Places that names and patterns stand for, each once, sorted.
 *
 * @param places  as `placeFrom` gives them
 * @throws {Unavailable} for a pattern that matches nothing, or more files than anybody means
 */
export async function profilePlaces(places: readonly string[], objects: Objects): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const place of places) {
    for (const one of isRemote(place) ? await objectsNamed(place, objects()) : await filesAt(place)) found.add(one)
    if (found.size > MAX_FILES) throw new Unavailable('missing', `more than ${MAX_FILES} files`, 'Merge them in steps.')
  }
  return [...found].sort()
}

async function filesAt(place: string): Promise<readonly string[]> {
  const found: string[] = []
  if (/[*?[{]/.test(place)) for await (const path of glob(place)) found.push(path)
  if (found.length > 0) return found
  // no pattern, or a name with such characters in it
  if ((await stat(place).catch(() => null)) !== null) return [place]
  throw new Unavailable('missing', `there is no file ${basename(place)}`, OF_PROFILE)
}

/** Reads profiles one after the other, so that only one lies in memory beside the merged one. */
export async function* readProfiles(places: readonly string[], objects: Objects): AsyncGenerator<Named> {
  for (const place of places) yield { called: basename(place), profile: await readProfile(place, objects) }
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
