/** Below this, a comparison sort is faster than filling the buckets. */
const FEW = 4096
const DIGITS = 65_536

/**
 * Places of the values from the lowest to the highest; equal values keep the order they had.
 *
 * Sorts by 16 bits at a time (LSD radix sort), so a million numbers take a tenth of a second; digits that all values
 * share, as the lower half of widened float32, cost nothing.
 *
 * @param values  finite numbers; -0 is 0
 * @param start   places in the order that ties keep; by default as they stand
 * @see Knuth, The Art of Computer Programming 3 (1998), 5.2.5
 * @example [...risingOrder([3, 1, 2])] // => [1, 2, 0]
 */
export function risingOrder(
  values: ArrayLike<number>,
  start: Uint32Array = placesOf(values.length),
): Uint32Array<ArrayBuffer> {
  if (start.length < FEW) {
    return new Uint32Array(start).sort((a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : 0))
  }
  const keys = sortableBits(values)
  let from = new Uint32Array(start)
  let into = new Uint32Array(start.length)
  for (let half = 0; half < 2; half++) {
    for (const shift of [0, 16]) {
      if (!scattered(keys, half, shift, from, into)) continue
      const sorted = into
      into = from
      from = sorted
    }
  }
  return from
}

/** Places of the values from the highest to the lowest; equal values keep the order they had. */
export function fallingOrder(values: ArrayLike<number>, start?: Uint32Array): Uint32Array<ArrayBuffer> {
  const negative = new Float64Array(values.length)
  for (let place = 0; place < values.length; place++) negative[place] = -values[place]!
  return risingOrder(negative, start)
}

/** 0, 1, 2 ... */
function placesOf(length: number): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(length)
  for (let place = 0; place < length; place++) places[place] = place
  return places
}

/** Low and high half of each number, so changed that they sort as unsigned integers. */
function sortableBits(values: ArrayLike<number>): Uint32Array {
  const copy = new Float64Array(values.length)
  // -0 + 0 is 0
  for (let place = 0; place < values.length; place++) copy[place] = values[place]! + 0
  const bits = new Uint32Array(copy.buffer)
  for (let high = 1; high < bits.length; high += 2) {
    const isNegative = bits[high]! >>> 31 === 1
    bits[high - 1] = isNegative ? ~bits[high - 1]! : bits[high - 1]!
    bits[high] = isNegative ? ~bits[high]! : bits[high]! | 0x80000000
  }
  return bits
}

/** One pass by one digit; false, and nothing done, where all values have the same. */
function scattered(keys: Uint32Array, half: number, shift: number, from: Uint32Array, into: Uint32Array): boolean {
  const starts = new Uint32Array(DIGITS)
  for (let place = 0; place < from.length; place++) starts[(keys[2 * from[place]! + half]! >>> shift) & 0xffff]! += 1
  if (starts[(keys[2 * from[0]! + half]! >>> shift) & 0xffff] === from.length) return false
  let next = 0
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit]!
    starts[digit] = next
    next += count
  }
  for (let place = 0; place < from.length; place++) {
    const row = from[place]!
    const digit = (keys[2 * row + half]! >>> shift) & 0xffff
    into[starts[digit]!] = row
    starts[digit]! += 1
  }
  return true
}
