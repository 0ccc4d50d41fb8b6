import type { OutputFacts } from '../gates/evidence.ts'
import type { BinaryRows, MulticlassRows, RegressionRows, ScoredRows } from '../statistics/scored-rows.ts'

/** What one version answered on the exam, aligned with the exam's rows. */
export interface Scored {
  /** Binary: score of the positive class; null for other tasks and for models that only answer a label. */
  readonly score: Float64Array | null
  /** Binary: 0 or 1; multiclass: place in `classes`; regression: the number; NaN where there is none. */
  readonly prediction: Float64Array
  /** Multiclass: the classes that the version knows, in the order of its probabilities. */
  readonly classes?: readonly string[]
  /** Multiclass: one probability a class, row by row; null for models that only answer a label. */
  readonly probabilities?: Float64Array | null
  readonly facts: OutputFacts
}

/** The answers alone. */
export type Answers = Omit<Scored, 'facts'>

/** The exam's own columns, in row order. */
export interface ExamRows {
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly rows: number
  /** Binary: 1 is positive, 0 is not; multiclass: place in `classes`; NaN where the label is null. */
  readonly label: Float64Array
  /** Multiclass: the classes that occur. */
  readonly classes?: readonly string[]
  readonly unit: Int32Array | null
  readonly weight: Float64Array | null
  /** Moments of the rows, ms; only where rows are ordered in time and nothing says which belong together. */
  readonly time?: Float64Array | null
}

/** Why no number of this version may be shown as measured, or null: any answer that is not a finite number spoils all. */
export function spoiled(scored: Scored): string | null {
  const failed = scored.facts.problems.find((problem) => problem.code === 'non-finite' || problem.code === 'unmatched')
  return failed?.what ?? null
}

/** Rows with a label, of both versions alike; `mask` (1 in) narrows to a slice. */
export function keptRows(exam: ExamRows, mask: Uint8Array | null): Int32Array {
  const kept = new Int32Array(exam.rows)
  let count = 0
  for (let row = 0; row < exam.rows; row++)
    if (!Number.isNaN(exam.label[row]!) && (mask === null || mask[row] === 1)) kept[count++] = row
  return kept.subarray(0, count)
}

/**
 * All classes of an exam and of the versions that answered it, so that both speak of the same ones: numbers by their
 * size, then words.
 */
export function classesOf(
  exam: Pick<ExamRows, 'classes'>,
  versions: readonly Pick<Scored, 'classes'>[],
): readonly string[] {
  const names = new Set([...(exam.classes ?? []), ...versions.flatMap(({ classes }) => classes ?? [])])
  return [...names].sort(byNumberThenWord)
}

/** Numbers by their size, then words by their letters. */
export function byNumberThenWord(a: string, b: string): number {
  const [x, y] = [numberIn(a), numberIn(b)]
  if (x !== y) return x < y ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}

function numberIn(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
}

/**
 * Rows in the shape that statistics take, in the order of `kept`.
 *
 * @param classes  multiclass: the classes of all versions that are compared
 */
export function statisticRows(
  exam: ExamRows,
  scored: Answers,
  kept: Int32Array,
  classes: readonly string[] = classesOf(exam, [scored]),
): ScoredRows {
  const unit = exam.unit && taken(exam.unit, kept, new Int32Array(kept.length))
  const weight = exam.weight && taken(exam.weight, kept, new Float64Array(kept.length))
  if (exam.task === 'multiclass') return { ...multiclassRows(exam, scored, kept, classes), unit, weight }
  if (exam.task === 'regression') return { ...regressionRows(exam, scored, kept), unit, weight }
  return { ...binaryRows(exam, scored, kept), unit, weight }
}

function regressionRows(exam: ExamRows, { prediction }: Answers, kept: Int32Array): RegressionRows {
  const [label, said] = [new Float64Array(kept.length), new Float64Array(kept.length)]
  return {
    task: 'regression',
    label: taken(exam.label, kept, label),
    prediction: taken(prediction, kept, said),
    unit: null,
    weight: null,
  }
}

function binaryRows(exam: ExamRows, { score, prediction }: Answers, kept: Int32Array): BinaryRows {
  const [label, said] = [new Uint8Array(kept.length), new Uint8Array(kept.length)]
  return {
    task: 'binary',
    label: taken(exam.label, kept, label),
    prediction: taken(prediction, kept, said),
    score: score && taken(score, kept, new Float64Array(kept.length)),
    unit: null,
    weight: null,
  }
}

function multiclassRows(exam: ExamRows, scored: Answers, kept: Int32Array, classes: readonly string[]): MulticlassRows {
  const places = new Map(classes.map((name, place) => [name, place]))
  const placesOf = (names: readonly string[]) => names.map((name) => places.get(name)!)
  const [ofExam, ofVersion] = [placesOf(exam.classes ?? []), placesOf(scored.classes ?? [])]
  const [label, said] = [new Uint16Array(kept.length), new Uint16Array(kept.length)]
  for (let place = 0; place < kept.length; place++) {
    label[place] = ofExam[exam.label[kept[place]!]!]!
    said[place] = ofVersion[scored.prediction[kept[place]!]!]!
  }
  const { probabilities = null } = scored
  return {
    task: 'multiclass',
    classes,
    label,
    prediction: said,
    probabilities: probabilities && spread(probabilities, kept, ofVersion, classes.length),
    unit: null,
    weight: null,
  }
}

/** Each version's columns at the places of all classes; a class that it does not know has probability 0. */
function spread(from: Float64Array, kept: Int32Array, columns: readonly number[], width: number): Float64Array {
  const into = new Float64Array(kept.length * width)
  for (let place = 0; place < kept.length; place++)
    for (let column = 0; column < columns.length; column++)
      into[place * width + columns[column]!] = from[kept[place]! * columns.length + column]!
  return into
}

function taken<Into extends { [place: number]: number }>(from: ArrayLike<number>, kept: Int32Array, into: Into): Into {
  for (let place = 0; place < kept.length; place++) into[place] = from[kept[place]!]!
  return into
}
