import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type TableSource, Unavailable } from '../ports.ts'
import { tableFormat } from './job-files.ts'

/** A table that a person names on the command line, copied into the job's folder while it is hashed. */
export async function tableOf(path: string, folder: string, called: string): Promise<TableSource> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new Unavailable('missing', `there is no file ${called}`, 'Check the path.')
  if (!found.isFile())
    throw new Unavailable('missing', `${called} is not a file`, 'Give a Parquet, CSV or JSON Lines file.')
  const own = join(folder, `table-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`)
  await mkdir(own, { recursive: true })
  // the reader would take these for a pattern
  const copy = join(own, basename(path).replace(/[*?[\]{}]/g, '_'))
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(createReadStream(path), hashing, createWriteStream(copy))
  const digest = `sha256:${hash.digest('hex')}`
  return { files: [{ path: copy, digest, size_bytes: found.size }], format: tableFormat(path), called }
}
