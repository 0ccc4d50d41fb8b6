import type { NumberProfile } from './column-profile.ts'
import { ALL_BITS } from './quantile-sketch.ts'
import { bucketOfRank, cumulated, farEnd } from './sketch-quantile.ts'

/** As drift has them. */
export const DECILES = 10

/**
 * The inner edges that cut a column into tenths, for others to be counted on.
 *
 * Of an exact sketch the very edges that rows would give. Else the ends of buckets next to them, so that the rows
 * between edges are known exactly all the same.
 *
 * @returns rising, all different; none where the column has no finite number
 */
export function referenceEdges({ sketch }: Pick<NumberProfile, 'sketch'>): number[] {
  const upTo = cumulated(sketch.counts)
  const rows = upTo[upTo.length - 1] ?? 0
  if (rows === 0) return []
  const edges = new Set<number>()
  for (let i = 1; i < DECILES; i++) {
    const steps = (rows - 1) * i
    const below = bucketOfRank(upTo, Math.floor(steps / DECILES))
    const above = bucketOfRank(upTo, Math.min(rows - 1, Math.floor(steps / DECILES) + 1))
    const [low, high] = [sketch.keys[below]!, sketch.keys[above]!]
    if (sketch.bits === ALL_BITS) edges.add(low + (high - low) * ((steps % DECILES) / DECILES))
    else edges.add(upperEnd(nearer(upTo, below, (rows * i) / DECILES), sketch))
  }
  return [...edges]
}

/** The bucket at whose upper end the count is nearer to the wanted one: this or the one before. */
function nearer(upTo: ArrayLike<number>, bucket: number, wanted: number): number {
  if (bucket === 0) return 0
  return wanted - upTo[bucket - 1]! < upTo[bucket]! - wanted ? bucket - 1 : bucket
}

/** The largest double of a bucket; the one named -0 holds negative numbers alone. */
function upperEnd(bucket: number, { keys, bits }: NumberProfile['sketch']): number {
  const key = keys[bucket]!
  if (Object.is(key, -0)) return -Number.MIN_VALUE
  return key < 0 ? key : farEnd(key, bits)
}
