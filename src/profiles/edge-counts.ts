/** Counts on given edges: (-inf, e1], (e1, e2] .. (ek, inf). */
export interface EdgeCounts {
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

/** More than a histogram needs. */
export const MOST_EDGES = 64

/**
 * Adds numbers to the counts of their right-closed bins.
 *
 * @param edges   rising, all different
 * @param counts  one more than edges; changed
 * @example counted([2, 3], [1, 2, 3, 4], [0, 0, 0]) // => [2, 1, 1]
 */
export function counted<T extends number[] | Float64Array>(
  edges: readonly number[],
  numbers: ArrayLike<number>,
  counts: T,
): T {
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i]!
    let [low, high] = [0, edges.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (x <= edges[middle]!) high = middle
      else low = middle + 1
    }
    counts[low]! += 1
  }
  return counts
}
