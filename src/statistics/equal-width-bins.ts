import { sumOf } from './shares.ts'

/**
 * Edges of equal-width bins by Sturges' rule, as many as numpy takes.
 *
 * @param low, high  smallest and largest number
 * @param rows       how many numbers there are, 1 or more
 * @returns 2 or more edges, ascending
 * @see Sturges (1926); numpy.histogram_bin_edges(bins="sturges")
 * @example sturgesEdges(0, 8, 8) // => [0, 2, 4, 6, 8]
 */
export function sturgesEdges(low: number, high: number, rows: number): number[] {
  if (!Number.isFinite(high - low)) return sturgesEdges(low / 2, high / 2, rows).map((edge) => 2 * edge)
  return edgesOfWidth(low, high, (high - low) / (Math.log2(rows) + 1))
}

/** Numbers whose squares overflow are looked at through this. */
const FAR = 2 ** 600

/**
 * Edges of equal-width bins by Doane's rule, which widens Sturges' for skewed numbers.
 *
 * @param sorted  1 or more finite numbers, ascending
 * @see Doane (1976); numpy.histogram_bin_edges(bins="doane")
 * @example doaneEdges([0, 1, 2, 3]).length // => 4
 */
export function doaneEdges(sorted: Float64Array | readonly number[]): number[] {
  const n = sorted.length
  const [low, high] = [sorted[0]!, sorted[n - 1]!]
  const mean = sumOf(sorted) / n
  let [squares, cubes] = [0, 0]
  for (let i = 0; i < n; i++) squares += (sorted[i]! - mean) ** 2
  const sigma = Math.sqrt(squares / n)
  if (!Number.isFinite(sigma)) return doaneEdges(sorted.map((value) => value / FAR)).map((edge) => edge * FAR)
  if (n < 3 || sigma === 0) return edgesOfWidth(low, high, 0)
  for (let i = 0; i < n; i++) cubes += ((sorted[i]! - mean) / sigma) ** 3
  const unit = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
  return edgesOfWidth(low, high, (high - low) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(cubes / n) / unit)))
}

function edgesOfWidth(low: number, high: number, width: number): number[] {
  const bins = width > 0 ? Math.ceil((high - low) / width) : 1
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high]
  const step = (last - first) / bins
  return Array.from({ length: bins + 1 }, (_, edge) => (edge === bins ? last : first + edge * step))
}

/**
 * Rows by left-closed bin, the last one closed on both sides: [e0, e1), [e1, e2) .. [ek-1, ek].
 *
 * @param sorted  finite numbers, ascending; what lies outside the edges is not counted
 * @param edges   2 or more, ascending
 * @see numpy.histogram
 * @example histogramCounts([1, 2, 3, 4], [1, 2, 4]) // => [1, 3]
 */
export function histogramCounts(sorted: ArrayLike<number>, edges: readonly number[]): number[] {
  const last = edges.length - 1
  const starts = edges.map((edge, index) => rowsBefore(sorted, edge, index === last))
  return starts.slice(1).map((end, bin) => end - starts[bin]!)
}

function rowsBefore(sorted: ArrayLike<number>, edge: number, withEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle]!
    if (value < edge || (withEqual && value === edge)) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Rows of each distinct number of both samples.
 *
 * @param reference, current  finite numbers, ascending
 * @param most  counting stops with undefined when there are more distinct numbers than this
 * @example distinctCounts([1, 1, 2], [2, 3], 9) // => { reference: [2, 1, 0], current: [0, 1, 1] }
 */
export function distinctCounts(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  most: number,
): { readonly reference: number[]; readonly current: number[] } | undefined {
  const counts = { reference: [] as number[], current: [] as number[] }
  for (let i = 0, j = 0; i < reference.length || j < current.length; ) {
    if (counts.reference.length === most) return undefined
    const at = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity)
    const [before, below] = [i, j]
    while (i < reference.length && reference[i]! <= at) i++
    while (j < current.length && current[j]! <= at) j++
    counts.reference.push(i - before)
    counts.current.push(j - below)
  }
  return counts
}

/**
 * How many different numbers a sorted sample holds.
 *
 * @example distinctNumbers([1, 1, 2]) // => 2
 */
export function distinctNumbers(sorted: ArrayLike<number>): number {
  let distinct = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++
  return distinct
}

/**
 * How many different numbers two sorted samples hold together.
 *
 * @example distinctNumbersOfBoth([1, 1, 2], [2, 3]) // => 3
 */
export function distinctNumbersOfBoth(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  let distinct = 0
  for (let i = 0, j = 0; i < reference.length || j < current.length; distinct++) {
    const at = Math.min(reference[i] ?? Infinity, current[j] ?? Infinity)
    while (i < reference.length && reference[i]! <= at) i++
    while (j < current.length && current[j]! <= at) j++
  }
  return distinct
}
