import type { NumberProfile } from './column-profile.ts'
import { ALL_BITS, coarsened, type QuantileSketch } from './quantile-sketch.ts'
import { bucketEnds, type Ends, middles } from './sketch-quantile.ts'

/** A number and how far the one that rows would give can lie from it. */
export interface Bounded {
  readonly value: number
  readonly error: number
}

/** A column with finite numbers. */
export type Spread = NumberProfile & { readonly ends: Ends }

/** Rows of both columns in the same buckets, rising. */
export interface Aligned {
  readonly keys: Float64Array
  readonly reference: Float64Array
  readonly current: Float64Array
  readonly isExact: boolean
}

/**
 * Two sketches in the buckets of the coarser one.
 *
 * @example aligned({ ...NO_VALUES, keys: [1], counts: [2] }, { ...NO_VALUES, keys: [3], counts: [4] }).current[1] // => 4
 */
export function aligned(reference: QuantileSketch, current: QuantileSketch): Aligned {
  const bits = Math.min(reference.bits, current.bits)
  const [before, after] = [coarsened(reference, bits), coarsened(current, bits)]
  const keys = Float64Array.from([...before.keys, ...after.keys]).sort()
  const distinct = keys.filter((key, index) => index === 0 || !Object.is(key, keys[index - 1]))
  return {
    keys: distinct,
    reference: countsOn(distinct, before),
    current: countsOn(distinct, after),
    isExact: bits === ALL_BITS,
  }
}

function countsOn(keys: Float64Array, sketch: QuantileSketch): Float64Array {
  let next = 0
  return keys.map((key) => (Object.is(key, sketch.keys[next]) ? sketch.counts[next++]! : 0))
}

/**
 * The largest distance between two distribution functions: at the ends of the buckets, with how much further apart
 * they can be within one.
 *
 * @example largestGap({ keys: Float64Array.of(1, 2), reference: Float64Array.of(1, 1), current: Float64Array.of(0, 2), isExact: true }) // => { value: 0.5, error: 0 }
 */
export function largestGap({ reference, current, isExact }: Aligned): Bounded {
  const [n, m] = [sum(reference), sum(current)]
  let [i, j, widest, within] = [0, 0, 0, 0]
  for (let bucket = 0; bucket < reference.length; bucket++) {
    const [a, b] = [reference[bucket]!, current[bucket]!]
    within = Math.max(within, (i + a) * m - j * n, (j + b) * n - i * m)
    i += a
    j += b
    widest = Math.max(widest, Math.abs(i * m - j * n))
  }
  return { value: widest / (n * m), error: isExact ? 0 : Math.max(0, within - widest) / (n * m) }
}

/**
 * The area between two distribution functions, every bucket taken as its middle: off by at most what moving each row
 * from the middle to the far side of its bucket takes.
 *
 * @returns in the numbers' own unit
 */
export function area(reference: Spread, current: Spread): Bounded {
  const [before, after] = [middles(reference.sketch, reference.ends), middles(current.sketch, current.ends)]
  const [n, m] = [sum(reference.sketch.counts), sum(current.sketch.counts)]
  let [i, j, seenBefore, seenAfter, found] = [0, 0, 0, 0, 0]
  let from = Math.min(before[0]!, after[0]!)
  while (i < before.length || j < after.length) {
    const at = Math.min(before[i] ?? Infinity, after[j] ?? Infinity)
    found += Math.abs(seenBefore / n - seenAfter / m) * (at - from)
    from = at
    while (before[i] === at) seenBefore += reference.sketch.counts[i++]!
    while (after[j] === at) seenAfter += current.sketch.counts[j++]!
  }
  return { value: found, error: meanReach(reference) + meanReach(current) }
}

/** How far a row lies from the middle of its bucket at most, on average. */
function meanReach({ sketch, ends }: Spread): number {
  const { lows, highs } = bucketEnds(sketch, ends)
  const reach = lows.reduce((all, low, bucket) => all + ((highs[bucket]! - low) / 2) * sketch.counts[bucket]!, 0)
  return reach / sum(sketch.counts)
}

function sum(counts: Float64Array): number {
  return counts.reduce((all, rows) => all + rows, 0)
}
