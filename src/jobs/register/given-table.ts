import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { borrowFile } from '../../adapters/input/local-file.ts'
import { formatOfName } from '../../adapters/input/table-format.ts'
import type { LocalFile, ObjectStore, Tables } from '../../ports.ts'
import { type Complaints, Wrong } from './complaints.ts'
import { hashedFile, isUri, shortDigest, storedName } from './given-file.ts'

/** A table that went into a training or came out of it. */
export interface GivenTable {
  readonly uri: string
  readonly digest: string
  /** null where it is no table that we read. */
  readonly rows: number | null
  /** What is to be stored under the URI; null where it lies there already. */
  readonly file: LocalFile | null
  /** Where its bytes are on this machine. */
  readonly path: string
}

export interface TableGround {
  readonly store: ObjectStore
  readonly tables: Tables
  /** A folder of our own, which the reader of tables sees. */
  readonly folder: string
  /** `s3://acme-models/registry/churn/`. */
  readonly below: string
  readonly maxBytes: number
  readonly progress: (text: string | null) => void
}

/**
 * A file of this machine, to be stored below `data/` by its digest, or an object that is read where it lies.
 *
 * @param option  `--reference`, for messages
 */
export async function givenTable(
  option: string,
  given: string | null,
  ground: TableGround,
  complaints: Complaints,
): Promise<GivenTable | null> {
  if (given === null) return null
  return complaints.tried(`${option} ${given}`, async () => {
    if (isUri(given)) return storedTable(given, ground)
    ground.progress(`hashing ${basename(given)}`)
    const file = await hashedFile(given)
    const uri = `${ground.below}data/${shortDigest(file.digest)}/${storedName(given)}`
    return { uri, digest: file.digest, rows: await rowsOf(given, given, ground), file, path: given }
  })
}

async function storedTable(uri: string, ground: TableGround): Promise<GivenTable> {
  ground.progress(`fetching ${uri}`)
  const file = await ground.store.fetch(uri, ground.folder, { maxBytes: ground.maxBytes })
  return { uri, digest: file.digest, rows: await rowsOf(uri, file.path, ground), file: null, path: file.path }
}

/** @returns null for what is no table by its name */
async function rowsOf(called: string, path: string, ground: TableGround): Promise<number | null> {
  const format = formatOfName(called)
  if (format === null) return null
  ground.progress(`counting rows of ${basename(called)}`)
  const folder = join(ground.folder, randomUUID())
  await mkdir(folder)
  const to = join(folder, storedName(called))
  const { file, mustBeSame } = await borrowFile(path, to, { called: basename(called), progress: ground.progress })
  const { rows } = await ground.tables.describe({ files: [file], format, called: basename(called) })
  await mustBeSame()
  if (rows === 0) throw new Wrong('holds no rows', 'Give a table with rows.')
  return rows
}
