import type { LocalFile } from '../../ports.ts'

/** What one kind of store does of an upload. */
export interface UploadPlace {
  find(uri: string): Promise<Found | null>
  /** Digest of the object's bytes, all of them read. */
  hash(uri: string, told: (bytes: number) => void): Promise<string>
  /** Writes the object, whole, if none is there; what another wrote meanwhile stays. */
  write(file: LocalFile, uri: string, told: (bytes: number) => void): Promise<{ readonly resumed_bytes: number }>
}

export interface Found {
  readonly size_bytes: number
  readonly version_id: string | null
}
