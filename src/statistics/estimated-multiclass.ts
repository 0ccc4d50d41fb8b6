import { classParts, type SortedClass, type SortedScore, sortedClass, sortedScore } from './class-parts.ts'
import type { EstimatedMetric } from './estimated-quality.ts'
import {
  EXPECTED_MULTICLASS,
  type ExpectedMulticlass,
  type ExpectedOfClasses,
  expectedMulticlass,
} from './expected-multiclass.ts'
import { type Pcg32, pcg32 } from './pcg32.ts'
import { resampleRows } from './resample.ts'
import { halves, withoutSharpness } from './sharpness.ts'

/** Scored rows of a model of K classes. */
export interface ScoredClasses {
  /** One column of finite scores a class. */
  readonly scores: readonly Float64Array[]
  /** Place of the predicted class. */
  readonly prediction: Int32Array
}

export interface MulticlassTerms {
  /** `label` is the place of the true class. */
  readonly calibration: ScoredClasses & { readonly label: Int32Array }
  readonly window: ScoredClasses
  readonly confidence: number
  readonly resamples: number
  readonly seed: number
  readonly progress?: (done: number, of: number) => void
}

const FOLDS = 5

/**
 * Metrics of a window without labels for a model of several classes, if only the inputs changed (no concept drift).
 *
 * Each class is calibrated against all others, the parts of a row are scaled to 1, and every row then counts in each class by
 * its part. Resamples as for two classes. A macro mean does not exist where one of its classes has no number.
 *
 * @throws {RangeError} when a class is missing from the calibration rows, or the window is empty
 */
export function estimateMulticlass(terms: MulticlassTerms): Readonly<Record<ExpectedMulticlass, EstimatedMetric>> {
  const { calibration, window, confidence } = terms
  const present = new Set(calibration.label)
  if (calibration.scores.some((_, k) => !present.has(k))) throw new RangeError('a class has no calibration row')
  if (window.prediction.length === 0) throw new RangeError('estimateMulticlass: the window has no rows')
  const learned = calibration.scores.map((score, k) => sortedClass(score, calibration.label, k))
  const asked = window.scores.map((score) => sortedScore(score))
  const inWindow = { prediction: window.prediction, order: asked }
  const values = expectedMulticlass({ ...inWindow, parts: classParts(learned, asked, null) }, false)
  const byHalf = halvesInOrder(learned[0]!.order, terms.seed)
    .filter((times) => everyClass(learned, times))
    .map((times) => expectedMulticlass({ ...inWindow, parts: classParts(learned, asked, times) }, false))
  const draws = resampled(learned, asked, terms)
  const check = onCalibration(learned, calibration)
  const entries = EXPECTED_MULTICLASS.map((name) => {
    const [whole, parts] = [values[name], byHalf.map((half) => half[name])]
    const estimate = withoutSharpness({ whole, parts, draws: draws[name], confidence })
    return [name, { ...estimate, on_calibration: { estimated: check.estimated[name], realised: check.realised[name] } }]
  })
  return Object.fromEntries(entries) as Record<ExpectedMulticlass, EstimatedMetric>
}

/** The same method on the calibration rows, each judged by a calibration that has not seen it, beside the truth. */
function onCalibration(
  learned: readonly SortedClass[],
  { scores, prediction, label }: MulticlassTerms['calibration'],
): { readonly estimated: ExpectedOfClasses; readonly realised: ExpectedOfClasses } {
  const order = scores.map((score) => sortedScore(score))
  return {
    estimated: expectedMulticlass({ prediction, order, parts: outOfFold(learned, order, label) }, false),
    realised: expectedMulticlass({ prediction, order, parts: indicators(label, scores.length) }, true),
  }
}

/** Halves that part neighbours in the order of the first class's score; weights in the order of the rows. */
function halvesInOrder(order: Uint32Array, seed: number): readonly Float64Array[] {
  return halves(order.length, seed).map((times) => {
    const byRow = new Float64Array(times.length)
    for (let place = 0; place < times.length; place++) byRow[order[place]!] = times[place]!
    return byRow
  })
}

/** Rows are dealt to the folds by the order of the first class's score and the label. */
function outOfFold(learned: readonly SortedClass[], own: readonly SortedScore[], label: Int32Array): Float64Array[] {
  const place = new Uint32Array(label.length)
  learned[0]!.order.forEach((row, at) => {
    place[row] = at
  })
  const whole = learned.map(() => new Float64Array(label.length))
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = Float64Array.from(place, (at) => (at % FOLDS === fold ? 0 : 1))
    if (!others.includes(1)) continue
    const parts = classParts(learned, own, others)
    for (let row = 0; row < label.length; row++) {
      if (others[row] === 0) for (const [k, part] of parts.entries()) whole[k]![row] = part[row]!
    }
  }
  return whole
}

function indicators(label: Int32Array, classes: number): Float64Array[] {
  return Array.from({ length: classes }, (_, k) => Float64Array.from(label, (own) => (own === k ? 1 : 0)))
}

function resampled(learned: readonly SortedClass[], asked: readonly SortedScore[], terms: MulticlassTerms) {
  const { resamples, seed, progress } = terms
  const { prediction } = terms.window
  const draws = EXPECTED_MULTICLASS.map(() => new Float64Array(resamples))
  const generator = pcg32(seed, 'cbpe multiclass')
  const times = new Float64Array(learned[0]!.score.length)
  const drawRows = resampleRows(generator, times.length)
  for (let draw = 0; draw < resamples; draw++) {
    drawRows(times)
    const values = everyClass(learned, times)
      ? expectedMulticlass(
          { prediction, order: asked, parts: drawnParts(generator, classParts(learned, asked, times)) },
          true,
        )
      : undefined
    EXPECTED_MULTICLASS.forEach((name, index) => {
      draws[index]![draw] = values?.[name] ?? Number.NaN
    })
    progress?.(draw + 1, resamples)
  }
  return Object.fromEntries(EXPECTED_MULTICLASS.map((name, index) => [name, draws[index]!])) as Record<
    ExpectedMulticlass,
    Float64Array
  >
}

function everyClass(learned: readonly SortedClass[], times: Float64Array): boolean {
  return learned.every(({ order, isClass }) => order.some((row, place) => isClass[place] === 1 && times[row]! > 0))
}

/** As many rows as there are, drawn anew, each of one class by its parts. */
function drawnParts(generator: Pcg32, parts: readonly Float64Array[]): Float64Array[] {
  const drawn = parts.map((part) => new Float64Array(part.length))
  const rows = parts[0]!.length
  for (let one = 0; one < rows; one++) {
    const row = generator.integer(rows)
    let left = generator.uniform()
    let k = 0
    while (k < parts.length - 1 && left >= parts[k]![row]!) left -= parts[k++]![row]!
    drawn[k]![row]! += 1
  }
  return drawn
}
