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
  return between(low, sorted[below + 1] ?? low, place - below)
}

/**
 * The number a share of the way from one to another, also where they lie further apart than a double reaches.
 *
 * @param share  0 to 1
 * @example between(-1.7e308, 1.7e308, 0.5) // => 0
 */
export function between(low: number, high: number, share: number): number {
  const width = high - low
  return Number.isFinite(width) ? low + width * share : low * (1 - share) + high * share
}
