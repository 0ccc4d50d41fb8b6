/**
 * The point that splits off a share of the values, by linear interpolation (numpy's default, type 7).
 *
 * @param sorted  n >= 1 numbers, rising
 * @param share   0 to 1
 * @example quantile([1, 2, 3, 4], 0.5) // => 2.5
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share
  const below = Math.floor(place)
  const low = sorted[below]!
  return low + ((sorted[below + 1] ?? low) - low) * (place - below)
}
