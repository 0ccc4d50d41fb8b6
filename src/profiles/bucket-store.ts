import type { Chunk } from './chunk.ts'
import type { QuantileSketch } from './quantile-sketch.ts'

/** Counters of buckets of so many bits. */
export interface BucketStore {
  /** @returns buckets that hold rows now */
  add(chunk: Chunk): number
  /** Every bucket once, in any order. */
  buckets(): { readonly keys: readonly number[]; readonly counts: readonly number[] }
}

/** Buckets that are counted already. */
export type Counted = Pick<QuantileSketch, 'keys' | 'counts'>

/** The largest chunk: what one `add` may bring beyond the limit. */
export const MOST_IN_CHUNK = 2048
