import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Unavailable } from '../../ports.ts'
import { atEnd } from '../job-folder.ts'
import { relativePath } from './file-place.ts'
import { makeFolder, openFile } from './file-store.ts'
import { missing } from './store-errors.ts'
import { streamDigest } from './stream-digest.ts'
import type { UploadPlace } from './upload-place.ts'

/** Uploads that are copies below a folder: written beside their place, and put there by a link that takes no other's. */
export function openFileUploads(root: string): UploadPlace {
  return {
    find: async (uri) => {
      const file = await openFile(root, uri)
      if (file === null) return null
      try {
        return { size_bytes: (await file.stat()).size, version_id: null }
      } finally {
        await file.close()
      }
    },
    hash: async (uri, told) => {
      const file = await openFile(root, uri)
      if (file === null) throw missing(uri)
      try {
        return await streamDigest(file.createReadStream({ autoClose: false }), told)
      } finally {
        await file.close()
      }
    },
    write: async (file, uri, told) => {
      await copyInto(root, file.path, { uri, told })
      return { resumed_bytes: 0 }
    },
  }
}

async function copyInto(
  root: string,
  from: string,
  { uri, told }: { readonly uri: string; readonly told: (bytes: number) => void },
): Promise<void> {
  const path = relativePath(uri)
  const target = join(root, path)
  const partial = `${target}.${randomBytes(6).toString('hex')}.part`
  const forget = atEnd(() => void rm(partial, { force: true }))
  try {
    await makeFolder(root, dirname(path), uri)
    const to = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true })
    await pipeline(createReadStream(from), counting(told), to)
    await link(partial, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (error instanceof Unavailable) throw error
    throw new Unavailable('unreachable', `${uri} cannot be written (${code})`, 'Let the process write there.')
  } finally {
    forget()
    await rm(partial, { force: true })
  }
}

function counting(told: (bytes: number) => void): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      told(bytes)
      done(null, chunk)
    },
  })
}
