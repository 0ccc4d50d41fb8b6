import type { WorldClock } from '../clock.ts'
import type { Bodies } from './bodies.ts'
import { S3Failure } from './s3-failure.ts'
import type { StoreFaults } from './store-faults.ts'
import type { Bucket, StoreState } from './store-state.ts'

/** What every operation of the store works on. */
export interface Store {
  readonly state: StoreState
  readonly bodies: Bodies
  readonly clock: WorldClock
  readonly faults: StoreFaults
  /** Keys of one page of a listing at most; S3's own limit is 1000. */
  readonly pageSize: number
  /** Told what changed, to be written down. */
  readonly changed: (change: StoreChange) => void
}

export type StoreChange =
  | { readonly is: 'key'; readonly bucket: string; readonly key: string }
  | { readonly is: 'bucket'; readonly bucket: string }
  | { readonly is: 'upload'; readonly upload: string }

export function bucketNamed({ state }: Store, name: string): Bucket {
  const bucket = state.buckets.get(name)
  if (bucket === undefined) throw new S3Failure('NoSuchBucket', 'The specified bucket does not exist')
  return bucket
}

/** Headers that an object keeps and gives back. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = /^(x-amz-meta-.+|content-type|content-language|content-disposition|cache-control|expires)$/
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked')
    .join(',')
  return {
    'content-type': 'binary/octet-stream',
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => kept.test(name))),
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
  }
}
