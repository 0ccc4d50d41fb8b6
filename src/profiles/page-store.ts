import type { BucketStore, Counted } from './bucket-store.ts'
import { chunkOf } from './chunk.ts'
import { LEAST_BITS } from './quantile-sketch.ts'

/** One page for each sign and exponent. */
const PAGES = 2 ** LEAST_BITS

/**
 * Counters in a table by the bucket's own bits: for few bits. One page a sign and exponent, and pages only where
 * values are, so the counters of a column lie together.
 *
 * @param bits   of a bucket, 12 to 20
 * @param start  buckets counted before
 * @example pageStore(20).buckets().keys // => []
 */
export function pageStore(bits: number, start?: Counted): BucketStore {
  const size = 2 ** (bits - LEAST_BITS)
  const shift = 32 - bits
  const pages = new Int32Array(PAGES).fill(-1)
  let counts = new Float64Array(64 * size)
  let used = 0
  let held = 0
  const newPage = (page: number) => {
    if (used + size > counts.length) {
      const larger = new Float64Array(2 * counts.length)
      larger.set(counts)
      counts = larger
    }
    pages[page] = used
    used += size
    return used - size
  }
  const add: BucketStore['add'] = ({ words, length }) => {
    for (let i = 1; i < 2 * length; i += 2) {
      const high = words[i]!
      let page = pages[high >>> 20]!
      if (page < 0) page = newPage(high >>> 20)
      const place = page + ((high >>> shift) & (size - 1))
      const rows = counts[place]!
      if (rows === 0) held++
      counts[place] = rows + 1
    }
    return held
  }
  const words = new Uint32Array((start?.keys ?? new Float64Array(0)).slice().buffer)
  for (let i = 1; i < words.length; i += 2) {
    const high = words[i]!
    let page = pages[high >>> 20]!
    if (page < 0) page = newPage(high >>> 20)
    counts[page + ((high >>> shift) & (size - 1))] = start!.counts[i >>> 1]!
    held++
  }
  return { add, buckets: () => bucketsOf(pages, counts, size) }
}

function bucketsOf(pages: Int32Array, counts: Float64Array, size: number) {
  const found = { keys: [] as number[], counts: [] as number[] }
  const { values, words } = chunkOf([0])
  for (let page = 0; page < PAGES; page++) {
    for (let place = 0; place < size && pages[page]! >= 0; place++) {
      const rows = counts[pages[page]! + place]!
      if (rows === 0) continue
      words[1] = ((page << 20) | ((place * 2 ** 20) / size)) >>> 0
      found.keys.push(values[0]!)
      found.counts.push(rows)
    }
  }
  return found
}
