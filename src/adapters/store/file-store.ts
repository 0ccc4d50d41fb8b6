import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ObjectStore, TooLarge, Unavailable } from '../../ports.ts'
import { isAbsence, isBelow, leaves, placeOf, relativePath } from './file-place.ts'
import { hashedCopy } from './hashed-copy.ts'
import { MAX_LISTED, MAX_SMALL_BYTES, missing, tooMany } from './store-errors.ts'

/**
 * Objects that are files below a folder.
 *
 * A path is resolved first and must stay inside; what was opened is compared with what is there, so that a link put
 * in its place in between reads nothing.
 */
export function openFileStore(root: string): ObjectStore {
  return {
    fetch: async (uri, folder, { maxBytes }) => {
      const file = await openFile(root, uri)
      if (file === null) throw missing(uri)
      try {
        if ((await file.stat()).size > maxBytes) throw new TooLarge(uri, maxBytes)
        return await hashedCopy(uri, file.createReadStream({ autoClose: false }), { folder, maxBytes })
      } finally {
        await file.close()
      }
    },
    get: async (uri) => {
      const file = await openFile(root, uri)
      if (file === null) return undefined
      try {
        if ((await file.stat()).size > MAX_SMALL_BYTES) throw new TooLarge(uri, MAX_SMALL_BYTES)
        return new Uint8Array(await file.readFile())
      } finally {
        await file.close()
      }
    },
    put: async (uri, bytes) => void (await writeWhole(root, uri, bytes, rename)),
    putNew: async (uri, bytes) => ((await writeWhole(root, uri, bytes, link)) ? 'written' : 'exists'),
    list: (prefix) => listFolder(root, prefix),
  }
}

/** Opens a regular file for reading; null when there is none. Links inside the root are followed, none out of it. */
export async function openFile(root: string, uri: string): Promise<FileHandle | null> {
  const place = await reading(uri, () => placeOf(root, uri))
  if (place === null) return null
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const file = await reading(uri, () => open(place, flags))
  if (file === null) return null
  try {
    await refuseSwapped(root, uri, file)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

async function refuseSwapped(root: string, uri: string, file: FileHandle): Promise<void> {
  const opened = await file.stat()
  if (!opened.isFile()) throw new Unavailable('missing', `${uri} is not a regular file`, 'Name a file.')
  const place = await placeOf(root, uri)
  const there = place === null ? null : await stat(place)
  if (there === null || there.ino !== opened.ino || there.dev !== opened.dev) throw leaves(uri)
}

/** Turns the file system's refusals into ours; null where there is nothing. */
async function reading<Value>(uri: string, read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Unavailable) throw error
    if (isAbsence(error)) return null
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ELOOP') throw leaves(uri)
    throw new Unavailable('unreachable', `${uri} cannot be read (${code})`, 'Let the process read the file.')
  }
}

/**
 * Writes beside the place and puts it there whole: readers see the old bytes or the new ones, never half of them. With
 * `link` the place must be empty, and of two writers one hears true.
 */
async function writeWhole(root: string, uri: string, bytes: Uint8Array, place: typeof rename): Promise<boolean> {
  const path = relativePath(uri)
  const target = join(root, path)
  const partial = `${target}.${randomBytes(6).toString('hex')}.part`
  try {
    await makeFolder(root, dirname(path), uri)
    await writeFile(partial, bytes, { flag: 'wx', mode: 0o600, flush: place === link })
    await place(partial, target)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (place === link && code === 'EEXIST') return false
    if (error instanceof Unavailable) throw error
    throw new Unavailable('unreachable', `${uri} cannot be written (${code})`, 'Let the process write there.')
  } finally {
    await rm(partial, { force: true })
  }
}

/** Makes the folders of a path one by one, refusing a link that leads out before anything is made behind it. */
export async function makeFolder(root: string, folder: string, uri: string): Promise<void> {
  const realRoot = await realpath(root)
  let place = realRoot
  for (const segment of folder.split(/[/\\]/).filter((name) => name !== '.')) {
    await mkdir(join(place, segment)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    place = await realpath(join(place, segment))
    if (!isBelow(realRoot, place)) throw leaves(uri)
  }
}

async function listFolder(
  root: string,
  prefix: string,
): Promise<readonly { readonly uri: string; readonly size_bytes: number }[]> {
  const place = await reading(prefix, () => placeOf(root, prefix))
  if (place === null) return []
  const found: { uri: string; size_bytes: number }[] = []
  const pending = [{ place, uri: prefix }]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of (await reading(prefix, () => readdir(folder.place, { withFileTypes: true }))) ?? []) {
      const at = join(folder.place, entry.name)
      if (entry.isDirectory() && entry.name.toLowerCase() !== '.git')
        pending.push({ place: at, uri: `${folder.uri}${entry.name}/` })
      // A link is listed too, so that none goes unseen; reading it follows it or refuses.
      if (entry.isFile() || entry.isSymbolicLink())
        found.push({ uri: `${folder.uri}${entry.name}`, size_bytes: (await lstat(at)).size })
      if (found.length > MAX_LISTED) throw tooMany(prefix)
    }
  }
  return found.sort((a, b) => (a.uri < b.uri ? -1 : 1))
}
