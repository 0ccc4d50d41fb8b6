import { binomial } from './binomial.ts'
import type { Pcg32 } from './pcg32.ts'

/**
 * A bootstrap resample of a table of counts: as many rows drawn with replacement, counted by cell.
 *
 * Conditional binomials, one a cell, so the time depends on the cells and not on the rows.
 *
 * @param generator  where chance comes from
 * @param counts     rows by cell, 0 or more; whole numbers unless `rows` is given
 * @param into       filled and returned; as long as counts
 * @param rows       how many to draw, a whole number; as many as the counts hold, unless said
 * @returns counts with that sum; a cell of 0 stays 0
 * @example multinomial(pcg32(0, 'f1'), [5, 0, 5], new Float64Array(3)) // => [4, 0, 6]
 */
export function multinomial(
  generator: Pcg32,
  counts: ArrayLike<number>,
  into: Float64Array = new Float64Array(counts.length),
  rows?: number,
): Float64Array {
  let weight = 0
  for (let cell = 0; cell < counts.length; cell++) weight += counts[cell] ?? 0
  let toDraw = rows ?? weight
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0
    const drawn = count === 0 ? 0 : binomial(generator, toDraw, count >= weight ? 1 : count / weight)
    into[cell] = drawn
    toDraw -= drawn
    weight -= count
  }
  return into
}
