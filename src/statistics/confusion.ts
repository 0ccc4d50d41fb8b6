/** Rows by true and predicted class; sums of weights where rows carry weights. */
export interface Confusion {
  readonly tp: number
  readonly fp: number
  readonly tn: number
  readonly fn: number
}

/** Counts the four cells, each row `weights[row]` times. */
export function confusionOf(label: Uint8Array, prediction: Uint8Array, weights: Float64Array): Confusion {
  const cells = [0, 0, 0, 0]
  for (let row = 0; row < label.length; row++) cells[label[row]! * 2 + prediction[row]!]! += weights[row]!
  return { tn: cells[0]!, fp: cells[1]!, fn: cells[2]!, tp: cells[3]! }
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

/** The metrics that four counts decide; null is 0/0. */
export const CONFUSION_METRICS: Readonly<Record<string, (cells: Confusion) => number | null>> = {
  accuracy: ({ tp, fp, tn, fn }) => ratio(tp + tn, tp + fp + tn + fn),
  balanced_accuracy: ({ tp, fp, tn, fn }) =>
    tp + fn > 0 && tn + fp > 0 ? (tp / (tp + fn) + tn / (tn + fp)) / 2 : null,
  precision: ({ tp, fp }) => ratio(tp, tp + fp),
  recall: ({ tp, fn }) => ratio(tp, tp + fn),
  specificity: ({ tn, fp }) => ratio(tn, tn + fp),
  f1: ({ tp, fp, fn }) => ratio(2 * tp, 2 * tp + fp + fn),
  matthews_corrcoef: ({ tp, fp, tn, fn }) =>
    ratio(tp * tn - fp * fn, Math.sqrt((tp + fp) * (tp + fn)) * Math.sqrt((tn + fp) * (tn + fn))),
  selection_rate: ({ tp, fp, tn, fn }) => ratio(tp + fp, tp + fp + tn + fn),
}
