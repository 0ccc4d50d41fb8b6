/**
 * At most about `most` points that draw the same curve: of each stretch the lowest, the highest and any gap, in order;
 * the first and the last point always.
 *
 * @param most    4 or more
 * @param height  what of a point is drawn; null is a gap
 * @example thinned([1, 9, 2, 3, 0, 4, 5, 6], 4, (one) => one) // => [1, 9, 0, 6]
 */
export function thinned<Point>(
  points: readonly Point[],
  most: number,
  height: (point: Point) => number | null,
): readonly Point[] {
  if (points.length <= most) return points
  const size = Math.ceil((points.length - 2) / Math.max(1, Math.floor((most - 2) / 2)))
  const kept = new Set([0, points.length - 1])
  for (let from = 1; from < points.length - 1; from += size) {
    for (const at of extremes(points, from, Math.min(from + size, points.length - 1), height)) kept.add(at)
  }
  return points.filter((_, at) => kept.has(at))
}

function extremes<Point>(
  points: readonly Point[],
  from: number,
  to: number,
  height: (point: Point) => number | null,
): readonly number[] {
  let [low, high] = [-1, -1]
  let gap = -1
  for (let at = from; at < to; at += 1) {
    const value = height(points[at] as Point)
    if (value === null) gap = at
    else {
      if (low < 0 || value < (height(points[low] as Point) ?? value)) low = at
      if (high < 0 || value > (height(points[high] as Point) ?? value)) high = at
    }
  }
  return [low, high, gap].filter((at) => at >= 0)
}
