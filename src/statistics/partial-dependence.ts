import { askInParts, type Inquiry } from './inquiry.ts'
import { quantile } from './quantile.ts'

export interface DependencePoint {
  /** Pool row whose value of the column was given to every row. */
  readonly donor: number
  readonly mean: number
  /** 10th and 90th percentile over the rows: how much the answer depends on everything else. */
  readonly low: number
  readonly high: number
}

/**
 * Partial dependence: the mean score when every row is given one value of a column, value by value.
 *
 * @param column  index of the column
 * @param rows    pool rows, 1 or more
 * @param donors  pool rows that hold the values, in the order of the answer
 * @see Friedman (2001); Goldstein et al. (2015) for what the single rows do
 */
export function* partialDependence(
  column: number,
  rows: Int32Array,
  donors: Int32Array,
): Inquiry<readonly DependencePoint[]> {
  if (rows.length === 0) throw new RangeError('partialDependence: no rows')
  const scores = yield* askInParts(rows.length * donors.length, (from, to) => {
    const base = new Int32Array(to - from)
    const given = new Int32Array(to - from)
    for (let at = from; at < to; at++) {
      base[at - from] = rows[at % rows.length]!
      given[at - from] = donors[Math.floor(at / rows.length)]!
    }
    return { base, swapped: new Map([[column, given]]) }
  })
  return Array.from(donors, (donor, point) => {
    const own = scores.slice(point * rows.length, (point + 1) * rows.length).sort()
    const mean = own.reduce((sum, score) => sum + score, 0) / own.length
    return { donor, mean, low: quantile(own, 0.1), high: quantile(own, 0.9) }
  })
}
