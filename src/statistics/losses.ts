import type { BinaryRows, MulticlassRows, RegressionRows } from './scored-rows.ts'

/** Machine epsilon of a double: scikit-learn clips probabilities there. */
const CLIP = 2.220446049250313e-16

/** -ln of the probability given to what happened, a row; nats. */
export function logLosses(rows: BinaryRows, score: Float64Array): Float64Array {
  const losses = new Float64Array(score.length)
  for (let row = 0; row < score.length; row++) {
    const clipped = Math.min(Math.max(score[row]!, CLIP), 1 - CLIP)
    losses[row] = rows.label[row] === 1 ? -Math.log(clipped) : -Math.log1p(-clipped)
  }
  return losses
}

/** -ln of the probability given to the class that happened, a row; nats. */
export function classLogLosses({ label, classes }: MulticlassRows, probabilities: Float64Array): Float64Array {
  const losses = new Float64Array(label.length)
  for (let row = 0; row < label.length; row++) {
    const p = probabilities[row * classes.length + label[row]!]!
    losses[row] = -Math.log(Math.min(Math.max(p, CLIP), 1 - CLIP))
  }
  return losses
}

/** Squared distance between score and label, a row. */
export function brierLosses(rows: BinaryRows, score: Float64Array): Float64Array {
  return score.map((p, row) => (p - rows.label[row]!) ** 2)
}

/** |prediction - label|, a row. */
export function absoluteErrors(rows: RegressionRows): Float64Array {
  return rows.label.map((label, row) => Math.abs(rows.prediction[row]! - label))
}
