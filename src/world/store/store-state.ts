import type { Checksums } from './checksums.ts'

/** One version of an object, or the mark that it was deleted; never changed once made. */
export interface ObjectVersion {
  /** `null` for versions made while the bucket kept none. */
  readonly id: string
  readonly isDeleteMarker: boolean
  /** Which body. */
  readonly sha256: string
  readonly sizeBytes: number
  /** Without quotes. */
  readonly etag: string
  readonly checksums: Checksums
  /** Content-Type and its kin, and x-amz-meta-*. */
  readonly headers: Readonly<Record<string, string>>
  readonly modifiedMs: number
}

export interface UploadedPart {
  readonly number: number
  readonly sha256: string
  readonly sizeBytes: number
  readonly etag: string
  readonly checksums: Checksums
  readonly modifiedMs: number
}

/** A multipart upload that was neither completed nor aborted. */
export interface Upload {
  readonly bucket: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  /** Algorithm that its parts must bring; null when none was named. */
  readonly algorithm: string | null
  /** When it began. */
  readonly mark: number
  readonly parts: ReadonlyMap<number, UploadedPart>
}

export type Versioning = 'off' | 'Enabled' | 'Suspended'

export interface Bucket {
  readonly versioning: Versioning
  /** Newest first; a key without versions is not there. */
  readonly keys: Map<string, readonly ObjectVersion[]>
}

/** Everything that the store knows but the bytes. Marks count what happened, so that conflicts can be told. */
export interface StoreState {
  readonly buckets: Map<string, Bucket>
  readonly uploads: Map<string, Upload>
  /** `bucket/key` -> mark of its last deletion. */
  readonly deletions: Map<string, number>
  lastMark: number
}

export function emptyState(buckets: readonly string[] = []): StoreState {
  return {
    buckets: new Map(buckets.map((name) => [name, { versioning: 'off', keys: new Map() }])),
    uploads: new Map(),
    deletions: new Map(),
    lastMark: 0,
  }
}

/** A state of its own with the same content: versions and uploads are immutable, so only the maps are new. */
export function copiedState({ buckets, uploads, deletions, lastMark }: StoreState): StoreState {
  return {
    buckets: new Map([...buckets].map(([name, bucket]) => [name, { ...bucket, keys: new Map(bucket.keys) }])),
    uploads: new Map(uploads),
    deletions: new Map(deletions),
    lastMark,
  }
}

/** What a reader without a version id sees; undefined when there is nothing or a delete marker. */
export function currentVersion(bucket: Bucket, key: string): ObjectVersion | undefined {
  const newest = bucket.keys.get(key)?.[0]
  return newest?.isDeleteMarker === true ? undefined : newest
}

/** Puts a version on top: where the bucket keeps none, the one without an id is replaced. */
export function withVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
  const before = (bucket.keys.get(key) ?? []).filter((one) => version.id !== 'null' || one.id !== 'null')
  bucket.keys.set(key, [version, ...before])
}

export function withoutVersion(bucket: Bucket, key: string, id: string): void {
  const left = (bucket.keys.get(key) ?? []).filter((one) => one.id !== id)
  if (left.length === 0) bucket.keys.delete(key)
  else bucket.keys.set(key, left)
}

/** The next mark; version ids are made of marks, so that two runs that do the same have the same ids. */
export function nextMark(state: StoreState): number {
  state.lastMark++
  return state.lastMark
}

export function versionId(bucket: Bucket, mark: number): string {
  return bucket.versioning === 'Enabled' ? `v${String(mark).padStart(12, '0')}` : 'null'
}
