import { CONFUSION_METRICS, type Confusion } from './confusion.ts'

/** Names of the metrics that can be expected of a binary model without labels. */
export const EXPECTED_METRICS = ['accuracy', 'precision', 'recall', 'f1', 'roc_auc'] as const
export type ExpectedMetric = (typeof EXPECTED_METRICS)[number]
export type ExpectedValues = Readonly<Record<ExpectedMetric, number | null>>

/** Rows in rising order of their score, and how many of each are, or are thought to be, positive and negative. */
export interface ExpectedRows {
  readonly score: Float64Array
  readonly prediction: Uint8Array
  readonly positive: Float64Array
  readonly negative: Float64Array
}

/**
 * The metrics of rows that are positive only in part.
 *
 * A row that is positive with probability p adds p to one cell of the confusion counts and 1 - p to another. The area under
 * the curve counts pairs of different rows.
 *
 * @param isDrawn  the parts are whole rows that were drawn, so a pair within one place is a pair of two rows
 * @returns null where a metric is 0/0
 */
export function expectedMetrics(rows: ExpectedRows, isDrawn: boolean): ExpectedValues {
  const cells = expectedCells(rows)
  const of = (name: ExpectedMetric) => CONFUSION_METRICS[name]!(cells)
  return {
    accuracy: of('accuracy'),
    precision: of('precision'),
    recall: of('recall'),
    f1: of('f1'),
    roc_auc: expectedArea(rows, isDrawn),
  }
}

function expectedCells({ prediction, positive, negative }: ExpectedRows): Confusion {
  const cells = { tp: 0, fp: 0, tn: 0, fn: 0 }
  for (let row = 0; row < prediction.length; row++) {
    if (prediction[row] === 1) {
      cells.tp += positive[row]!
      cells.fp += negative[row]!
    } else {
      cells.fn += positive[row]!
      cells.tn += negative[row]!
    }
  }
  return cells
}

/**
 * Area under the ROC curve of rows that are positive in part; see `expectedMetrics`.
 *
 * @returns null where no pair of a positive and a negative row is expected
 */
export function expectedArea(
  { score, positive, negative }: Omit<ExpectedRows, 'prediction'>,
  isDrawn: boolean,
): number | null {
  let [won, ofOneRow, positives, negatives] = [0, 0, 0, 0]
  for (let start = 0, end = 0; start < score.length; start = end) {
    let [tiedPositive, tiedNegative] = [0, 0]
    for (; end < score.length && score[end] === score[start]; end++) {
      tiedPositive += positive[end]!
      tiedNegative += negative[end]!
      if (!isDrawn) ofOneRow += positive[end]! * negative[end]!
    }
    won += tiedPositive * (negatives + tiedNegative / 2)
    positives += tiedPositive
    negatives += tiedNegative
  }
  const pairs = positives * negatives - ofOneRow
  return pairs > 1e-9 ? Math.min(1, Math.max(0, (won - ofOneRow / 2) / pairs)) : null
}
