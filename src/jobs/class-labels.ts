import { classKey } from '../adapters/onnx/class-columns.ts'
import { byNumberThenWord } from '../measuring/scored.ts'
import { type Column, Unavailable } from '../ports.ts'

/** Classes by row: `codes` are places in `classes`, NaN where there is none. */
export interface ClassLabels {
  readonly classes: readonly string[]
  readonly codes: Float64Array
}

/** More than these are no classes but a number or an id. */
export const MOST_CLASSES = 1000

/**
 * The classes in a column, each once however it is written: 1, 1.0 and true are one.
 *
 * @param called  name of the column for messages
 * @throws {Unavailable} when there are more values than any model has classes
 */
export function classLabels(column: Column, called: string): ClassLabels {
  const { keys, codes } = keyed(column)
  const classes = [...new Set(keys)].sort(byNumberThenWord)
  if (classes.length > MOST_CLASSES)
    throw new Unavailable(
      'missing',
      `${called} has ${classes.length} different values, which are no classes`,
      'Check the label and the task.',
    )
  const places = new Map(classes.map((name, place) => [name, place]))
  const placeOf = keys.map((key) => places.get(key)!)
  return { classes, codes: Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : placeOf[code]!)) }
}

/** Distinct values as keys of classes, and the value of each row; only those that some row has. */
function keyed(column: Column): { readonly keys: readonly string[]; readonly codes: Int32Array } {
  const places = new Map<string | number, number>()
  const count = 'nulls' in column ? column.values.length : column.codes.length
  const valueAt = (row: number) => {
    if ('nulls' in column) return column.nulls[row] === 1 ? undefined : column.values[row]
    return column.values[column.codes[row]!]
  }
  const codes = new Int32Array(count)
  for (let row = 0; row < count; row++) {
    const value = valueAt(row)
    const isMissing = value === undefined || value === 'NaN' || Number.isNaN(value)
    const known = isMissing ? -1 : (places.get(value) ?? places.size)
    if (!isMissing) places.set(value, known)
    codes[row] = known
  }
  return { keys: [...places.keys()].map(classKey), codes }
}
