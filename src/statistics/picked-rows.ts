import { risingOrder } from './rising-order.ts'
import type { ScoredRows } from './scored-rows.ts'

/** The rows at those places, in that order. */
export function takeRows<Rows extends ScoredRows>(rows: Rows, order: Uint32Array): Rows
/** As above, task by task. */
export function takeRows(rows: ScoredRows, order: Uint32Array): ScoredRows {
  const n = order.length
  const grouped = {
    unit: rows.unit && take(rows.unit, order, new Int32Array(n)),
    weight: rows.weight && take(rows.weight, order, new Float64Array(n)),
  }
  switch (rows.task) {
    case 'regression': {
      const [label, prediction] = [new Float64Array(n), new Float64Array(n)]
      return {
        ...rows,
        ...grouped,
        label: take(rows.label, order, label),
        prediction: take(rows.prediction, order, prediction),
      }
    }
    case 'multiclass': {
      const [label, prediction] = [new Uint16Array(n), new Uint16Array(n)]
      const probabilities = rows.probabilities && takeLines(rows.probabilities, rows.classes.length, order)
      return {
        ...rows,
        ...grouped,
        label: take(rows.label, order, label),
        prediction: take(rows.prediction, order, prediction),
        probabilities,
      }
    }
    default: {
      const [label, prediction] = [new Uint8Array(n), new Uint8Array(n)]
      return {
        ...rows,
        ...grouped,
        label: take(rows.label, order, label),
        prediction: take(rows.prediction, order, prediction),
        score: rows.score && take(rows.score, order, new Float64Array(n)),
      }
    }
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

function takeLines(from: Float64Array, width: number, order: Uint32Array): Float64Array {
  const into = new Float64Array(order.length * width)
  for (let place = 0; place < order.length; place++) {
    const start = order[place]! * width
    for (let column = 0; column < width; column++) into[place * width + column] = from[start + column]!
  }
  return into
}

/** One column of lines of numbers. */
export function columnOf(lines: Float64Array, width: number, column: number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(lines.length / width)
  for (let row = 0; row < values.length; row++) values[row] = lines[row * width + column]!
  return values
}

/**
 * Rows sorted by what they hold, so that nothing measured on them depends on the order they came in.
 *
 * @param versions  the same rows as each version answered them
 */
export function inCanonicalOrder(versions: readonly ScoredRows[]): readonly ScoredRows[] {
  const [first] = versions
  if (first === undefined) return []
  const weight = first.weight === null ? [] : [first.weight]
  const keys = [first.label, ...versions.flatMap(answersOf), ...weight]
  let order: Uint32Array | undefined
  // stable, so the first key is sorted by last
  for (const key of keys.reverse()) order = risingOrder(key, order)
  return order === undefined ? versions : versions.map((rows) => takeRows(rows, order))
}

function answersOf(rows: ScoredRows): readonly ArrayLike<number>[] {
  if (rows.task === 'binary') return rows.score ? [rows.score, rows.prediction] : [rows.prediction]
  if (rows.task === 'regression' || rows.probabilities === null) return [rows.prediction]
  const { probabilities, classes } = rows
  return [rows.prediction, ...classes.map((_, column) => columnOf(probabilities, classes.length, column))]
}
