import type { LocalFile } from '../ports.ts'
import { Unavailable } from './unavailable.ts'

/** What became of an upload; in every case the bytes that lie there now were read back and have the file's digest. */
export interface Uploaded {
  /** `there`: an object with the same bytes lay there already. */
  readonly is: 'written' | 'there'
  /** Bytes of an earlier upload that broke off, which were not sent again. */
  readonly resumed_bytes: number
  /** Of a store that keeps versions; null elsewhere. */
  readonly version_id: string | null
}

export interface UploadOptions {
  /** Told now and then how many bytes lie there, and then how many were read back. */
  readonly progress?: (doing: 'uploading' | 'verifying', bytes: number) => void
}

/** The writing side of a store: large objects that must not be there yet. */
export interface Uploads {
  /**
   * Stores a file under a URI: whole or not at all, never over other bytes; one that broke off goes on.
   *
   * @throws {Occupied} when an object with other bytes lies there
   * @throws {Unavailable} when the store cannot be reached, or gives back other bytes than it was given
   */
  upload(file: LocalFile, uri: string, options?: UploadOptions): Promise<Uploaded>
}

/** An object with other bytes lies where one should be stored. */
export class Occupied extends Unavailable {
  constructor(uri: string) {
    super(
      'missing',
      `${uri} holds other bytes, and nothing is written over`,
      'Choose another name, or look at who put it there.',
    )
    this.name = 'Occupied'
  }
}
