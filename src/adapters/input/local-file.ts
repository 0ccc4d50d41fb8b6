import { constants, createReadStream, createWriteStream } from 'node:fs'
import { copyFile, link, realpath, stat } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type LocalFile, Unavailable } from '../../ports.ts'
import { BadTable } from '../tables/bad-table.ts'

export interface BorrowedFile {
  readonly file: LocalFile
  /** Fails when the file is no longer the one that was borrowed. */
  readonly mustBeSame: () => Promise<void>
}

/**
 * Brings a file into a folder without copying its bytes where the file system lets us: by a hard link, else by a copy
 * that shares its blocks, else by a copy.
 *
 * A link is the file itself, so that somebody may write to it meanwhile: `mustBeSame` tells. A pipe is copied.
 *
 * @param path  absolute; links are followed
 * @param to    where it should be, in a folder of our own
 * @throws {Unavailable} when there is no file, or a folder in its place
 */
export async function borrowFile(
  path: string,
  to: string,
  { called, progress }: { readonly called: string; readonly progress: (text: string) => void },
): Promise<BorrowedFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })
  if (found === null) throw new Unavailable('missing', `there is no file ${called}`, 'Check the path.')
  if (found.isDirectory())
    throw new Unavailable(
      'missing',
      `${called} is a folder`,
      `Name its files: '${called.replace(/\/$/, '')}/*.parquet'.`,
    )
  if (!found.isFile())
    return {
      file: await drained(createReadStream(path), to, { called, progress }),
      mustBeSame: async () => undefined,
    }
  const isLinked = await link(await realpath(path), to).then(
    () => true,
    () => false,
  )
  if (!isLinked) {
    progress(`copying ${called}, ${megabytes(found.size)}`)
    await copyFile(path, to, constants.COPYFILE_FICLONE)
  }
  const state = `${found.ino} ${found.size} ${found.mtimeMs}`
  const mustBeSame = async () => {
    const now = await stat(path).catch(() => null)
    if (now !== null && `${now.ino} ${now.size} ${now.mtimeMs}` === state) return
    throw new BadTable(
      'format',
      `${called} changed while it was read`,
      'Wait until it is written, or give a copy of it.',
    )
  }
  return { file: { path: to, digest: `unhashed:${state}`, size_bytes: found.size }, mustBeSame }
}

/** Writes a stream to a file of our own; it cannot be read twice otherwise. */
export async function drained(
  stream: NodeJS.ReadableStream,
  to: string,
  { called, progress }: { readonly called: string; readonly progress: (text: string) => void },
): Promise<LocalFile> {
  let bytes = 0
  let told = 0
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes - told > 16_000_000) {
        told = bytes
        progress(`reading ${called}, ${megabytes(bytes)}`)
      }
      done(null, chunk)
    },
  })
  await pipeline(stream, counting, createWriteStream(to, { mode: 0o600 }))
  return { path: to, digest: `unhashed:${to}`, size_bytes: bytes }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
