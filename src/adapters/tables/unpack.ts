import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { BadTable } from './bad-table.ts'
import type { TableLimits } from './messages.ts'

let unpacked = 0

/**
 * Unpacks a gzip file into the scratch folder; at most eight times the memory limit, so a small file can't fill a disk.
 * @returns the path of the plain file
 * @throws {BadTable} when it unpacks to more, or is cut off
 */
export async function unpack(path: string, limits: TableLimits, called: string): Promise<string> {
  const to = join(limits.scratch, `unpacked-${unpacked++}`)
  const maxBytes = 8 * limits.memoryMb * 1_000_000
  await mkdir(limits.scratch, { recursive: true })
  await pipeline(createReadStream(path), createGunzip(), atMost(maxBytes, called, limits), createWriteStream(to)).catch(
    (error: unknown) => {
      if (error instanceof BadTable) throw error
      throw new BadTable(
        'format',
        `${called} can't be unpacked: ${(error as Error).message}`,
        'Compress it again with gzip.',
      )
    },
  )
  return to
}

/** The same file without a byte order mark, which the engine does not take in JSON Lines; a copy where it has one. */
export async function withoutMark(path: string, limits: TableLimits): Promise<string> {
  const file = await open(path)
  const start = Buffer.alloc(3)
  try {
    await file.read(start, 0, 3, 0)
  } finally {
    await file.close()
  }
  if (start.toString('hex') !== 'efbbbf') return path
  const to = join(limits.scratch, `unpacked-${unpacked++}`)
  await mkdir(limits.scratch, { recursive: true })
  await pipeline(createReadStream(path, { start: 3 }), createWriteStream(to))
  return to
}

function atMost(maxBytes: number, called: string, limits: TableLimits): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes <= maxBytes) done(null, chunk)
      else
        done(
          new BadTable(
            'too-large',
            `${called} unpacks to more than ${8 * limits.memoryMb} MB`,
            'Write Parquet, or split it into several files.',
          ),
        )
    },
  })
}

/** The beginning of a text file, without a byte order mark. */
export async function textStart(path: string): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(size, 1_000_000))
    await file.read(bytes, 0, bytes.length, 0)
    const text = bytes.toString('utf8')
    return { text: text.startsWith('\ufeff') ? text.slice(1) : text, isWhole: bytes.length === size }
  } finally {
    await file.close()
  }
}
