import type { RecordFile } from '../gates/gate.ts'
import { recordPath, type VersionRecord } from '../registry/record.ts'
import type { Read } from './registry-reader.ts'

/** A record that was read, as gates see it. */
export function recordFile(
  model: string,
  version: string,
  reading: Extract<Read<VersionRecord>, { readonly ok: true }>,
): RecordFile {
  return { path: recordPath(model, version), record: reading.value, place: (field) => reading.place(field) }
}
