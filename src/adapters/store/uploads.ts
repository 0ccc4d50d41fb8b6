import { Occupied, type Uploaded, type UploadOptions, type Uploads } from '../../ports/uploads.ts'
import { type LocalFile, Unavailable } from '../../ports.ts'
import { prefixCovers } from '../../registry/store-prefix.ts'
import { openFileUploads } from './file-uploads.ts'
import { openS3Uploads } from './s3-uploads.ts'
import { outside, type StoreOptions } from './store.ts'
import type { UploadPlace } from './upload-place.ts'

/**
 * Opens the writing side of the stores behind URIs.
 *
 * Nothing is written over: an object is looked for first, written under the condition that there is none, and in every
 * case read back whole and hashed.
 *
 * @throws {Unavailable} for a URI outside the prefixes, before anything is asked of the world
 */
export function openUploads({ root, prefixes, s3 = {} }: StoreOptions): Uploads {
  const files = openFileUploads(root)
  const objects = openS3Uploads(s3)
  return {
    upload: async (file, uri, options = {}) => {
      if (!prefixes.some((prefix) => prefixCovers(prefix, uri))) throw outside(uri, prefixes)
      return uploaded(uri.startsWith('s3://') ? objects : files, file, uri, options)
    },
  }
}

async function uploaded(
  place: UploadPlace,
  file: LocalFile,
  uri: string,
  { progress = () => undefined }: UploadOptions,
): Promise<Uploaded> {
  const isThere = (await place.find(uri)) !== null
  const written = isThere ? null : await place.write(file, uri, (bytes) => progress('uploading', bytes)).catch(failed)
  const found = await place.find(uri)
  // what the answer of a write was lost for lies there all the same
  if (found === null) throw written instanceof Unavailable ? written : lost(uri)
  const same =
    found.size_bytes === file.size_bytes &&
    (await place.hash(uri, (bytes) => progress('verifying', bytes))) === file.digest
  if (!same) throw isThere ? new Occupied(uri) : altered(uri)
  const resumed_bytes = written === null || written instanceof Unavailable ? 0 : written.resumed_bytes
  return { is: isThere ? 'there' : 'written', resumed_bytes, version_id: found.version_id }
}

function failed(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error
  throw error
}

function lost(uri: string): Unavailable {
  return new Unavailable('unreachable', `${uri} was written and is not there`, 'Try again; look at the store.')
}

/** Another writer's bytes, a file that changed while it was sent, or a store that does not keep what it is given. */
function altered(uri: string): Unavailable {
  return new Unavailable(
    'unreachable',
    `${uri} was written, and holds other bytes than the file that was hashed`,
    'Look whether the file changed meanwhile; remove the object, and try again.',
  )
}
