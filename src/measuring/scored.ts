import type { OutputFacts } from '../gates/evidence.ts'
import type { BinaryRows, RegressionRows } from '../statistics/scored-rows.ts'

/** What one version answered on the exam, aligned with the exam's rows. */
export interface Scored {
  /** Probability of the positive class; null for regressions and for models that only answer a label. */
  readonly score: Float64Array | null
  /** Binary: 0 or 1; regression: the number; NaN where there is none. */
  readonly prediction: Float64Array
  readonly facts: OutputFacts
}

/** The exam's own columns, in row order. */
export interface ExamRows {
  readonly task: 'binary' | 'regression'
  readonly rows: number
  /** Binary: 1 is positive, 0 is not; NaN where the label is null. */
  readonly label: Float64Array
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

/** Rows in the shape that statistics take, in the order of `kept`. */
export function statisticRows(exam: ExamRows, scored: Scored, kept: Int32Array): BinaryRows | RegressionRows {
  const unit = exam.unit === null ? null : Int32Array.from(kept, (row) => exam.unit![row]!)
  const weight = exam.weight === null ? null : Float64Array.from(kept, (row) => exam.weight![row]!)
  if (exam.task === 'regression')
    return {
      task: 'regression',
      label: Float64Array.from(kept, (row) => exam.label[row]!),
      prediction: Float64Array.from(kept, (row) => scored.prediction[row]!),
      unit,
      weight,
    }
  return {
    task: 'binary',
    label: Uint8Array.from(kept, (row) => exam.label[row]!),
    prediction: Uint8Array.from(kept, (row) => scored.prediction[row]!),
    score: scored.score === null ? null : Float64Array.from(kept, (row) => scored.score![row]!),
    unit,
    weight,
  }
}
