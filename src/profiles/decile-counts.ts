import type { QuantileSketch } from './quantile-sketch.ts'
import { ALL_BITS, coarsened } from './quantile-sketch.ts'
import { DECILES, referenceEdges } from './reference-edges.ts'
import { bucketEnds, bucketOfRank, cumulated } from './sketch-quantile.ts'
import type { Spread } from './weighted-walk.ts'

/** Rows of a bin, and the fewest and the most that the edges of rows could give it. */
export interface BinCounts {
  readonly counts: readonly number[]
  readonly fewest: readonly number[]
  readonly most: readonly number[]
}

/** Both windows on the reference's tenths. */
export interface DecileCounts {
  readonly reference: BinCounts
  readonly current: BinCounts
  /** Whether rows would have the same number of bins: else nothing bounds what they would give. */
  readonly isBounded: boolean
}

type Range = readonly [low: number, high: number]

/**
 * Rows of both windows on the tenths of the reference.
 *
 * Exact sketches give what rows give. Else the edges are ends of buckets next to the tenths, or those that the current
 * window was counted on, and bounds tell what the true edges could have given.
 */
export function decileCounts(reference: Spread, current: Spread): DecileCounts {
  const ranges = distinctRanges(reference)
  const { edges, counted } = edgesFor(reference, current)
  const isBounded =
    edges.length === ranges.length && ranges.every((range, i) => i === 0 || range[0] > ranges[i - 1]![1])
  const isKnown = reference.sketch.bits === ALL_BITS && counted !== null
  return {
    reference: binsOf(reference, edges, ranges, null),
    current: binsOf(current, edges, ranges, counted === null ? null : { counts: counted, isKnown }),
    isBounded,
  }
}

function edgesFor(reference: Spread, current: Spread) {
  const own = referenceEdges(reference)
  const { histogram } = current
  if (
    histogram !== null &&
    histogram.edges.length === own.length &&
    own.every((edge, i) => edge === histogram.edges[i])
  )
    return { edges: own, counted: histogram.counts }
  if (reference.sketch.bits === ALL_BITS) return { edges: own, counted: null }
  const bits = Math.min(reference.sketch.bits, current.sketch.bits)
  return { edges: referenceEdges({ ...reference, sketch: coarsened(reference.sketch, bits) }), counted: null }
}

/** Where each tenth that rows would give can lie; equal ones once. */
function distinctRanges({ sketch, ends }: Spread): readonly Range[] {
  if (sketch.bits === ALL_BITS) return referenceEdges({ sketch }).map((edge): Range => [edge, edge])
  const { lows, highs } = bucketEnds(sketch, ends)
  const upTo = cumulated(sketch.counts)
  const rows = upTo[upTo.length - 1]!
  const ranges = new Map<string, Range>()
  for (let i = 1; i < DECILES; i++) {
    const rank = Math.floor(((rows - 1) * i) / DECILES)
    const range: Range = [lows[bucketOfRank(upTo, rank)]!, highs[bucketOfRank(upTo, Math.min(rows - 1, rank + 1))]!]
    // Two tenths in one bucket may be two edges or one: kept apart, so that they are seen to overlap.
    ranges.set(range[0] === range[1] ? `at ${range[0]}` : `tenth ${i}`, range)
  }
  return [...ranges.values()]
}

interface Counted {
  readonly counts: readonly number[]
  /** Whether they were counted on the very edges that rows would give. */
  readonly isKnown: boolean
}

function binsOf(
  { sketch, ends }: Spread,
  edges: readonly number[],
  ranges: readonly Range[],
  counted: Counted | null,
): BinCounts {
  const buckets = { ...bucketEnds(sketch, ends), counts: sketch.counts }
  const rows = sketch.counts.reduce((all, count) => all + count, 0)
  const counts =
    counted?.counts ??
    between(
      edges.map((edge) => rowsUpTo(buckets, edge)),
      rows,
    )
  if (counted?.isKnown === true) return { counts, fewest: counts, most: counts }
  const low = [0, ...ranges.map((range) => rowsUnder(buckets.highs, buckets.counts, range[0])), rows]
  const high = [0, ...ranges.map((range) => rowsUnder(buckets.lows, buckets.counts, range[1])), rows]
  return {
    counts,
    fewest: low.slice(1).map((end, bin) => Math.max(0, end - high[bin]!)),
    most: high.slice(1).map((end, bin) => end - low[bin]!),
  }
}

function between(ends: readonly number[], rows: number): readonly number[] {
  return [...ends, rows].map((end, bin) => end - (ends[bin - 1] ?? 0))
}

/** Rows of the buckets of which this end lies at or under the edge. */
function rowsUnder(bucketEnd: Float64Array, counts: Float64Array, edge: number): number {
  let rows = 0
  for (let bucket = 0; bucket < counts.length && bucketEnd[bucket]! <= edge; bucket++) rows += counts[bucket]!
  return rows
}

interface Buckets {
  readonly lows: Float64Array
  readonly highs: Float64Array
  readonly counts: QuantileSketch['counts']
}

/** Rows up to an edge; of a bucket that it cuts, the part that even spreading would give. */
function rowsUpTo({ lows, highs, counts }: Buckets, edge: number): number {
  let rows = 0
  for (let bucket = 0; bucket < counts.length && lows[bucket]! <= edge; bucket++) {
    const [low, high] = [lows[bucket]!, highs[bucket]!]
    rows += high <= edge ? counts[bucket]! : counts[bucket]! * ((edge - low) / (high - low))
  }
  return rows
}
