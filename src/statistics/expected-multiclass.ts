import type { SortedScore } from './class-parts.ts'
import { expectedArea } from './expected-metrics.ts'

/** Names of the metrics that can be expected of a multiclass model without labels. */
export const EXPECTED_MULTICLASS = [
  'accuracy',
  'precision_macro',
  'recall_macro',
  'f1_macro',
  'roc_auc_ovr_macro',
] as const
export type ExpectedMulticlass = (typeof EXPECTED_MULTICLASS)[number]
export type ExpectedOfClasses = Readonly<Record<ExpectedMulticlass, number | null>>

/** Rows of a model of several classes, and how much of each row is, or is thought to be, of each class. */
export interface ExpectedClasses {
  /** Place of the predicted class of each row. */
  readonly prediction: Int32Array
  /** The score of each class, rising. */
  readonly order: readonly SortedScore[]
  /** Of each class in each row, in the order of the rows. */
  readonly parts: readonly Float64Array[]
}

/**
 * The metrics of rows that are of each class in part.
 *
 * A macro mean does not exist where one of its classes has no number. The area under the curve is of each class against
 * all others.
 *
 * @param isDrawn  the parts are whole rows that were drawn, so a pair within one place is a pair of two rows
 * @returns null where a metric is 0/0
 */
export function expectedMulticlass({ prediction, order, parts }: ExpectedClasses, isDrawn: boolean): ExpectedOfClasses {
  const whole = new Float64Array(prediction.length)
  const predicted = new Float64Array(parts.length)
  const right = new Float64Array(parts.length)
  for (const [k, part] of parts.entries()) {
    for (let row = 0; row < whole.length; row++) {
      whole[row]! += part[row]!
      predicted[prediction[row]!]! += part[row]!
      if (prediction[row] === k) right[k]! += part[row]!
    }
  }
  const of = parts.map((part) => part.reduce((sum, one) => sum + one, 0))
  const rows = of.reduce((sum, one) => sum + one, 0)
  return {
    accuracy: rows > 0 ? right.reduce((sum, one) => sum + one, 0) / rows : null,
    precision_macro: macro(parts, (k) => ratio(right[k]!, predicted[k]!)),
    recall_macro: macro(parts, (k) => ratio(right[k]!, of[k]!)),
    f1_macro: macro(parts, (k) => ratio(2 * right[k]!, predicted[k]! + of[k]!)),
    roc_auc_ovr_macro: macro(parts, (k) => areaOf(order[k]!, parts[k]!, whole, isDrawn)),
  }
}

function areaOf(
  { order, score }: SortedScore,
  part: Float64Array,
  whole: Float64Array,
  isDrawn: boolean,
): number | null {
  const positive = Float64Array.from(order, (row) => part[row]!)
  const negative = Float64Array.from(order, (row) => whole[row]! - part[row]!)
  return expectedArea({ score, positive, negative }, isDrawn)
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null
}

function macro(parts: readonly Float64Array[], of: (k: number) => number | null): number | null {
  let sum = 0
  for (const k of parts.keys()) {
    const value = of(k)
    if (value === null) return null
    sum += value
  }
  return sum / parts.length
}
