import { type AreaInterval, areaInterval } from './area-interval.ts'
import { type Placements, placements } from './delong.ts'
import type { Interval } from './estimate.ts'
import { criticalZ, normalCdf } from './normal.ts'
import { columnOf } from './picked-rows.ts'
import { rocAuc } from './ranking.ts'
import type { MulticlassRows } from './scored-rows.ts'
import type { WeightedValue } from './weighted-mean.ts'

export interface OvrEstimate {
  readonly value: number
  readonly se: number
  readonly interval: Interval
  readonly method: AreaInterval['method']
  readonly p_value: number | null
}

/**
 * The areas of each class against the rest, averaged over the classes.
 *
 * @returns null where a class has no rows, or all of them: its area does not exist
 */
export function ovrAucMacro(rows: MulticlassRows, probabilities: Float64Array): WeightedValue {
  const areas = rows.classes.map((_, index) =>
    rocAuc(isOfClass(rows, index), columnOf(probabilities, rows.classes.length, index)),
  )
  return (weights) => {
    let sum = 0
    for (const area of areas) {
      const value = area(weights)
      if (value === null) return null
      sum += value
    }
    return sum / areas.length
  }
}

/**
 * The averaged areas with an interval by DeLong's method, carried over to several classes.
 *
 * On the scale of log-odds where few rows are on the wrong side. Each row has one placement in each class's area; their weighted sum is the row's pull on the average, and the
 * average varies as the sum of these pulls does, class by class. For two classes this is DeLong's variance itself.
 *
 * @param confidence  two-sided level, 0 to 1
 * @returns null where a class has fewer than two rows or the spread can't be seen
 * @see DeLong, DeLong, Clarke-Pearson (1988); Hajek (1968) for projections
 */
export function ovrAucWithInterval(rows: MulticlassRows, confidence: number): OvrEstimate | null {
  const { value: area, pulls } = pullsOf(rows)
  const se = Math.sqrt(varianceOf(rows, pulls))
  if (!(se > 0)) return null
  const smallerClass = rows.classes.length * Math.min(...rows.classes.map((_, index) => rowsOfClass(rows, index)))
  return { value: area, se, ...areaInterval({ area, se, smallerClass, confidence }), p_value: null }
}

/**
 * Difference of the averaged areas of two versions on the same rows, candidate - incumbent.
 *
 * @returns null where a class has fewer than two rows, or the areas differ and the spread can't be seen
 */
export function ovrAucDifference(
  candidate: MulticlassRows,
  incumbent: MulticlassRows,
  confidence: number,
): OvrEstimate | null {
  const a = pullsOf(candidate)
  const b = pullsOf(incumbent)
  const pulls = a.pulls.map((pull, row) => pull - b.pulls[row]!)
  if (pulls.every((pull) => pull === 0)) return { value: 0, se: 0, interval: [0, 0], method: 'delong', p_value: 1 }
  const value = a.value - b.value
  const se = Math.sqrt(varianceOf(candidate, pulls))
  if (!(se > 0)) return null
  const reach = criticalZ(confidence) * se
  const interval = [Math.max(-1, value - reach), Math.min(1, value + reach)] as const
  return { value, se, interval, method: 'delong', p_value: 2 * normalCdf(-Math.abs(value / se)) }
}

function rowsOfClass({ label }: MulticlassRows, index: number): number {
  return label.reduce((count, own) => count + (own === index ? 1 : 0), 0)
}

function isOfClass({ label }: MulticlassRows, index: number): Uint8Array {
  const is = new Uint8Array(label.length)
  for (let row = 0; row < label.length; row++) is[row] = label[row] === index ? 1 : 0
  return is
}

/** How far each row pulls the average, in units of (1 / rows of its class) each. */
function pullsOf(rows: MulticlassRows): { readonly value: number; readonly pulls: Float64Array } {
  const classes = rows.classes.length
  const n = rows.label.length
  const size = new Float64Array(classes)
  for (let row = 0; row < n; row++) size[rows.label[row]!]! += 1
  const pulls = new Float64Array(n)
  let value = 0
  for (let index = 0; index < classes; index++) {
    const is = isOfClass(rows, index)
    const placed = placements(is, columnOf(rows.probabilities!, classes, index))
    value += placed.auc / classes
    addPulls(pulls, rows.label, is, { placed, size, share: 1 / classes })
  }
  return { value, pulls }
}

function addPulls(
  pulls: Float64Array,
  label: Uint16Array,
  is: Uint8Array,
  { placed, size, share }: { readonly placed: Placements; readonly size: Float64Array; readonly share: number },
): void {
  let positive = 0
  let negative = 0
  const rest = placed.negatives.length
  for (let row = 0; row < is.length; row++) {
    if (is[row] === 1) pulls[row]! += share * (placed.positives[positive++]! - placed.auc)
    else pulls[row]! += share * (placed.negatives[negative++]! - placed.auc) * (size[label[row]!]! / rest)
  }
}

/** Sum over the classes of the mean squared pull over (rows - 1): classes are drawn apart from each other. */
function varianceOf({ label, classes }: MulticlassRows, pulls: Float64Array): number {
  const size = new Float64Array(classes.length)
  const squares = new Float64Array(classes.length)
  for (let row = 0; row < label.length; row++) {
    size[label[row]!]! += 1
    squares[label[row]!]! += pulls[row]! ** 2
  }
  return squares.reduce((sum, square, index) => sum + square / (size[index]! * (size[index]! - 1)), 0)
}
