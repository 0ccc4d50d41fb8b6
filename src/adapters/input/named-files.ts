import { glob, stat } from 'node:fs/promises'
import { isAbsolute, matchesGlob, resolve } from 'node:path'
import { type ObjectStore, Unavailable } from '../../ports.ts'

const MAX_FILES = 10_000
const PATTERN = /[*?[\]{}]/

function isPattern(name: string): boolean {
  return PATTERN.test(name)
}

/**
 * The files that a path or pattern names, sorted by their names; a file that bears a pattern's characters in its own
 * name goes before the pattern.
 * @throws {Unavailable} when a pattern matches nothing, or too much
 */
export async function filesNamed(name: string, calledFrom: string): Promise<readonly string[]> {
  const path = isAbsolute(name) ? name : resolve(calledFrom, name)
  if (!isPattern(name) || (await stat(path).catch(() => null)) !== null) return [path]
  const found: string[] = []
  for await (const entry of glob(name, { cwd: calledFrom, withFileTypes: true })) {
    if (!entry.isDirectory()) found.push(resolve(entry.parentPath, entry.name))
    mustBeFew(found.length, name)
  }
  return sorted(found, name)
}

/** The objects that an `s3://` URI or pattern names, sorted. */
export async function objectsNamed(uri: string, store: ObjectStore): Promise<readonly string[]> {
  const key = /^s3:\/\/[^/]+\/(.*)$/.exec(uri)?.[1] ?? ''
  if (key === '' || key.endsWith('/'))
    throw new Unavailable(
      'missing',
      `${uri} is a prefix, not an object`,
      `Name objects: '${uri.replace(/\/?$/, '/')}*.parquet'.`,
    )
  const at = uri.search(PATTERN)
  if (at < 0) return [uri]
  const prefix = uri.slice(0, uri.lastIndexOf('/', at) + 1)
  const pattern = uri.slice('s3://'.length)
  const listed = await store.list(prefix)
  const found = listed.map((object) => object.uri).filter((one) => matchesGlob(one.slice('s3://'.length), pattern))
  mustBeFew(found.length, uri)
  return sorted(found, uri)
}

function mustBeFew(files: number, name: string): void {
  if (files > MAX_FILES)
    throw new Unavailable(
      'missing',
      `${name} matches more than ${MAX_FILES} files`,
      'Name fewer, or write larger files.',
    )
}

function sorted(found: readonly string[], name: string): readonly string[] {
  if (found.length === 0)
    throw new Unavailable('missing', `${name} matches no file`, 'Check the pattern; in a shell, put it in quotes.')
  return [...new Set(found)].sort((a, b) => (a < b ? -1 : 1))
}
