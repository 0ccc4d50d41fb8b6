import type { PresetAnswer, PresetInput } from './drift-preset.ts'
import type { Windows } from './drift-windows.ts'
import { distinctCounts, distinctNumbers, doaneEdges, histogramCounts } from './equal-width-bins.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { sumOf } from './shares.ts'

const DEVIATIONS = 3
const MANY_VALUES = 50
const MANY_OF_ROWS = 0.1

/**
 * What NannyML's univariate calculator says of a column: Jensen-Shannon (base 2) against the whole reference.
 *
 * Bins by Doane's rule on the reference alone, or its distinct values where they are few; rows outside them go into one
 * bin more. Alarms over mean + 3 sd (ddof 0) of the reference's own chunks; without chunks nothing is decided.
 *
 * @see nannyml, drift/univariate/methods.py and thresholds.py (0.13.1)
 * @example nannymlAnswer({ windows: { kind: 'category', categories: ['a', 'b'], reference: [5, 5], current: [5, 5] }, blocks: [] }).threshold // => null
 */
export function nannymlAnswer({ windows, blocks }: PresetInput): PresetAnswer {
  const distance = fitted(windows)
  const score = distance(windows.current)
  const chunks = blocks.filter((block) => rowsOf(windows, block) > 0).map((block) => distance(block))
  const threshold = chunks.length < 2 ? null : upperThreshold(chunks)
  return {
    test: 'jensen_shannon',
    score,
    p_value: null,
    threshold,
    is_drifted: threshold === null ? null : score > threshold,
    numbers: { jensen_shannon: score },
  }
}

type Rows = Float64Array | readonly number[]

function rowsOf(windows: Windows, rows: Rows): number {
  return windows.kind === 'number' ? rows.length : sumOf(rows)
}

function upperThreshold(chunks: readonly number[]): number {
  const mean = sumOf(chunks) / chunks.length
  const squares = sumOf(chunks.map((distance) => (distance - mean) ** 2))
  return mean + DEVIATIONS * Math.sqrt(squares / chunks.length)
}

/** The distance of any rows of the column from its reference. */
function fitted(windows: Windows): (rows: Rows) => number {
  if (windows.kind === 'category') return (rows) => jensenShannon(windows.reference, rows)
  const { reference } = windows
  const distinct = distinctNumbers(reference)
  if (distinct <= MANY_VALUES && distinct / reference.length <= MANY_OF_ROWS) {
    return (rows) => {
      const counts = distinctCounts(reference, rows, Infinity)!
      return jensenShannon(...withOneBinOutside(counts.reference, counts.current))
    }
  }
  const edges = doaneEdges(reference)
  const before = histogramCounts(reference, edges)
  return (rows) => {
    const after = histogramCounts(rows, edges)
    return jensenShannon([...before, 0], [...after, rows.length - sumOf(after)])
  }
}

/** Values that the reference never had share one bin. */
function withOneBinOutside(reference: readonly number[], current: readonly number[]): [number[], number[]] {
  const known = reference.flatMap((rows, value) => (rows > 0 ? [value] : []))
  const inside = known.map((value) => current[value]!)
  return [
    [...known.map((value) => reference[value]!), 0],
    [...inside, sumOf(current) - sumOf(inside)],
  ]
}
