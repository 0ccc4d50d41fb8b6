import { calibrationNullQ95 } from './calibration.ts'
import { normalQuantile } from './normal.ts'
import { pcg32 } from './pcg32.ts'
import { quantile } from './quantile.ts'

/** One bin of scores of one group; sums over its rows. */
export interface CalibrationCell {
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly weight: number
  readonly label: number
  readonly score: number
  /** Sum of weight^2 p (1 - p): the spread that a calibrated model's labels have. */
  readonly variance: number
}

const BINS = 10
const REDRAWS = 200
/** Above this a bin's sum of labels is normal enough, and drawing it label by label too slow. */
const FEW_ROWS = 5000

interface CalibrationRows {
  readonly indexOf: Int32Array
  /** 1 positive, 0 negative. */
  readonly label: ArrayLike<number>
  /** 0 to 1. */
  readonly score: ArrayLike<number>
  readonly weight: ArrayLike<number> | null
}

/**
 * Labels and scores of each group in ten bins of equal width, (lo, hi], 0 in the first; one pass over the rows.
 *
 * @param groups  how many groups there are
 * @returns ten cells a group, empty ones too
 */
export function calibrationCells({ indexOf, label, score, weight }: CalibrationRows, groups: number) {
  const sums = new Float64Array(groups * BINS * 5)
  for (let row = 0; row < indexOf.length; row++) {
    const p = score[row]!
    const bin = Math.min(Math.max(Math.ceil(p * BINS) - 1, 0), BINS - 1)
    const at = (indexOf[row]! * BINS + bin) * 5
    const w = weight === null ? 1 : weight[row]!
    sums[at]! += 1
    sums[at + 1]! += w
    sums[at + 2]! += w * label[row]!
    sums[at + 3]! += w * p
    sums[at + 4]! += w * w * p * (1 - p)
  }
  return Array.from({ length: groups }, (_, group) =>
    Array.from({ length: BINS }, (_, bin): CalibrationCell => {
      const [rows, w, labels, scores, variance] = sums.subarray((group * BINS + bin) * 5, (group * BINS + bin) * 5 + 5)
      const cell = { rows: rows!, weight: w!, label: labels!, score: scores!, variance: variance! }
      return { from: bin / BINS, to: (bin + 1) / BINS, ...cell }
    }),
  )
}

/**
 * The distance between mean score and share of positives, averaged over the rows of the bins.
 *
 * @returns null where the rows weigh nothing
 * @example calibrationErrorOf([{ from: 0, to: 1, rows: 2, weight: 2, label: 1, score: 1.5, variance: 0 }]) // => 0.25
 */
export function calibrationErrorOf(cells: readonly CalibrationCell[]): number | null {
  const weight = cells.reduce((sum, cell) => sum + cell.weight, 0)
  return weight > 0 ? cells.reduce((sum, { label, score }) => sum + Math.abs(label - score), 0) / weight : null
}

/**
 * What a perfectly calibrated model would show on a group's scores: 95th percentile over 200 redraws of its labels.
 *
 * Label by label up to 5,000 rows; above, each bin's sum of labels as the normal law that it is close to; seed 0.
 *
 * @param cells   the group's ten bins
 * @param scores  its scores and weights, asked for only where they are drawn one by one
 */
export function calibrationNull(
  cells: readonly CalibrationCell[],
  scores: () => { readonly score: Float64Array; readonly weight: Float64Array },
): number | null {
  const rows = cells.reduce((sum, cell) => sum + cell.rows, 0)
  const weight = cells.reduce((sum, cell) => sum + cell.weight, 0)
  if (rows <= FEW_ROWS) {
    const own = scores()
    return calibrationNullQ95(own.score, own.weight)
  }
  const generator = pcg32(0, 'calibration of a large group')
  const seen = new Float64Array(REDRAWS)
  for (let redraw = 0; redraw < REDRAWS; redraw++) {
    let gaps = 0
    for (const { variance } of cells)
      gaps += Math.abs(normalQuantile((generator.uniform() * (2 ** 53 - 2) + 1) / 2 ** 53)) * Math.sqrt(variance)
    seen[redraw] = gaps / weight
  }
  return quantile(seen.sort(), 0.95)
}
