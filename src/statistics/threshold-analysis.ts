import { CONFUSION_METRICS, type Confusion } from './confusion.ts'
import { fallingOrder } from './rising-order.ts'
import { type BinaryRows, weightsOf } from './scored-rows.ts'

/** What predictions score > threshold would be like; a share that does not exist is null. */
export interface ThresholdPoint {
  readonly threshold: number
  readonly selection_rate: number | null
  readonly precision: number | null
  readonly recall: number | null
  readonly specificity: number | null
  readonly f1: number | null
  readonly accuracy: number | null
}

/** The cut at which a metric is best on these rows; chosen on them, so the value is rather too good. */
export interface BestThreshold {
  readonly metric: string
  readonly threshold: number
  readonly value: number
}

export interface ThresholdAnalysis {
  readonly points: readonly ThresholdPoint[]
  readonly best: readonly BestThreshold[]
}

const CUTS = 20
const SHOWN = ['selection_rate', 'precision', 'recall', 'specificity', 'f1', 'accuracy'] as const
/** Metrics that a cut can be best at without knowing what mistakes cost. */
const CHOSEN_BY = ['f1', 'balanced_accuracy', 'matthews_corrcoef', 'accuracy']

/**
 * How a binary model fares at other cuts than its own.
 *
 * One walk down the sorted scores: all distinct scores are tried for the best cuts, some twenty that split the rows
 * evenly are shown, the smallest and the largest score among them.
 *
 * @returns null without scores
 */
export function thresholdAnalysis(rows: BinaryRows): ThresholdAnalysis | null {
  if (rows.score === null || rows.label.length === 0) return null
  const cuts = cutsOf(rows, rows.score)
  const shown = evenly(cuts.threshold.length)
  return {
    points: shown.map((place) => pointAt(cuts, place)).reverse(),
    best: CHOSEN_BY.flatMap((metric) => bestOf(cuts, metric)),
  }
}

/** Distinct scores from the highest down, and the weight of negatives and positives that score higher. */
interface Cuts {
  readonly threshold: Float64Array
  readonly negatives: Float64Array
  readonly positives: Float64Array
  readonly total: { readonly negatives: number; readonly positives: number }
}

function cutsOf(rows: BinaryRows, score: Float64Array): Cuts {
  const order = fallingOrder(score)
  const weights = weightsOf(rows)
  const [threshold, negatives, positives] = [0, 0, 0].map(() => new Float64Array(order.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let count = 0
  const above = [0, 0]
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!
    if (place === 0 || score[row] !== score[order[place - 1]!]) {
      threshold[count] = score[row]!
      negatives[count] = above[0]!
      positives[count] = above[1]!
      count += 1
    }
    above[rows.label[row]!]! += weights[row]!
  }
  return {
    threshold: threshold.subarray(0, count),
    negatives: negatives.subarray(0, count),
    positives: positives.subarray(0, count),
    total: { negatives: above[0]!, positives: above[1]! },
  }
}

function confusionAt({ negatives, positives, total }: Cuts, place: number): Confusion {
  const [fp, tp] = [negatives[place]!, positives[place]!]
  return { tp, fp, tn: total.negatives - fp, fn: total.positives - tp }
}

function pointAt(cuts: Cuts, place: number): ThresholdPoint {
  const cells = confusionAt(cuts, place)
  const shown = SHOWN.map((metric) => [metric, CONFUSION_METRICS[metric]!(cells)] as const)
  return { threshold: cuts.threshold[place]!, ...Object.fromEntries(shown) } as unknown as ThresholdPoint
}

/** Of equally good cuts the one in the middle. */
function bestOf(cuts: Cuts, metric: string): readonly BestThreshold[] {
  const measure = CONFUSION_METRICS[metric]!
  let best = Number.NEGATIVE_INFINITY
  let first = -1
  let last = -1
  for (let place = 0; place < cuts.threshold.length; place++) {
    const value = measure(confusionAt(cuts, place))
    if (value === null || value < best) continue
    if (value > best) {
      best = value
      first = place
    }
    last = place
  }
  if (first < 0) return []
  const middle = Math.floor((first + last) / 2)
  const isTied = measure(confusionAt(cuts, middle)) === best
  return [{ metric, threshold: cuts.threshold[isTied ? middle : first]!, value: best }]
}

/** Places of some twenty of `count` cuts, the first and the last among them. */
function evenly(count: number): readonly number[] {
  const places = Array.from({ length: CUTS + 1 }, (_, step) => Math.round((step * (count - 1)) / CUTS))
  return [...new Set(places)]
}
