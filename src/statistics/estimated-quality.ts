import type { Interval } from './estimate.ts'
import {
  EXPECTED_METRICS,
  type ExpectedMetric,
  type ExpectedRows,
  type ExpectedValues,
  expectedMetrics,
} from './expected-metrics.ts'
import { isotonicMap, mapRising } from './isotonic.ts'
import { type Pcg32, pcg32 } from './pcg32.ts'
import { resampleRows } from './resample.ts'
import { halves, withoutSharpness } from './sharpness.ts'

/** Scored rows with labels, from which it is learned how often a score is right. */
export interface CalibrationRows {
  readonly score: Float64Array
  readonly prediction: Uint8Array
  /** 1 is positive. */
  readonly label: Uint8Array
}

/** Scored rows whose labels are unknown. */
export type UnlabelledRows = Omit<CalibrationRows, 'label'>

export interface EstimatedMetric {
  readonly value: number | null
  /** Where the metric would lie that the labels of such a window will show. */
  readonly interval: Interval | null
  readonly because?: string
  /** The same method on the calibration rows, each judged by a calibration that has not seen it, beside the truth. */
  readonly on_calibration: { readonly estimated: number | null; readonly realised: number | null }
}

export interface QualityTerms {
  readonly calibration: CalibrationRows
  readonly window: UnlabelledRows
  readonly confidence: number
  readonly resamples: number
  readonly seed: number
  readonly progress?: (done: number, of: number) => void
}

const FOLDS = 5

/**
 * Metrics of a window without labels, if only the inputs changed (no concept drift).
 *
 * Isotonic calibration tells how often each score was right; the window's rows then count as positive in that part. Each
 * resample draws calibration rows and window rows anew, calibrates again and draws the labels. What calibration took from
 * chance is taken off.
 *
 * @param calibration  rows of both classes; finite scores on any scale
 * @param window       one or more rows
 * @throws {RangeError} when the calibration rows are of one class, or either side is empty
 * @see NannyML, confidence-based performance estimation (CBPE)
 */
export function estimateBinary(terms: QualityTerms): Readonly<Record<ExpectedMetric, EstimatedMetric>> {
  const calibration = byScore(terms.calibration)
  const window = byScore(terms.window)
  requireBothClasses(calibration.label!)
  if (window.score.length === 0) throw new RangeError('estimateBinary: the window has no rows')
  const values = expectedMetrics(expected(calibration, window), false)
  const check = { estimated: outOfFold(calibration), realised: realised(calibration) }
  const byHalf = halves(calibration.score.length, terms.seed).map((times) =>
    expectedMetrics(expected(calibration, window, times), false),
  )
  const draws = resampled(calibration, window, terms)
  const estimates = EXPECTED_METRICS.map((name) => {
    const [whole, parts] = [values[name], byHalf.map((half) => half[name])]
    const estimate = withoutSharpness({ whole, parts, draws: draws[name], confidence: terms.confidence })
    return [name, { ...estimate, on_calibration: { estimated: check.estimated[name], realised: check.realised[name] } }]
  })
  return Object.fromEntries(estimates) as Record<ExpectedMetric, EstimatedMetric>
}

interface SortedRows extends UnlabelledRows {
  readonly label: Uint8Array | null
}

/** Rising by score; rows of one score by prediction and label, so that the order they came in means nothing. */
function byScore(rows: UnlabelledRows & { readonly label?: Uint8Array }): SortedRows {
  const { score, prediction, label = null } = rows
  const order = Uint32Array.from(score, (_, row) => row).sort(
    (a, b) => score[a]! - score[b]! || prediction[a]! - prediction[b]! || (label === null ? 0 : label[a]! - label[b]!),
  )
  return {
    score: Float64Array.from(order, (row) => score[row]!),
    prediction: Uint8Array.from(order, (row) => prediction[row]!),
    label: label && Uint8Array.from(order, (row) => label[row]!),
  }
}

function requireBothClasses(label: Uint8Array): void {
  if (!label.includes(0) || !label.includes(1)) throw new RangeError('the calibration rows hold one class or none')
}

function expected(calibration: SortedRows, { score, prediction }: SortedRows, times?: Float64Array): ExpectedRows {
  const positive = mapRising(isotonicMap(calibration.score, calibration.label!, times), score)
  return { score, prediction, positive, negative: positive.map((share) => 1 - share) }
}

function realised({ score, prediction, label }: SortedRows): ExpectedValues {
  const positive = Float64Array.from(label!)
  return expectedMetrics({ score, prediction, positive, negative: positive.map((y) => 1 - y) }, true)
}

/** Each fifth is judged by the other four. */
function outOfFold({ score, prediction, label }: SortedRows): ExpectedValues {
  const positive = new Float64Array(score.length)
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = Float64Array.from(score, (_, place) => (place % FOLDS === fold ? 0 : 1))
    if (!others.includes(1)) continue
    const all = mapRising(isotonicMap(score, label!, others), score)
    for (let place = fold; place < score.length; place += FOLDS) positive[place] = all[place]!
  }
  return expectedMetrics({ score, prediction, positive, negative: positive.map((share) => 1 - share) }, false)
}

/** One array of values a metric, NaN where a resample has none. */
function resampled(calibration: SortedRows, window: SortedRows, { resamples, seed, progress }: QualityTerms) {
  const draws = EXPECTED_METRICS.map(() => new Float64Array(resamples))
  const generator = pcg32(seed, 'cbpe')
  const times = new Float64Array(calibration.score.length)
  const drawRows = resampleRows(generator, times.length)
  const rows = {
    ...window,
    positive: new Float64Array(window.score.length),
    negative: new Float64Array(window.score.length),
  }
  const chance = new Float64Array(window.score.length)
  for (let draw = 0; draw < resamples; draw++) {
    drawRows(times)
    mapRising(isotonicMap(calibration.score, calibration.label!, times), window.score, chance)
    drawLabels(generator, chance, rows)
    const values = expectedMetrics(rows, true)
    EXPECTED_METRICS.forEach((name, index) => {
      draws[index]![draw] = values[name] ?? Number.NaN
    })
    progress?.(draw + 1, resamples)
  }
  return Object.fromEntries(EXPECTED_METRICS.map((name, index) => [name, draws[index]!])) as Record<
    ExpectedMetric,
    Float64Array
  >
}

/** As many rows as the window has, each with a label drawn by its chance. */
function drawLabels(generator: Pcg32, chance: Float64Array, { positive, negative }: ExpectedRows): void {
  positive.fill(0)
  negative.fill(0)
  for (let draw = 0; draw < chance.length; draw++) {
    const row = generator.integer(chance.length)
    if (generator.uniform() < chance[row]!) positive[row]! += 1
    else negative[row]! += 1
  }
}
