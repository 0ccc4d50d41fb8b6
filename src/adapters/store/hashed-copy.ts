import { createHash, randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalFile, TooLarge } from '../../ports.ts'

/**
 * Copies a stream of bytes into a folder while hashing it, and stops at the limit.
 *
 * The file appears under its name only when it is whole; a stream that breaks leaves nothing behind.
 *
 * @param uri  names the file and is what messages call it
 * @param chunks  Uint8Arrays, in order
 * @throws {TooLarge} after maxBytes + 1 bytes at the latest, and whatever the stream throws
 */
export async function hashedCopy(
  uri: string,
  chunks: AsyncIterable<Uint8Array>,
  { folder, maxBytes }: { readonly folder: string; readonly maxBytes: number },
): Promise<LocalFile> {
  const path = join(folder, fileName(uri))
  const partial = `${path}.${randomBytes(6).toString('hex')}.part`
  try {
    const { digest, sizeBytes } = await writeHashed(partial, chunks, () => new TooLarge(uri, maxBytes), maxBytes)
    await rename(partial, path)
    return { path, digest, size_bytes: sizeBytes }
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function writeHashed(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  tooLarge: () => TooLarge,
  maxBytes: number,
): Promise<{ readonly digest: string; readonly sizeBytes: number }> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  let sizeBytes = 0
  try {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) throw tooLarge()
      hash.update(chunk)
      await file.writeFile(chunk)
    }
  } finally {
    await file.close()
  }
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes }
}

/** A name of our own: who writes URIs must not choose file names, beyond an ending that readers may look at. */
function fileName(uri: string): string {
  const ending = /\.[a-z0-9]{1,8}(\.gz)?$/i.exec(uri)?.[0].toLowerCase() ?? ''
  return `${createHash('sha256').update(uri).digest('hex').slice(0, 16)}${ending}`
}
