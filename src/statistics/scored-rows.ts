interface Grouped {
  /** Which rows belong together: one code a row; null when every row stands for itself. */
  readonly unit: Int32Array | null
  /** How much each row counts, 0 or more; null when all count once. */
  readonly weight: Float64Array | null
}

/** What a binary model said of an exam: one entry a row in every column. */
export interface BinaryRows extends Grouped {
  readonly task: 'binary'
  /** 1 is the positive class. */
  readonly label: Uint8Array
  readonly prediction: Uint8Array
  /** Score of the positive class; null when only classes were given. */
  readonly score: Float64Array | null
}

/** What a model of several classes said of an exam: one entry a row, a class by its index in `classes`. */
export interface MulticlassRows extends Grouped {
  readonly task: 'multiclass'
  /** Their names, 2 or more; a class need not occur. */
  readonly classes: readonly string[]
  readonly label: Uint16Array
  readonly prediction: Uint16Array
  /** One probability a class, row by row; null when only classes were given. */
  readonly probabilities: Float64Array | null
}

/** What a regression model said of an exam: one entry a row in every column. */
export interface RegressionRows extends Grouped {
  readonly task: 'regression'
  readonly label: Float64Array
  readonly prediction: Float64Array
}

/** Rows whose label and prediction are classes. */
export type ClassRows = BinaryRows | MulticlassRows
export type ScoredRows = ClassRows | RegressionRows

/** How much each row counts, as a column. */
export function weightsOf(rows: ScoredRows): Float64Array {
  return rows.weight ?? new Float64Array(rows.label.length).fill(1)
}

/** @throws {RangeError} when a column is too short or too long, a class is none, or a weight is negative or no number */
export function requireEvenColumns(rows: ScoredRows): void {
  const { label, prediction, unit, weight } = rows
  const columns = [prediction, unit, weight, rows.task === 'binary' ? rows.score : null]
  const width = rows.task === 'multiclass' ? rows.classes.length : 0
  const isShort =
    rows.task === 'multiclass' && (rows.probabilities?.length ?? label.length * width) !== label.length * width
  if (isShort || columns.some((column) => column !== null && column.length !== label.length)) {
    throw new RangeError('the columns of the rows differ in length')
  }
  const classes = rows.task === 'binary' ? 2 : rows.task === 'multiclass' ? width : Number.POSITIVE_INFINITY
  if (rows.task !== 'regression' && (!isUnder(rows.label, classes) || !isUnder(rows.prediction, classes))) {
    const known = rows.task === 'binary' ? 'neither 0 nor 1' : `none of the ${classes}`
    throw new RangeError(`a class of a ${rows.task} model is ${known}`)
  }
  if (weight?.some((one) => !(one >= 0 && one < Infinity))) {
    throw new RangeError('a weight is negative or not a finite number')
  }
}

function isUnder(codes: ArrayLike<number>, limit: number): boolean {
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= limit) return false
  return true
}
