/** Rows put together from the rows of a pool, as a model is to be asked about them. */
export interface ComposedRows {
  /** Pool row that each composed row is, but for the columns of `swapped`. */
  readonly base: Int32Array
  /** By column (its index): the pool row whose value stands there, one entry a composed row. */
  readonly swapped: ReadonlyMap<number, Int32Array>
}

/**
 * A computation that asks a model as it goes: it yields rows and is given their scores, in order, and in the end has
 * an answer. Who runs the model drives it; the computation itself stays pure.
 */
export type Inquiry<Answer> = Generator<ComposedRows, Answer, Float64Array>

/** Composed rows that are asked at once, so that a search over millions of rows needs the memory of these. */
const PART = 65_536

/**
 * Drives an inquiry to its answer with a model that answers at once.
 *
 * @param score  `width` finite numbers a composed row, in order
 * @throws {RangeError} when the model gives another number of scores than it was asked for
 */
export function answerInquiry<Answer>(
  inquiry: Inquiry<Answer>,
  score: (rows: ComposedRows) => Float64Array,
  width = 1,
): Answer {
  let step = inquiry.next()
  while (step.done !== true) {
    const scores = score(step.value)
    if (scores.length !== step.value.base.length * width)
      throw new RangeError(`a model gave ${scores.length} scores for ${step.value.base.length} rows`)
    step = inquiry.next(scores)
  }
  return step.value
}

/**
 * Scores of many composed rows, asked in parts.
 *
 * @param rows     how many, 0 or more
 * @param compose  rows `from` to `to`
 * @param width    numbers that the model answers a row
 */
export function* askInParts(
  rows: number,
  compose: (from: number, to: number) => ComposedRows,
  width = 1,
): Inquiry<Float64Array> {
  const scores = new Float64Array(rows * width)
  for (let from = 0; from < rows; from += PART)
    scores.set(yield compose(from, Math.min(rows, from + PART)), from * width)
  return scores
}
