import { between } from '../statistics/quantile.ts'
import { ALL_BITS, type QuantileSketch, wordMasks } from './quantile-sketch.ts'

/** Least and largest value; the outer buckets reach no further. */
export interface Ends {
  readonly min: number
  readonly max: number
}

/**
 * Rows that a sketch counts.
 *
 * @example rowsOfSketch({ bits: 64, keys: Float64Array.of(1, 2), counts: Float64Array.of(3, 4) }) // => 7
 */
export function rowsOfSketch(sketch: QuantileSketch): number {
  return sketch.counts.reduce((sum, rows) => sum + rows, 0)
}

/**
 * The end of a bucket that is far from zero: the last double that begins with the same bits.
 *
 * @param bits  12 to 64
 * @example farEnd(2, 64) // => 2
 */
export function farEnd(key: number, bits: number): number {
  return farEnds(Float64Array.of(key), bits)[0]!
}

function farEnds(keys: Float64Array, bits: number): Float64Array {
  if (bits === ALL_BITS) return keys
  const ends = keys.slice()
  const words = new Uint32Array(ends.buffer)
  const { high, low } = wordMasks(bits)
  for (let i = 0; i < words.length; i += 2) {
    words[i]! |= ~low
    words[i + 1]! |= ~high
  }
  return ends
}

/**
 * The least and the largest value that each bucket can hold.
 *
 * @returns two arrays in the order of the buckets
 * @example bucketEnds({ bits: 13, keys: Float64Array.of(2), counts: Float64Array.of(3) }, { min: 2, max: 9 }).highs[0] // => 3
 */
export function bucketEnds(
  sketch: QuantileSketch,
  { min, max }: Ends,
): { readonly lows: Float64Array; readonly highs: Float64Array } {
  const far = farEnds(sketch.keys, sketch.bits)
  const lows = sketch.keys.map((key, bucket) => Math.max(min, isNegative(key) ? far[bucket]! : key))
  const highs = sketch.keys.map((key, bucket) => Math.min(max, isNegative(key) ? key : far[bucket]!))
  return { lows, highs }
}

function isNegative(key: number): boolean {
  return key < 0 || Object.is(key, -0)
}

/**
 * One value for each bucket: the middle of what it can hold, the value itself where it is exact.
 *
 * @example middles({ bits: 13, keys: Float64Array.of(2), counts: Float64Array.of(3) }, { min: 2, max: 9 })[0] // => 2.5
 */
export function middles(sketch: QuantileSketch, ends: Ends): Float64Array {
  const { lows, highs } = bucketEnds(sketch, ends)
  return lows.map((low, bucket) => (low === highs[bucket] ? low : between(low, highs[bucket]!, 0.5)))
}

/**
 * Quantiles by linear interpolation (type 7), off by no more than `sketchError` says.
 *
 * @param shares  0 to 1
 * @returns one number a share; none where the sketch is empty
 * @example quantilesOf({ bits: 64, keys: Float64Array.of(1, 2), counts: Float64Array.of(1, 1) }, { min: 1, max: 2 }, [0.5]) // => [1.5]
 */
export function quantilesOf(sketch: QuantileSketch, ends: Ends, shares: readonly number[]): number[] {
  const values = middles(sketch, ends)
  const upTo = cumulated(sketch.counts)
  const rows = upTo[upTo.length - 1] ?? 0
  if (rows === 0) return []
  return shares.map((share) => {
    const place = (rows - 1) * share
    const below = Math.floor(place)
    const low = values[bucketOfRank(upTo, below)]!
    const high = values[bucketOfRank(upTo, Math.min(rows - 1, below + 1))]!
    return between(low, high, place - below)
  })
}

/**
 * Rows up to and with each bucket.
 *
 * @example cumulated([1, 2])[1] // => 3
 */
export function cumulated(counts: ArrayLike<number>): Float64Array {
  let sum = 0
  return Float64Array.from(counts, (rows) => {
    sum += rows
    return sum
  })
}

/**
 * The bucket of the row with so many rows before it.
 *
 * @param upTo  cumulated counts
 * @example bucketOfRank([1, 3], 1) // => 1
 */
export function bucketOfRank(upTo: ArrayLike<number>, rank: number): number {
  let [low, high] = [0, upTo.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (upTo[middle]! > rank) high = middle
    else low = middle + 1
  }
  return low
}

/** How far a quantile of a sketch can be off. */
export interface SketchError {
  /** Of the value itself, as a share of it: half a bucket. */
  readonly relative: number
  /** Share of the rows that may lie between the true quantile and the one given: the fullest bucket. */
  readonly rank: number
}

/**
 * The error of a sketch, from the sketch itself; 0 where it is exact.
 *
 * @example sketchError({ bits: 14, keys: Float64Array.of(1, 2), counts: Float64Array.of(1, 3) }) // => { relative: 0.125, rank: 0.75 }
 */
export function sketchError(sketch: QuantileSketch): SketchError {
  if (sketch.bits === ALL_BITS) return { relative: 0, rank: 0 }
  return {
    relative: 2 ** (11 - sketch.bits),
    rank: sketch.counts.reduce((a, b) => Math.max(a, b), 0) / rowsOfSketch(sketch),
  }
}
