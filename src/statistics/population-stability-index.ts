import { chiSquaredQuantile } from './chi-squared-tail.ts'
import { countByBin, quantileEdges } from './quantile-bins.ts'
import { flooredShares } from './shares.ts'

/**
 * How far a feature has moved since the reference window.
 *
 * Cuts the reference at its own quantiles, then sums
 * (current - reference) * ln(current / reference) over the bins' shares.
 *
 * @param reference  n >= 1 finite numbers, any order, the feature's own unit
 * @param current    m >= 1 finite numbers, same unit
 * @param bins       2 or more
 * @returns nats, 0 or more; a share under 1e-4 counts as 1e-4, so never Infinity
 * @throws {RangeError} when a window is empty or holds a number that is not finite
 * @see Siddiqi, Credit Risk Scorecards (2006)
 * @example populationStabilityIndex([1, 2, 3, 4], [4, 4, 4, 4], 2) // => 4.60431846666895
 */
export function populationStabilityIndex(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  bins: number,
): number {
  const [before, after] = [sorted(reference), sorted(current)]
  const edges = quantileEdges(before, bins)
  return stabilityIndexOfCounts(countByBin(before, edges), countByBin(after, edges))
}

/**
 * The same index of rows that are counted already: by bin, or by category.
 *
 * @param reference, current  rows by bin, same order, each with 1 row or more
 * @throws {RangeError} when lengths differ or a window is empty
 * @example stabilityIndexOfCounts([50, 50], [60, 40]) // => 0.0405465
 */
export function stabilityIndexOfCounts(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  if (reference.length !== current.length) throw new RangeError('the windows have other bins')
  const before = flooredShares(reference)
  return flooredShares(current).reduce((sum, q, bin) => sum + (before[bin]! - q) * Math.log(before[bin]! / q), 0)
}

/**
 * The index that windows without any drift exceed by chance with probability alpha.
 *
 * @param bins   bins that hold rows, 1 or more
 * @param n, m   rows of each window; sound from about 100 on, the floor of 1e-4 spoils it below
 * @param alpha  0 to 1
 * @see Yurdakul (2018); Potgieter et al., arXiv 2307.11878
 * @example stabilityIndexByChance(10, 5000, 100, 0.01) // => 0.220993
 */
export function stabilityIndexByChance(bins: number, n: number, m: number, alpha: number): number {
  return bins < 2 ? 0 : chiSquaredQuantile(1 - alpha, bins - 1) * (1 / n + 1 / m)
}

function sorted(numbers: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(numbers)
  if (!copy.every(Number.isFinite)) throw new RangeError('populationStabilityIndex: a number is not finite')
  return copy.sort()
}
