import { binsOf } from './calibration.ts'
import { fallingOrder } from './rising-order.ts'
import { type BinaryRows, weightsOf } from './scored-rows.ts'

export type Curve = readonly (readonly [x: number, y: number])[]

/** One bin of a reliability diagram; bins without rows are left out. */
export interface CalibrationBin {
  readonly mean_score: number
  readonly mean_label: number
  readonly rows: number
}

const MOST_POINTS = 101

/**
 * The ROC curve, thinned to what a small picture needs.
 *
 * Corners of the empirical curve; where there are more than 101, one for each hundredth of the way along it.
 *
 * @returns [false positive rate, true positive rate] from [0, 0] to [1, 1]; null without scores or with one class
 */
export function rocCurve(rows: BinaryRows): Curve | null {
  if (rows.score === null) return null
  const corners = rocCorners(rows, rows.score)
  const [negatives, positives] = corners.at(-1) ?? [0, 0]
  if (positives === 0 || negatives === 0) return null
  const curve = corners.map(([fp, tp]) => [fp / negatives, tp / positives] as const)
  return curve.length <= MOST_POINTS ? curve : thinned(curve)
}

/** Weight of negatives and positives at or above each score. */
function rocCorners(rows: BinaryRows, score: Float64Array): [fp: number, tp: number][] {
  const order = fallingOrder(score)
  const weights = weightsOf(rows)
  const corners: [number, number][] = [[0, 0]]
  const reached = [0, 0]
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!
    reached[rows.label[row]!]! += weights[row]!
    const next = order[place + 1]
    if (next === undefined || score[next] !== score[row]) corners.push([reached[0]!, reached[1]!])
  }
  return corners
}

/**
 * The curve of precision over recall, thinned to what a small picture needs: one point each hundredth of recall.
 *
 * @returns [recall, precision] as the cut falls; null without scores or without positive rows
 */
export function precisionRecallCurve(rows: BinaryRows): Curve | null {
  if (rows.score === null) return null
  const corners = rocCorners(rows, rows.score).filter(([fp, tp]) => fp + tp > 0)
  const positives = corners.at(-1)?.[1] ?? 0
  if (positives === 0) return null
  const curve = corners.map(([fp, tp]) => [tp / positives, tp / (tp + fp)] as const)
  let next = 0
  return curve.length <= MOST_POINTS
    ? curve
    : curve.filter(([recall], place) => {
        if (place < curve.length - 1 && recall * (MOST_POINTS - 1) < next) return false
        next = Math.floor(recall * (MOST_POINTS - 1)) + 1
        return true
      })
}

function thinned(curve: Curve): Curve {
  const steps = MOST_POINTS - 1
  let step = 0
  return curve.filter(([x, y], place) => {
    const along = ((x + y) / 2) * steps
    if (place < curve.length - 1 && (along < step || step === steps)) return false
    step = Math.floor(along) + 1
    return true
  })
}

/** A reliability diagram: bins of equal width over the scores, each with its mean score and share of positives. */
export function calibrationBins(rows: BinaryRows, bins = 10): readonly CalibrationBin[] {
  if (rows.score === null || rows.score.some((score) => !(score >= 0 && score <= 1))) return []
  const bin = binsOf(rows.score, bins)
  const weights = weightsOf(rows)
  const sums = Array.from({ length: bins }, () => ({ weight: 0, score: 0, label: 0, rows: 0 }))
  for (const [row, score] of rows.score.entries()) {
    const sum = sums[bin[row]!]!
    sum.weight += weights[row]!
    sum.score += weights[row]! * score
    sum.label += weights[row]! * rows.label[row]!
    sum.rows += 1
  }
  return sums
    .filter((sum) => sum.weight > 0)
    .map((sum) => ({ mean_score: sum.score / sum.weight, mean_label: sum.label / sum.weight, rows: sum.rows }))
}
