import { pcg32 } from './pcg32.ts'
import { quantile } from './quantile.ts'
import type { WeightedValue } from './weighted-mean.ts'

const BINS = 10
const REDRAWS = 200

/** Bin of each score: (lo, hi], 0 in the first. */
export function binsOf(score: Float64Array, bins: number): Uint16Array {
  return Uint16Array.from(score, (p) => Math.min(Math.max(Math.ceil(p * bins) - 1, 0), bins - 1))
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

/**
 * What a perfectly calibrated model would show on these scores: the calibration error is never 0 on few rows.
 *
 * 95th percentile of the expected calibration error over 200 redraws of every label as Bernoulli(score); seed 0.
 *
 * @param score    probabilities, 0 to 1
 * @param weights  how much each row counts
 * @returns null where no row counts
 */
export function calibrationNullQ95(score: Float64Array, weights: Float64Array): number | null {
  const generator = pcg32(0, 'expected_calibration_error')
  const label = new Uint8Array(score.length)
  const measure = expectedCalibrationError(label, score)
  const seen = new Float64Array(REDRAWS)
  for (let redraw = 0; redraw < REDRAWS; redraw++) {
    for (let row = 0; row < score.length; row++) label[row] = generator.next() < score[row]! * 2 ** 32 ? 1 : 0
    const value = measure(weights)
    if (value === null) return null
    seen[redraw] = value
  }
  return quantile(seen.sort(), 0.95)
}
