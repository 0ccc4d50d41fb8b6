/**
 * How finite numbers are spread: counts of buckets that share the first bits of the double.
 *
 * A bucket is named by its end nearest zero, the value with all later bits cleared, and holds what begins with the same
 * bits. With all 64 bits every distinct value has its own bucket. How many bits are kept is the largest number under
 * which there are at most `MOST_BUCKETS` buckets: a property of the set of values alone, whatever their order and
 * however they were parted, so merging sketches gives the sketch of everything, to the byte.
 *
 * @see Epicoco et al., UDDSketch (2020), for the uniform collapse; here the scale is the double's own
 */
export interface QuantileSketch {
  /** 64: exact. Never under 12, sign and exponent, of which there are fewer than 4,096. */
  readonly bits: number
  /** Rising; -0 is the bucket of the smallest negative numbers. */
  readonly keys: Float64Array
  readonly counts: Float64Array
}

export const MOST_BUCKETS = 4096
export const ALL_BITS = 64
export const LEAST_BITS = 12

export const NO_VALUES: QuantileSketch = {
  bits: ALL_BITS,
  keys: new Float64Array(0),
  counts: new Float64Array(0),
}

/** Masks for the two words of a double that keep its first bits. */
export interface WordMasks {
  readonly high: number
  readonly low: number
}

/**
 * The masks that cut a double after so many bits.
 *
 * @param bits  12 to 64
 * @example wordMasks(32) // => { high: 0xffffffff, low: 0 }
 */
export function wordMasks(bits: number): WordMasks {
  const ones = (count: number) => (count <= 0 ? 0 : (0xffffffff << (32 - Math.min(32, count))) >>> 0)
  return { high: ones(bits), low: ones(bits - 32) }
}

/**
 * The name of the bucket of a value: the value cut after so many bits.
 *
 * @param bits  12 to 64
 * @example bucketOf(3.99, 13) // => 3
 */
export function bucketOf(value: number, bits: number): number {
  const [found] = cut(Float64Array.of(value), bits)
  return found!
}

/**
 * Fits buckets into the limit: as many bits as leave at most `MOST_BUCKETS`.
 *
 * @param keys    any order, may repeat
 * @param counts  rows of each
 * @param bits    those that the keys have
 * @example Array.from(fitted([3, 1, 1], [1, 1, 1], 64).counts) // => [2, 1]
 */
export function fitted(keys: ArrayLike<number>, counts: ArrayLike<number>, bits: number): QuantileSketch {
  const sketch = gathered(Float64Array.from(keys), Float64Array.from(counts), bits)
  if (sketch.keys.length <= MOST_BUCKETS) return sketch
  return coarsened(sketch, bitsThatFit(sketch))
}

/**
 * The same buckets with fewer bits.
 *
 * @param bits  12 to those of the sketch
 * @example Array.from(coarsened(fitted([3, 3.5], [1, 1], 64), 13).counts) // => [2]
 */
export function coarsened(sketch: QuantileSketch, bits: number): QuantileSketch {
  return bits === sketch.bits ? sketch : gathered(cut(sketch.keys, bits), sketch.counts, bits)
}

/**
 * The sketch of the rows of both.
 *
 * @example Array.from(mergedSketches(fitted([1], [1], 64), fitted([2], [1], 64)).keys) // => [1, 2]
 */
export function mergedSketches(a: QuantileSketch, b: QuantileSketch): QuantileSketch {
  const bits = Math.min(a.bits, b.bits)
  const [left, right] = [coarsened(a, bits), coarsened(b, bits)]
  return fitted([...left.keys, ...right.keys], [...left.counts, ...right.counts], bits)
}

/** Keys with their later bits cleared; a copy. */
function cut(keys: Float64Array, bits: number): Float64Array {
  const copy = keys.slice()
  const words = new Uint32Array(copy.buffer)
  const { high, low } = wordMasks(bits)
  for (let i = 0; i < words.length; i += 2) {
    words[i]! &= low
    words[i + 1]! &= high
  }
  return copy
}

/** Rising keys, each once. A typed array sorts -0 before 0. */
function gathered(keys: Float64Array, counts: Float64Array, bits: number): QuantileSketch {
  const order = Uint32Array.from(keys, (_, index) => index).sort(
    (i, j) => keys[i]! - keys[j]! || signOfZero(keys[i]!, keys[j]!),
  )
  const [distinct, rows]: [number[], number[]] = [[], []]
  for (const place of order) {
    const key = keys[place]!
    if (distinct.length > 0 && Object.is(distinct[distinct.length - 1], key)) rows[rows.length - 1]! += counts[place]!
    else rows[distinct.push(key) - 1] = counts[place]!
  }
  return { bits, keys: Float64Array.from(distinct), counts: Float64Array.from(rows) }
}

function signOfZero(a: number, b: number): number {
  return a !== 0 ? 0 : Number(Object.is(b, -0)) - Number(Object.is(a, -0))
}

/** Neighbours stay apart as long as more bits are kept than they share. */
function bitsThatFit({ keys, bits }: QuantileSketch): number {
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length)
  const sharing = new Float64Array(ALL_BITS + 1)
  for (let i = 2; i < words.length; i += 2) {
    const high = (words[i + 1]! ^ words[i - 1]!) >>> 0
    sharing[high !== 0 ? Math.clz32(high) : 32 + Math.clz32(words[i]! ^ words[i - 2]!)]! += 1
  }
  let buckets = 1
  for (let kept = 0; kept < bits; kept++) {
    buckets += sharing[kept]!
    if (buckets > MOST_BUCKETS) return kept
  }
  return bits
}
