import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { formatOfName } from '../adapters/input/table-format.ts'
import { type LocalFile, type TableSource, TooLarge, Unavailable } from '../ports.ts'
import type { TableReference } from '../registry/model.ts'
import type { GatherPorts } from './evidence-ports.ts'

/** Tables and artifacts of one job, each fetched and hashed once, whoever asks. */
export interface JobFiles {
  /** Fetches and hashes, whatever the digest turns out to be. */
  fetch(uri: string, maxBytes: number): Promise<LocalFile>
  /** Fetches a file and refuses it when its bytes are not those of the digest. */
  verified(uri: string, digest: string, maxBytes: number): Promise<LocalFile>
  table(reference: TableReference): Promise<TableSource>
}

interface Fetched {
  readonly maxBytes: number
  readonly file: Promise<LocalFile>
}

export function openJobFiles(ports: GatherPorts): JobFiles {
  const fetched = new Map<string, Fetched>()
  const fetch = async (uri: string, maxBytes: number): Promise<LocalFile> => {
    const known = fetched.get(uri) ?? { maxBytes, file: fetchOnce(ports, uri, maxBytes) }
    fetched.set(uri, known)
    const file = await known.file.catch((error: unknown) => {
      if (!(error instanceof TooLarge) || known.maxBytes >= maxBytes) throw error
      if (fetched.get(uri) === known) fetched.delete(uri)
      return fetch(uri, maxBytes)
    })
    if (file.size_bytes > maxBytes) throw new TooLarge(uri, maxBytes)
    return file
  }
  const verified = async (uri: string, digest: string, maxBytes: number): Promise<LocalFile> => {
    const file = await fetch(uri, maxBytes)
    if (file.digest === digest) return file
    throw new Unavailable(
      'missing',
      `sha256 of ${uri} is ${file.digest}, the registry says ${digest}`,
      'Restore the bytes that were recorded, or record the digest that is meant.',
    )
  }
  return {
    fetch,
    verified,
    table: async (reference) => ({
      files: [await verified(reference.uri, reference.digest, ports.limits.maxTableBytes)],
      format: tableFormat(reference.uri),
      called: reference.uri,
    }),
  }
}

/** Every file has a folder of its own: many artifacts bear one name. */
async function fetchOnce(ports: GatherPorts, uri: string, maxBytes: number): Promise<LocalFile> {
  const folder = await mkdtemp(join(ports.folder, 'file-'))
  ports.progress(`reading ${uri}`)
  return ports.store.fetch(uri, folder, { maxBytes })
}

/** The format that a name promises, CSV where it promises none; the reader still looks at the bytes. */
export function tableFormat(uri: string): TableSource['format'] {
  return formatOfName(uri) ?? 'csv'
}
