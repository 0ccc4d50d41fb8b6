import { basename } from 'node:path'
import type { Uploads } from '../../ports/uploads.ts'
import type { LocalFile } from '../../ports.ts'
import type { StoredObject } from './registration.ts'

/** One object that a registration stores. */
export interface PlannedObject {
  readonly field: string
  readonly uri: string
  readonly file: LocalFile
}

/** Stores one after another, and each whole; what lies there already with the same bytes stays. */
export async function uploadObjects(
  planned: readonly PlannedObject[],
  uploads: Uploads | null,
  progress: (text: string | null) => void,
): Promise<readonly StoredObject[]> {
  const done: StoredObject[] = []
  const once = planned.filter((one, index) => planned.findIndex(({ uri }) => uri === one.uri) === index)
  for (const { field, uri, file } of once) {
    const told = (doing: string, bytes: number) =>
      progress(`${doing} ${basename(uri)}, ${megabytes(bytes)} of ${megabytes(file.size_bytes)}`)
    const stored = uploads === null ? null : await uploads.upload(file, uri, { progress: told })
    done.push({ field, uri, digest: file.digest, size_bytes: file.size_bytes, stored })
  }
  return done
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`
}
