/** Rows of each class, by what is so and what was said; sums of weights where rows carry weights. */
export interface ClassCounts {
  readonly total: number
  /** Rows of the class. */
  readonly actual: Float64Array
  /** Rows predicted to be of it. */
  readonly predicted: Float64Array
  /** Rows of the class that were predicted so. */
  readonly right: Float64Array
}

/** Counts each class, each row `weights[row]` times. */
export function classCounts(
  label: Uint16Array,
  prediction: Uint16Array,
  classes: number,
  weights: Float64Array,
): ClassCounts {
  const [actual, predicted, right] = [new Float64Array(classes), new Float64Array(classes), new Float64Array(classes)]
  let total = 0
  for (let row = 0; row < label.length; row++) {
    const weight = weights[row]!
    const truth = label[row]!
    total += weight
    actual[truth]! += weight
    predicted[prediction[row]!]! += weight
    if (truth === prediction[row]) right[truth]! += weight
  }
  return { total, actual, predicted, right }
}

/** One number a class: what of it is found, and what it is a share of. */
type OfClass = (counts: ClassCounts, index: number) => readonly [part: number, whole: number]

/** The numbers that one class has by itself, against all others. */
const CLASS_METRICS: Readonly<Record<'precision' | 'recall' | 'f1', OfClass>> = {
  precision: ({ right, predicted }, index) => [right[index]!, predicted[index]!],
  recall: ({ right, actual }, index) => [right[index]!, actual[index]!],
  f1: ({ right, actual, predicted }, index) => [2 * right[index]!, actual[index]! + predicted[index]!],
}

/** A number of one class; null is 0/0. */
function classValue(counts: ClassCounts, name: keyof typeof CLASS_METRICS, index: number): number | null {
  const [part, whole] = CLASS_METRICS[name](counts, index)
  return whole > 0 ? part / whole : null
}

/** Mean over the classes that occur, in truth or in what was said; null as soon as one of them has no number. */
function macro(counts: ClassCounts, name: keyof typeof CLASS_METRICS): number | null {
  let sum = 0
  let classes = 0
  for (let index = 0; index < counts.actual.length; index++) {
    if (counts.actual[index] === 0 && counts.predicted[index] === 0) continue
    const value = classValue(counts, name, index)
    if (value === null) return null
    sum += value
    classes += 1
  }
  return classes > 0 ? sum / classes : null
}

/** Mean over the classes, each by its rows; classes without rows count nothing. */
function weighted(counts: ClassCounts, name: keyof typeof CLASS_METRICS): number | null {
  let sum = 0
  for (let index = 0; index < counts.actual.length; index++) {
    if (counts.actual[index] === 0) continue
    const value = classValue(counts, name, index)
    if (value === null) return null
    sum += counts.actual[index]! * value
  }
  return counts.total > 0 ? sum / counts.total : null
}

/** Of one label and one prediction a row, precision, recall and f1 over all classes together are the accuracy. */
function accuracy({ right, total }: ClassCounts): number | null {
  return total > 0 ? right.reduce((sum, count) => sum + count, 0) / total : null
}

/** Mean recall over the classes that have rows. */
function balancedAccuracy(counts: ClassCounts): number | null {
  let sum = 0
  let classes = 0
  for (let index = 0; index < counts.actual.length; index++) {
    if (counts.actual[index] === 0) continue
    sum += counts.right[index]! / counts.actual[index]!
    classes += 1
  }
  return classes > 0 ? sum / classes : null
}

/** Gorodkin's R_K, which for two classes is Matthews' coefficient. */
function correlation({ total, actual, predicted, right }: ClassCounts): number | null {
  const product = (counts: Float64Array, other: Float64Array) =>
    counts.reduce((sum, count, index) => sum + count * other[index]!, 0)
  const hits = right.reduce((sum, count) => sum + count, 0)
  const [said, so] = [total * total - product(predicted, predicted), total * total - product(actual, actual)]
  // one class alone leaves nothing but rounding
  if (!(Math.min(said, so) > 1e-12 * total * total)) return null
  return (hits * total - product(actual, predicted)) / Math.sqrt(said * so)
}

/**
 * The metrics that counts by class decide; null is 0/0.
 *
 * @see Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient (2004)
 */
export const CLASS_COUNT_METRICS: Readonly<Record<string, (counts: ClassCounts) => number | null>> = {
  accuracy,
  balanced_accuracy: balancedAccuracy,
  matthews_corrcoef: correlation,
  precision_macro: (counts) => macro(counts, 'precision'),
  recall_macro: (counts) => macro(counts, 'recall'),
  f1_macro: (counts) => macro(counts, 'f1'),
  precision_micro: accuracy,
  recall_micro: accuracy,
  f1_micro: accuracy,
  precision_weighted: (counts) => weighted(counts, 'precision'),
  recall_weighted: (counts) => weighted(counts, 'recall'),
  f1_weighted: (counts) => weighted(counts, 'f1'),
}
