import { between } from './quantile.ts'

/**
 * The inner edges that cut a sample into bins of equal shares; equal edges are merged.
 *
 * Linear quantiles (type 7), in the exact form of numpy: x[k] + (x[k+1] - x[k]) t.
 *
 * @param sorted  n >= 1 finite numbers, ascending
 * @param bins    2 or more
 * @returns 1 to bins - 1 edges, ascending
 * @throws {RangeError} when the sample is empty or bins is no whole number of 2 or more
 * @see Hyndman, Fan (1996)
 * @example quantileEdges([1, 2, 3, 4], 2) // => [2.5]
 */
export function quantileEdges(sorted: ArrayLike<number>, bins: number): number[] {
  if (sorted.length === 0) throw new RangeError('quantileEdges: there are no numbers')
  if (!Number.isInteger(bins) || bins < 2) throw new RangeError(`quantileEdges: bins is ${bins}, it must be 2 or more`)
  const edges = new Set<number>()
  for (let i = 1; i < bins; i++) {
    const steps = (sorted.length - 1) * i
    const below = sorted[Math.floor(steps / bins)]!
    const above = sorted[Math.floor(steps / bins) + 1] ?? below
    edges.add(between(below, above, (steps % bins) / bins))
  }
  return [...edges]
}

/**
 * Rows by right-closed bin: (-inf, e1], (e1, e2] .. (ek, inf).
 *
 * @param sorted  finite numbers, ascending
 * @param edges   ascending, all different
 * @returns one count more than edges
 * @example countByBin([1, 2, 3, 4], [2.5]) // => [2, 2]
 */
export function countByBin(sorted: ArrayLike<number>, edges: readonly number[]): number[] {
  const ends = [...edges.map((edge) => rowsUpTo(sorted, edge)), sorted.length]
  return ends.map((end, bin) => end - (ends[bin - 1] ?? 0))
}

function rowsUpTo(sorted: ArrayLike<number>, edge: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= edge) low = middle + 1
    else high = middle
  }
  return low
}
