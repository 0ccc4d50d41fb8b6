import type { Interval } from './estimate.ts'
import { criticalZ, normalCdf } from './normal.ts'
import { fallingOrder } from './rising-order.ts'
import { wilson } from './wilson.ts'

export interface AucEstimate {
  readonly value: number
  readonly se: number
  readonly interval: Interval
  readonly method: 'delong' | 'auc-bound'
  readonly p_value: number | null
}

/** Where each row stands among the rows of the other class: share of them that it is on the right side of, ties half. */
export interface Placements {
  readonly auc: number
  readonly positives: Float64Array
  readonly negatives: Float64Array
}

/** Placements by one sort. */
export function placements(label: Uint8Array, score: Float64Array): Placements {
  const order = fallingOrder(score)
  const count = label.reduce((sum, y) => sum + y, 0)
  const share = placementOf(label, score, order, [label.length - count, count])
  const positives = new Float64Array(count)
  const negatives = new Float64Array(label.length - count)
  for (let row = 0, positive = 0; row < label.length; row++) {
    if (label[row] === 1) positives[positive++] = share[row]!
    else negatives[row - positive] = share[row]!
  }
  return { auc: mean(positives), positives, negatives }
}

/** Placement of each row, in row order. */
function placementOf(
  label: Uint8Array,
  score: Float64Array,
  order: Uint32Array,
  [negatives, positives]: readonly [number, number],
): Float64Array {
  const share = new Float64Array(label.length)
  let negativesAbove = 0
  let positivesAbove = 0
  for (let start = 0, end = 0; start < order.length; start = end) {
    let tied = 0
    for (; end < order.length && score[order[end]!] === score[order[start]!]; end++) tied += label[order[end]!]!
    const others = end - start - tied
    for (let place = start; place < end; place++) {
      const row = order[place]!
      share[row] =
        label[row] === 1
          ? (negatives - negativesAbove - others / 2) / negatives
          : (positivesAbove + tied / 2) / positives
    }
    negativesAbove += others
    positivesAbove += tied
  }
  return share
}

/**
 * Area under the ROC curve with DeLong's interval.
 *
 * Where every row stands alike (an area of exactly 1, a constant score) or a class has one row, the spread cannot be
 * seen. Then the interval is Wilson's for the smaller class, since no area varies more than A (1 - A) / min(m, n).
 *
 * @param label       1 is positive; at least one row of each class
 * @param score       finite, any scale
 * @param confidence  two-sided level, 0 to 1
 * @returns interval within 0 to 1
 * @see DeLong, DeLong, Clarke-Pearson (1988); Sun, Xu (2014) for the speed; Birnbaum, Klose (1957) for the bound
 */
export function aucWithInterval(label: Uint8Array, score: Float64Array, confidence: number): AucEstimate {
  const { auc, positives, negatives } = placements(label, score)
  const se = Math.sqrt(varianceOfMean(positives) + varianceOfMean(negatives))
  if (!(se > 0)) return boundedAuc(auc, Math.min(positives.length, negatives.length), confidence)
  const reach = criticalZ(confidence) * se
  return {
    value: auc,
    se,
    interval: [Math.max(0, auc - reach), Math.min(1, auc + reach)],
    method: 'delong',
    p_value: null,
  }
}

function boundedAuc(auc: number, smallerClass: number, confidence: number): AucEstimate {
  const interval = wilson(auc * smallerClass, smallerClass, confidence)
  const se = (interval[1] - interval[0]) / (2 * criticalZ(confidence))
  return { value: auc, se, interval, method: 'auc-bound', p_value: null }
}

/**
 * Difference of the areas of two versions on the same rows, candidate - incumbent, by DeLong's covariance.
 *
 * Two versions that rank the rows alike have se 0, [0, 0] and p 1. Where the spread cannot be seen otherwise, the
 * interval reaches from end to end of the two single ones and there is no p.
 *
 * @param label                 1 is positive; at least one row of each class
 * @param candidate, incumbent  finite scores, each on any scale
 * @returns interval within -1 to 1
 */
export function aucDifference(
  label: Uint8Array,
  candidate: Float64Array,
  incumbent: Float64Array,
  confidence: number,
): AucEstimate {
  const a = placements(label, candidate)
  const b = placements(label, incumbent)
  const positives = a.positives.map((share, row) => share - b.positives[row]!)
  const negatives = a.negatives.map((share, row) => share - b.negatives[row]!)
  const value = a.auc - b.auc
  if (positives.every((x) => x === 0) && negatives.every((x) => x === 0)) {
    return { value: 0, se: 0, interval: [0, 0], method: 'delong', p_value: 1 }
  }
  const se = Math.sqrt(varianceOfMean(positives) + varianceOfMean(negatives))
  if (!(se > 0)) return boundedDifference(a, b, confidence)
  const reach = criticalZ(confidence) * se
  const interval = [Math.max(-1, value - reach), Math.min(1, value + reach)] as const
  return { value, se, interval, method: 'delong', p_value: 2 * normalCdf(-Math.abs(value / se)) }
}

function boundedDifference(a: Placements, b: Placements, confidence: number): AucEstimate {
  const smallerClass = Math.min(a.positives.length, a.negatives.length)
  const [low1, high1] = wilson(a.auc * smallerClass, smallerClass, confidence)
  const [low2, high2] = wilson(b.auc * smallerClass, smallerClass, confidence)
  const interval = [low1 - high2, high1 - low2] as const
  const se = (interval[1] - interval[0]) / (2 * criticalZ(confidence))
  return { value: a.auc - b.auc, se, interval, method: 'auc-bound', p_value: null }
}

function mean(values: Float64Array): number {
  let sum = 0
  for (let row = 0; row < values.length; row++) sum += values[row]!
  return sum / values.length
}

/** NaN for a single value: its spread cannot be known. */
function varianceOfMean(values: Float64Array): number {
  if (values.every((value) => value === values[0])) return values.length > 1 ? 0 : Number.NaN
  const centre = mean(values)
  let squares = 0
  for (let row = 0; row < values.length; row++) squares += (values[row]! - centre) ** 2
  return squares / (values.length - 1) / values.length
}
