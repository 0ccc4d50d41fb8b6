import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { hashedCopy } from '../adapters/store/hashed-copy.ts'
import { type TableSource, Unavailable } from '../ports.ts'
import { tableFormat } from './job-files.ts'

/** A table that a person names on the command line, copied into the job's folder while it is hashed. */
export async function tableOf(path: string, folder: string, called: string): Promise<TableSource> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new Unavailable('missing', `there is no file ${called}`, 'Check the path.')
  if (!found.isFile())
    throw new Unavailable('missing', `${called} is not a file`, 'Give a Parquet, CSV or JSON Lines file.')
  const maxBytes = Number.POSITIVE_INFINITY
  const copy = await hashedCopy(path, createReadStream(path), { folder, maxBytes })
  return { files: [copy], format: tableFormat(path), called }
}
