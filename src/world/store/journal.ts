import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreChange } from './store.ts'
import {
  emptyState,
  type ObjectVersion,
  type StoreState,
  type Upload,
  type UploadedPart,
  type Versioning,
} from './store-state.ts'

type Line =
  | {
      readonly is: 'key'
      readonly bucket: string
      readonly key: string
      readonly versions: readonly ObjectVersion[]
      readonly mark: number
    }
  | { readonly is: 'bucket'; readonly bucket: string; readonly versioning: Versioning | null; readonly mark: number }
  | {
      readonly is: 'upload'
      readonly id: string
      readonly upload: Omit<Upload, 'parts'> | null
      readonly parts: readonly UploadedPart[]
      readonly mark: number
    }

/** A state that is written down in a folder, line by line, and read again from there. */
export function journalIn(folder: string): {
  readonly state: StoreState
  readonly changed: (change: StoreChange) => void
} {
  mkdirSync(folder, { recursive: true })
  const place = join(folder, 'journal.jsonl')
  const state = emptyState()
  for (const line of wholeLines(place)) replay(state, JSON.parse(line) as Line)
  return { state, changed: (change) => appendFileSync(place, `${JSON.stringify(lineOf(state, change))}\n`) }
}

/** Lines that were written to their end; a process that was killed leaves the last one half, and it goes. */
function wholeLines(place: string): readonly string[] {
  if (!existsSync(place)) return []
  const text = readFileSync(place, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(place, Buffer.byteLength(whole))
  return whole.split('\n').slice(0, -1)
}

function lineOf(state: StoreState, change: StoreChange): Line {
  const mark = state.lastMark
  if (change.is === 'bucket')
    return { ...change, versioning: state.buckets.get(change.bucket)?.versioning ?? null, mark }
  if (change.is === 'key')
    return { ...change, versions: state.buckets.get(change.bucket)?.keys.get(change.key) ?? [], mark }
  const upload = state.uploads.get(change.upload) ?? null
  return { is: 'upload', id: change.upload, upload, parts: [...(upload?.parts.values() ?? [])], mark }
}

function replay(state: StoreState, line: Line): void {
  state.lastMark = line.mark
  if (line.is === 'upload') {
    const parts = new Map(line.parts.map((part) => [part.number, part]))
    if (line.upload === null) state.uploads.delete(line.id)
    else state.uploads.set(line.id, { ...line.upload, parts })
    return
  }
  const bucket = state.buckets.get(line.bucket)
  if (line.is === 'key') {
    if (line.versions.length === 0) bucket?.keys.delete(line.key)
    else bucket?.keys.set(line.key, line.versions)
  } else if (line.versioning === null) state.buckets.delete(line.bucket)
  else state.buckets.set(line.bucket, { versioning: line.versioning, keys: bucket?.keys ?? new Map() })
}
