import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type GrantedPrefix, grantCovers } from '../../operator/grant.ts'
import { type ObjectStore, Unavailable } from '../../ports.ts'
import { openStore } from '../store/store.ts'

/**
 * The folder behind `file:` of one repository, below the root that the operator set; made at first use.
 *
 * Names are GitHub's: letters, digits, `.`, `-`, `_`. Anything else, and the names `.` and `..`, has no folder.
 */
export function repositoryFolder(root: string, owner: string, name: string): string {
  for (const part of [owner, name])
    if (!/^[\w.-]{1,100}$/.test(part) || /^\.+$/.test(part))
      throw new RangeError('this is not the name of a repository')
  const folder = join(root, owner.toLowerCase(), name.toLowerCase())
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/**
 * Stores of one repository, open for the prefixes that it was granted and for nothing else.
 *
 * @param options.folder  what `file:` means; null: `file:` is not served here
 * @throws {Unavailable} from every method, for a URI outside the prefixes before anything is asked of the world
 */
export function openGrantedStore(options: {
  readonly prefixes: readonly GrantedPrefix[]
  readonly folder: string | null
}): ObjectStore {
  const opened = new Map<string, ObjectStore>()
  const storeOf = (uri: string, covered: string): ObjectStore => {
    const granted = options.prefixes.find(({ prefix }) => grantCovers(prefix, covered))
    if (granted === undefined) throw notGranted(uri)
    const known = opened.get(granted.prefix) ?? openGranted(granted, options.folder, uri)
    opened.set(granted.prefix, known)
    return known
  }
  return {
    fetch: async (uri, folder, limits) => storeOf(uri, uri).fetch(uri, folder, limits),
    get: async (uri) => storeOf(uri, uri).get(uri),
    put: async (uri, bytes) => storeOf(uri, uri).put(uri, bytes),
    putNew: async (uri, bytes) => storeOf(uri, uri).putNew(uri, bytes),
    list: async (prefix) => storeOf(prefix, `${prefix.replace(/\/$/, '')}/any`).list(prefix),
  }
}

function openGranted({ prefix, roleArn }: GrantedPrefix, folder: string | null, uri: string): ObjectStore {
  if (prefix.startsWith('file:') && folder === null)
    throw new Unavailable(
      'missing',
      `${shown(uri)} is a file, and this app serves no files`,
      'Ask the operator of the app to set WEIGHBRIDGE_FILE_ROOT, or keep it in a store.',
    )
  return openStore({ root: folder ?? '/', prefixes: [prefix], ...(roleArn !== null && { s3: { roleArn } }) })
}

function notGranted(uri: string): Unavailable {
  return new Unavailable(
    'missing',
    `${shown(uri)} lies outside what the operator of this app grants the repository`,
    'Move the object below a granted prefix, or ask the operator of the app to grant its own.',
  )
}

function shown(uri: string): string {
  return uri.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200)
}
