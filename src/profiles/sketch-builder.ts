import type { BucketStore } from './bucket-store.ts'
import type { Chunk } from './chunk.ts'
import { hashStore } from './hash-store.ts'
import { pageStore } from './page-store.ts'
import { ALL_BITS, fitted, MOST_BUCKETS, type QuantileSketch } from './quantile-sketch.ts'

export interface SketchBuilder {
  /** @returns `left`: all distinct values so far, once, when they stop to be kept apart */
  add(chunk: Chunk): { readonly left?: Float64Array }
  sketch(): QuantileSketch
}

const NOTHING = {}
/** Up to so many bits, counters stand in a table by the bits themselves. */
const TABLE_BITS = 20

/**
 * Builds a sketch from chunks, a few nanoseconds a value.
 *
 * @example sketchBuilder().sketch().bits // => 64
 */
export function sketchBuilder(): SketchBuilder {
  let bits = ALL_BITS
  let store: BucketStore = hashStore(bits)
  return {
    add(chunk) {
      if (store.add(chunk) <= MOST_BUCKETS) return NOTHING
      const { keys, counts } = store.buckets()
      const sketch = fitted(keys, counts, bits)
      const left = bits === ALL_BITS ? { left: Float64Array.from(keys) } : NOTHING
      bits = sketch.bits
      store = bits > TABLE_BITS ? hashStore(bits, sketch) : pageStore(bits, sketch)
      return left
    },
    sketch() {
      const { keys, counts } = store.buckets()
      return fitted(keys, counts, bits)
    },
  }
}
