import { type BucketStore, type Counted, MOST_IN_CHUNK } from './bucket-store.ts'
import { chunkOf } from './chunk.ts'
import { MOST_BUCKETS, wordMasks } from './quantile-sketch.ts'

const SLOTS = 4 * MOST_BUCKETS
const EMPTY = 0xffffffff

/**
 * Counters in an open hash table: for many bits, where the buckets lie far apart.
 *
 * @param bits   of a bucket, 12 to 64
 * @param start  buckets counted before
 * @example hashStore(64).buckets().keys // => []
 */
export function hashStore(bits: number, start?: Counted): BucketStore {
  const masks = wordMasks(bits)
  // No finite double has this high word, so it marks an empty slot.
  const highs = new Uint32Array(SLOTS).fill(EMPTY)
  const lows = new Uint32Array(SLOTS)
  const counts = new Float64Array(SLOTS)
  let held = 0
  const slotOf = (high: number, low: number) => {
    let slot = (Math.imul(Math.imul(high, 0x9e3779b1) ^ low, 0x85ebca6b) >>> 13) & (SLOTS - 1)
    while (highs[slot] !== EMPTY && (highs[slot] !== high || lows[slot] !== low)) slot = (slot + 1) & (SLOTS - 1)
    if (highs[slot] === EMPTY) {
      highs[slot] = high
      lows[slot] = low
      held++
    }
    return slot
  }
  const add: BucketStore['add'] = ({ words, length }) => {
    if (length > MOST_IN_CHUNK) throw new RangeError(`a chunk of ${length} numbers, more than ${MOST_IN_CHUNK}`)
    for (let i = 0; i < 2 * length; i += 2) {
      counts[slotOf((words[i + 1]! & masks.high) >>> 0, (words[i]! & masks.low) >>> 0)]! += 1
    }
    return held
  }
  if (start !== undefined) {
    const words = new Uint32Array(start.keys.slice().buffer)
    for (let i = 0; i < start.keys.length; i++) counts[slotOf(words[2 * i + 1]!, words[2 * i]!)]! = start.counts[i]!
  }
  return { add, buckets: () => bucketsOf(highs, lows, counts) }
}

function bucketsOf(highs: Uint32Array, lows: Uint32Array, counts: Float64Array) {
  const found = { keys: [] as number[], counts: [] as number[] }
  const { values, words } = chunkOf([0])
  for (let slot = 0; slot < SLOTS; slot++) {
    if (highs[slot] === EMPTY) continue
    words[0] = lows[slot]!
    words[1] = highs[slot]!
    found.keys.push(values[0]!)
    found.counts.push(counts[slot]!)
  }
  return found
}
