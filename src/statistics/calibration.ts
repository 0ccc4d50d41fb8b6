import { binomial } from './binomial.ts'
import type { Interval } from './estimate.ts'
import { type Pcg32, pcg32 } from './pcg32.ts'
import { percentileInterval } from './percentile-interval.ts'
import { quantile } from './quantile.ts'
import { risingOrder } from './rising-order.ts'
import type { WeightedValue } from './weighted-mean.ts'

const BINS = 10
const REDRAWS = 200

/** Bin of each score: (lo, hi], 0 in the first. */
export function binsOf(score: Float64Array, bins: number): Uint16Array {
  const places = new Uint16Array(score.length)
  for (let row = 0; row < score.length; row++)
    places[row] = Math.min(Math.max(Math.ceil(score[row]! * bins) - 1, 0), bins - 1)
  return places
}

/**
 * Expected calibration error: the distance between mean score and share of positives, averaged over the rows of
 * ten bins of equal width.
 *
 * @param label  1 is positive
 * @param score  probabilities, 0 to 1
 * @see Naeini, Cooper, Hauskrecht (2015)
 */
export function expectedCalibrationError(label: Uint8Array, score: Float64Array): WeightedValue {
  const bin = binsOf(score, BINS)
  return (weights) => {
    const gaps = new Float64Array(BINS)
    let total = 0
    for (let row = 0; row < label.length; row++) {
      gaps[bin[row]!]! += weights[row]! * (label[row]! - score[row]!)
      total += weights[row]!
    }
    return total > 0 ? gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total : null
  }
}

/** What a perfectly calibrated model would show on the same scores. */
export interface CalibrationNull {
  /** 95th percentile of its expected calibration error. */
  readonly q95: number
  /** The share of positives in each bin, 95 times of 100; null where a bin is empty. */
  readonly bands: readonly (Interval | null)[]
}

/** Asked for by the metric and by the picture of one and the same scores: computed once. */
const known = new WeakMap<
  Float64Array,
  { readonly weights: Float64Array | null; readonly found: CalibrationNull | null }
>()

/**
 * What a perfectly calibrated model would show on these scores: the calibration error is never 0 on few rows.
 *
 * Over 200 redraws of every label as Bernoulli(score), in 10 bins of equal width; seed 0. The order of rows changes
 * nothing, since scores are redrawn from the lowest to the highest.
 *
 * @param score    probabilities, 0 to 1
 * @param weights  how much each row counts; null: all count once
 * @returns null where no row counts
 */
export function calibrationNull(score: Float64Array, weights: Float64Array | null): CalibrationNull | null {
  const before = known.get(score)
  if (before !== undefined && before.weights === weights) return before.found
  const found = redrawnNull(score, weights)
  known.set(score, { weights, found })
  return found
}

/** Its 95th percentile alone; null where no row counts. */
export function calibrationNullQ95(score: Float64Array, weights: Float64Array | null): number | null {
  return calibrationNull(score, weights)?.q95 ?? null
}

function redrawnNull(score: Float64Array, weights: Float64Array | null): CalibrationNull | null {
  const bins = sortedBins(score, weights)
  const total = bins.reduce((sum, { weight }) => sum + weight, 0)
  if (!(total > 0)) return null
  const generator = pcg32(0, 'expected_calibration_error')
  const errors = new Float64Array(REDRAWS)
  const shares = bins.map(() => new Float64Array(REDRAWS))
  for (let redraw = 0; redraw < REDRAWS; redraw++) {
    for (const [place, bin] of bins.entries()) {
      const drawn =
        bin.weights === null ? drawnRows(generator, bin.limits) : drawnWeight(generator, bin.limits, bin.weights)
      errors[redraw]! += Math.abs(drawn - bin.expected) / total
      shares[place]![redraw] = drawn / bin.weight
    }
  }
  const bands = bins.map(({ weight }, place) => (weight === 0 ? null : percentileInterval(shares[place]!, 0.95)))
  return { q95: quantile(errors.sort(), 0.95), bands }
}

/** The rows of one bin, from the lowest score to the highest. */
interface Bin {
  /** Scores times 2^32: a draw of 32 bits below it is a positive. */
  readonly limits: Float64Array
  readonly weights: Float64Array | null
  readonly weight: number
  /** Sum of the scores, each by its weight. */
  readonly expected: number
}

function sortedBins(score: Float64Array, weights: Float64Array | null): readonly Bin[] {
  const order = risingOrder(score, weights === null ? undefined : risingOrder(weights))
  const sorted = Float64Array.from(order, (row) => score[row]!)
  const own = weights && Float64Array.from(order, (row) => weights[row]!)
  const places = binsOf(sorted, BINS)
  return Array.from({ length: BINS }, (_, bin) => {
    const [start, end] = [places.findIndex((place) => place >= bin), places.findIndex((place) => place > bin)]
    const rows = (column: Float64Array) =>
      start < 0 ? column.subarray(0, 0) : column.subarray(start, end < 0 ? undefined : end)
    const [scores, counted] = [rows(sorted), own && rows(own)]
    const weight = counted === null ? scores.length : counted.reduce((sum, one) => sum + one, 0)
    const expected = scores.reduce((sum, one, row) => sum + one * (counted?.[row] ?? 1), 0)
    return { limits: scores.map((one) => one * 2 ** 32), weights: counted, weight, expected }
  })
}

/** In a bin of more rows than this, neighbours are drawn together. */
const MANY_ROWS = 8192
const BLOCKS = 1024

/** Positives of one bin; of many rows, a block of neighbours has nearly one score, and is one binomial draw. */
function drawnRows(generator: Pcg32, limits: Float64Array): number {
  const size = limits.length > MANY_ROWS ? Math.ceil(limits.length / BLOCKS) : 1
  let drawn = 0
  if (size === 1) {
    for (let row = 0; row < limits.length; row++) drawn += generator.next() < limits[row]! ? 1 : 0
    return drawn
  }
  for (let start = 0; start < limits.length; start += size) {
    const end = Math.min(start + size, limits.length)
    const p = (limits[start]! + limits[end - 1]!) / 2 ** 33
    drawn += binomial(generator, end - start, p)
  }
  return drawn
}

function drawnWeight({ next }: Pcg32, limits: Float64Array, weights: Float64Array): number {
  let drawn = 0
  for (let row = 0; row < limits.length; row++) if (next() < limits[row]!) drawn += weights[row]!
  return drawn
}
