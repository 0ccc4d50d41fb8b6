import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalFile, type TableSource, Unavailable } from '../ports.ts'
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

export function openJobFiles(ports: GatherPorts): JobFiles {
  const fetched = new Map<string, Promise<LocalFile>>()
  const fetch = (uri: string, maxBytes: number): Promise<LocalFile> => {
    const file = fetched.get(uri) ?? fetchOnce(ports, uri, maxBytes, fetched.size)
    fetched.set(uri, file)
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

async function fetchOnce(ports: GatherPorts, uri: string, maxBytes: number, index: number): Promise<LocalFile> {
  const folder = join(ports.folder, `file-${index}`)
  await mkdir(folder, { recursive: true })
  ports.progress(`reading ${uri}`)
  return ports.store.fetch(uri, folder, { maxBytes })
}

/** The format that a name promises; the reader still looks at the bytes. */
export function tableFormat(uri: string): TableSource['format'] {
  const path = uri.replace(/\.gz$/, '')
  if (path.endsWith('.parquet')) return 'parquet'
  if (path.endsWith('.jsonl') || path.endsWith('.ndjson') || path.endsWith('.json')) return 'jsonl'
  return 'csv'
}
