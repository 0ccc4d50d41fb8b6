import { createHash } from 'node:crypto'

/**
 * Git's object id of a file's bytes, by the length of the id that it is compared with.
 *
 * @example blobOid(new TextEncoder().encode('what is up, doc?'), 40) // => 'bd9dbf5aae1a3862dd1526723246b20206e5fc37'
 */
export function blobOid(bytes: Uint8Array, digits: number): string {
  const hash = createHash(digits === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/**
 * The bytes of a blob that GitHub gave as text, or null when the text is not the whole file: cut short, or not UTF-8, so
 * that it was changed on its way.
 */
export function bytesOfText(text: string, oid: string): Uint8Array | null {
  const bytes = new TextEncoder().encode(text)
  return blobOid(bytes, oid.length) === oid ? bytes : null
}
