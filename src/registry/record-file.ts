import type { FileReading } from './file-kind.ts'
import type { Place } from './mistake.ts'
import type { VersionRecord } from './record.ts'

/** A sound file and where its fields stand, by dotted path. */
export interface ParsedFile<T> {
  readonly path: string
  readonly value: T
  place(field: string): Place
}

/** What `readFile` read, under its path. */
export function parsedFile<T>(path: string, reading: Extract<FileReading<T>, { ok: true }>): ParsedFile<T> {
  return { path, value: reading.value, place: reading.place }
}

/** The same in the words of gates. */
export function recordFile({ path, value, place }: ParsedFile<VersionRecord>) {
  return { path, record: value, place }
}
