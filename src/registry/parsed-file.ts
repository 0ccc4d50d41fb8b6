import type { FileReading } from './file-kind.ts'
import type { Place } from './mistake.ts'

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
