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

/** What a regression model said of an exam: one entry a row in every column. */
export interface RegressionRows extends Grouped {
  readonly task: 'regression'
  readonly label: Float64Array
  readonly prediction: Float64Array
}

export type ScoredRows = BinaryRows | RegressionRows

/** The rows where `mask` is not 0, in their order. */
export function selectRows<Rows extends ScoredRows>(rows: Rows, mask: Uint8Array): Rows {
  const order = new Uint32Array(mask.length)
  let kept = 0
  for (let row = 0; row < mask.length; row++) if (mask[row] !== 0) order[kept++] = row
  return takeRows(rows, order.subarray(0, kept))
}

/** The rows at those places, in that order. */
export function takeRows<Rows extends ScoredRows>(rows: Rows, order: Uint32Array): Rows {
  const grouped = {
    unit: rows.unit && take(rows.unit, order, new Int32Array(order.length)),
    weight: rows.weight && take(rows.weight, order, new Float64Array(order.length)),
  }
  if (rows.task === 'regression') {
    return {
      ...rows,
      ...grouped,
      label: take(rows.label, order, new Float64Array(order.length)),
      prediction: take(rows.prediction, order, new Float64Array(order.length)),
    }
  }
  return {
    ...rows,
    ...grouped,
    label: take(rows.label, order, new Uint8Array(order.length)),
    prediction: take(rows.prediction, order, new Uint8Array(order.length)),
    score: rows.score && take(rows.score, order, new Float64Array(order.length)),
  }
}

function take<Column extends { [row: number]: number }>(
  from: ArrayLike<number>,
  order: Uint32Array,
  into: Column,
): Column {
  for (let place = 0; place < order.length; place++) into[place] = from[order[place]!]!
  return into
}

/**
 * Rows sorted by what they hold, so that nothing measured on them depends on the order they came in.
 *
 * @param versions  the same rows as each version answered them
 */
export function inCanonicalOrder(versions: readonly ScoredRows[]): readonly ScoredRows[] {
  const [first] = versions
  if (first === undefined) return []
  const keys = [first.label, ...versions.flatMap(answers), ...(first.weight ? [first.weight] : [])]
  const order = Uint32Array.from(first.label, (_, row) => row).sort((a, b) => {
    for (const key of keys) {
      const difference = key[a]! - key[b]!
      if (difference !== 0) return difference
    }
    return 0
  })
  return versions.map((rows) => takeRows(rows, order))
}

function answers(rows: ScoredRows): readonly (Uint8Array | Float64Array)[] {
  return rows.task === 'binary' && rows.score ? [rows.score, rows.prediction] : [rows.prediction]
}

/** How much each row counts, as a column. */
export function weightsOf(rows: ScoredRows): Float64Array {
  return rows.weight ?? new Float64Array(rows.label.length).fill(1)
}

/** @throws {RangeError} when a column is too short or too long, a class is not 0 or 1, or a weight is negative or no number */
export function requireEvenColumns(rows: ScoredRows): void {
  const columns = [rows.prediction, rows.unit, rows.weight, rows.task === 'binary' ? rows.score : null]
  if (columns.some((column) => column !== null && column.length !== rows.label.length)) {
    throw new RangeError('the columns of the rows differ in length')
  }
  if (rows.task === 'binary' && (rows.label.some((y) => y > 1) || rows.prediction.some((c) => c > 1))) {
    throw new RangeError('a class of a binary model is neither 0 nor 1')
  }
  if (rows.weight?.some((weight) => !(weight >= 0 && weight < Infinity))) {
    throw new RangeError('a weight is negative or not a finite number')
  }
}
