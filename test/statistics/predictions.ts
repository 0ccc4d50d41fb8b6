import type { BinaryRows, MulticlassRows, RegressionRows } from '../../src/statistics/scored-rows.ts'
import { columnsOf } from '../support/rows.ts'

/** What a version of adult, compas or elec2 said of its exam. */
export async function binaryPredictions(dataset: string, version: string): Promise<BinaryRows> {
  const columns = await columnsOf(`${dataset}/predictions/${version}.parquet`, ['label', 'prediction', 'score'])
  return {
    task: 'binary',
    label: Uint8Array.from(columns.label as number[]),
    prediction: Uint8Array.from(columns.prediction as number[]),
    score: Float64Array.from(columns.score as number[]),
    unit: null,
    weight: null,
  }
}

/** What a version of bike said of its exam. */
export async function bikePredictions(version: string): Promise<RegressionRows> {
  const columns = await columnsOf(`bike/predictions/${version}.parquet`, ['label', 'prediction'])
  return regressionRows(columns.label as number[], columns.prediction as number[])
}

export function regressionRows(label: readonly number[], prediction: readonly number[]): RegressionRows {
  return {
    task: 'regression',
    label: Float64Array.from(label),
    prediction: Float64Array.from(prediction),
    unit: null,
    weight: null,
  }
}

/** Binary rows by scores, cut at 0.5. */
export function scoredRows(label: readonly number[], score: readonly number[]): BinaryRows {
  return {
    task: 'binary',
    label: Uint8Array.from(label),
    prediction: Uint8Array.from(score, (p) => (p > 0.5 ? 1 : 0)),
    score: Float64Array.from(score),
    unit: null,
    weight: null,
  }
}

/** Binary rows by classes alone. */
export function classedRows(label: readonly number[], prediction: readonly number[]): BinaryRows {
  return { ...scoredRows(label, prediction), score: null }
}

/** Rows of several classes by their probabilities, one line a row; the class said is the most probable, ties the lowest. */
export function multiclassRows(
  classes: number,
  label: readonly number[],
  lines: readonly (readonly number[])[],
): MulticlassRows {
  return {
    task: 'multiclass',
    classes: Array.from({ length: classes }, (_, index) => `c${index}`),
    label: Uint16Array.from(label),
    prediction: Uint16Array.from(lines, (line) => line.indexOf(Math.max(...line))),
    probabilities: Float64Array.from(lines.flat()),
    unit: null,
    weight: null,
  }
}
