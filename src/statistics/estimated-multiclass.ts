import type { EstimatedMetric } from './estimated-quality.ts'
import { expectedArea } from './expected-metrics.ts'
import { isotonicMap, mapRising } from './isotonic.ts'
import { type Pcg32, pcg32 } from './pcg32.ts'
import { halves, withoutSharpness } from './sharpness.ts'

/** Names of the metrics that can be expected of a multiclass model without labels. */
export const EXPECTED_MULTICLASS = [
  'accuracy',
  'precision_macro',
  'recall_macro',
  'f1_macro',
  'roc_auc_ovr_macro',
] as const
export type ExpectedMulticlass = (typeof EXPECTED_MULTICLASS)[number]
type Values = Readonly<Record<ExpectedMulticlass, number | null>>

/** Scored rows of a model of K classes. */
export interface ClassRows {
  /** One column of finite scores a class. */
  readonly scores: readonly Float64Array[]
  /** Place of the predicted class. */
  readonly prediction: Int32Array
}

export interface MulticlassTerms {
  /** `label` is the place of the true class. */
  readonly calibration: ClassRows & { readonly label: Int32Array }
  readonly window: ClassRows
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
  const classes = calibration.scores.length
  const present = new Set(calibration.label)
  if (calibration.scores.some((_, k) => !present.has(k))) throw new RangeError('a class has no calibration row')
  if (window.prediction.length === 0) throw new RangeError('estimateMulticlass: the window has no rows')
  const learned = calibration.scores.map((score, k) => sortedClass(score, calibration.label, k))
  const asked = window.scores.map((score) => sorted(score))
  const values = measured(window, asked, partsOf(learned, asked, null), false)
  const own = calibration.scores.map((score) => sorted(score))
  const estimated = measured(calibration, own, outOfFold(learned, own, calibration.label), false)
  const realised = measured(calibration, own, indicators(calibration.label, classes), true)
  const byHalf = halvesInOrder(learned[0]!.order, terms.seed)
    .filter((times) => everyClass(learned, times))
    .map((times) => measured(window, asked, partsOf(learned, asked, times), false))
  const draws = resampled(learned, asked, terms)
  const entries = EXPECTED_MULTICLASS.map((name) => {
    const [whole, parts] = [values[name], byHalf.map((half) => half[name])]
    const estimate = withoutSharpness({ whole, parts, draws: draws[name], confidence })
    return [name, { ...estimate, on_calibration: { estimated: estimated[name], realised: realised[name] } }]
  })
  return Object.fromEntries(entries) as Record<ExpectedMulticlass, EstimatedMetric>
}

interface Sorted {
  /** Places of the rows by rising score. */
  readonly order: Uint32Array
  readonly score: Float64Array
}

function sorted(score: Float64Array, then?: (a: number, b: number) => number): Sorted {
  const order = Uint32Array.from(score, (_, row) => row).sort((a, b) => score[a]! - score[b]! || (then?.(a, b) ?? 0))
  return { order, score: Float64Array.from(order, (row) => score[row]!) }
}

interface SortedClass extends Sorted {
  /** 1 where the row is of the class, in rising order of the score. */
  readonly isClass: Uint8Array
}

function sortedClass(score: Float64Array, label: Int32Array, k: number): SortedClass {
  const found = sorted(score, (a, b) => label[a]! - label[b]!)
  return { ...found, isClass: Uint8Array.from(found.order, (row) => (label[row] === k ? 1 : 0)) }
}

/** The part of each class in each row, row order; `times` says how often each calibration row counts. */
function partsOf(
  learned: readonly SortedClass[],
  asked: readonly Sorted[],
  times: Float64Array | null,
): Float64Array[] {
  const parts = learned.map(({ order, score, isClass }, k) => {
    const weight = times === null ? undefined : Float64Array.from(order, (row) => times[row]!)
    const rising = mapRising(isotonicMap(score, isClass, weight), asked[k]!.score)
    const part = new Float64Array(rising.length)
    for (let place = 0; place < part.length; place++) part[asked[k]!.order[place]!] = rising[place]!
    return part
  })
  scaleToOne(parts)
  return parts
}

/** A row that no class claims is of every class alike. */
function scaleToOne(parts: readonly Float64Array[]): void {
  for (let row = 0; row < parts[0]!.length; row++) {
    let sum = 0
    for (const part of parts) sum += part[row]!
    for (const part of parts) part[row] = sum > 0 ? part[row]! / sum : 1 / parts.length
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
function outOfFold(learned: readonly SortedClass[], own: readonly Sorted[], label: Int32Array): Float64Array[] {
  const place = new Uint32Array(label.length)
  learned[0]!.order.forEach((row, at) => {
    place[row] = at
  })
  const whole = learned.map(() => new Float64Array(label.length))
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = Float64Array.from(place, (at) => (at % FOLDS === fold ? 0 : 1))
    if (!others.includes(1)) continue
    const parts = partsOf(learned, own, others)
    for (let row = 0; row < label.length; row++) {
      if (others[row] === 0) for (const [k, part] of parts.entries()) whole[k]![row] = part[row]!
    }
  }
  return whole
}

function indicators(label: Int32Array, classes: number): Float64Array[] {
  return Array.from({ length: classes }, (_, k) => Float64Array.from(label, (own) => (own === k ? 1 : 0)))
}

function measured(
  { prediction }: ClassRows,
  order: readonly Sorted[],
  parts: readonly Float64Array[],
  isDrawn: boolean,
): Values {
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

function areaOf({ order, score }: Sorted, part: Float64Array, whole: Float64Array, isDrawn: boolean): number | null {
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

function resampled(learned: readonly SortedClass[], asked: readonly Sorted[], terms: MulticlassTerms) {
  const { window, resamples, seed, progress } = terms
  const draws = EXPECTED_MULTICLASS.map(() => new Float64Array(resamples))
  const generator = pcg32(seed, 'cbpe multiclass')
  const times = new Float64Array(learned[0]!.score.length)
  for (let draw = 0; draw < resamples; draw++) {
    times.fill(0)
    for (let one = 0; one < times.length; one++) times[generator.integer(times.length)]! += 1
    const values = everyClass(learned, times)
      ? measured(window, asked, drawnParts(generator, partsOf(learned, asked, times)), true)
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
