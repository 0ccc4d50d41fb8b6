import type { BinaryRows, RegressionRows } from './scored-rows.ts'

/** Machine epsilon of a double: scikit-learn clips probabilities there. */
const CLIP = 2.220446049250313e-16

/** -ln of the probability given to what happened, a row; nats. */
export function logLosses(rows: BinaryRows, score: Float64Array): Float64Array {
  return Float64Array.from(score, (p, row) => {
    const clipped = Math.min(Math.max(p, CLIP), 1 - CLIP)
    return rows.label[row] === 1 ? -Math.log(clipped) : -Math.log1p(-clipped)
  })
}

/** Squared distance between score and label, a row. */
export function brierLosses(rows: BinaryRows, score: Float64Array): Float64Array {
  return Float64Array.from(score, (p, row) => (p - rows.label[row]!) ** 2)
}

/** |prediction - label|, a row. */
export function absoluteErrors(rows: RegressionRows): Float64Array {
  return Float64Array.from(rows.label, (label, row) => Math.abs(rows.prediction[row]! - label))
}
