import type { ObjectStore } from '../../ports.ts'
import { Unavailable } from '../../ports.ts'
import { prefixCovers } from '../../registry/store-prefix.ts'
import { openFileStore } from './file-store.ts'
import type { S3Options } from './s3-client.ts'
import { openS3Store } from './s3-store.ts'

export interface StoreOptions {
  /** Folder that `file:` paths are relative to; nothing outside it is ever read or written. */
  readonly root: string
  /** What may be touched, such as `s3://acme-models/registry` or `file:data`; everything else is refused. */
  readonly prefixes: readonly string[]
  /** The operator's choices for S3; nothing in here may come from a record. */
  readonly s3?: S3Options
}

/**
 * Opens the stores behind URIs: `file:` below a folder, `s3://` wherever the environment says.
 *
 * @throws {Unavailable} from every method, for a URI outside the prefixes before anything is asked of the world
 */
export function openStore({ root, prefixes, s3 = {} }: StoreOptions): ObjectStore {
  const files = openFileStore(root)
  const objects = openS3Store(s3)
  const storeOf = (uri: string, covered: string): ObjectStore => {
    if (!prefixes.some((prefix) => prefixCovers(prefix, covered))) throw outside(uri, prefixes)
    return uri.startsWith('s3://') ? objects : files
  }
  return {
    fetch: async (uri, folder, options) => storeOf(uri, uri).fetch(uri, folder, options),
    get: async (uri) => storeOf(uri, uri).get(uri),
    put: async (uri, bytes) => storeOf(uri, uri).put(uri, bytes),
    putNew: async (uri, bytes) => storeOf(uri, uri).putNew(uri, bytes),
    list: async (prefix) => {
      const folder = prefix.endsWith('/') ? prefix : `${prefix}/`
      return storeOf(prefix, `${folder}any`).list(folder)
    },
  }
}

/** Refuses what lies below no prefix. */
export function outside(uri: string, prefixes: readonly string[]): Unavailable {
  const shown = uri.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200)
  const allowed = prefixes.length === 0 ? 'none' : prefixes.join(', ')
  return new Unavailable(
    'missing',
    `${shown} lies outside the prefixes that may be read: ${allowed}`,
    'Move the object below one of them, or add its prefix to `store.read` on the governed branch.',
  )
}
