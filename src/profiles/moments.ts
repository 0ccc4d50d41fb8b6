import { addDyadic, dividedBy, dyadic, rootOfQuotient, timesDyadic } from './dyadic.ts'
import type { Sums } from './exact-sums.ts'

export interface Moments {
  readonly mean: number | null
  /** Of the rows themselves: divisor n. */
  readonly sd: number | null
}

/**
 * Mean and standard deviation from exact sums: the doubles nearest to the true numbers, however large the mean is.
 *
 * @param count  numbers that were summed; 0 gives null
 * @example moments({ sum: { units: 3n, power: 1 }, squares: { units: 7n, power: 1 } }, 3) // => { mean: 2, sd: 0.816496580928 }
 */
export function moments({ sum, squares }: Sums, count: number): Moments {
  if (count === 0) return { mean: null, sd: null }
  const n = BigInt(count)
  const spread = addDyadic(timesDyadic(squares, dyadic(n, 0)), timesDyadic({ ...sum, units: -sum.units }, sum))
  return { mean: dividedBy(sum, n), sd: rootOfQuotient(spread, n * n) }
}
