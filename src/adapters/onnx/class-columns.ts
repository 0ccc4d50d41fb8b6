import { Unavailable } from '../../ports.ts'
import { quoted } from './problem.ts'

type Scalar = string | number | boolean

/** One word for a class, however it is stored: true, 1 and '1' are one; '01' is a code, not a number. */
export function classKey(value: Scalar): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  const text = String(value)
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true' ? '1' : '0'
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? String(Number(text)) : text
}

/**
 * The column of probabilities that speaks for the positive class.
 *
 * The record's `classes` say it; without them two columns are negative, positive.
 *
 * @param width  columns of the scores; 1 is a single score, taken for the positive class
 * @param textLabels  whether the model's label output is text, which needs `classes`
 * @throws {Unavailable} when nothing says which column it is: a guess could turn every number around
 */
export function positiveColumn(ask: {
  readonly width: number
  readonly classes?: readonly Scalar[]
  readonly positive: Scalar
  readonly textLabels: boolean
}): number {
  const { width, classes, positive, textLabels } = ask
  if (classes === undefined) {
    const isPlain = width <= 2 && !textLabels && classKey(positive) !== '0'
    if (!isPlain) throw unknownClasses(ask, `${width} columns of probabilities, no \`classes\` in the record`)
    return 1
  }
  const column = classes.findIndex((name) => classKey(name) === classKey(positive))
  const listed = classes.map((name) => quoted(String(name))).join(', ')
  if (column < 0) throw unknownClasses(ask, `the record's classes are ${listed}`)
  if (classes.length !== Math.max(2, width))
    throw unknownClasses(ask, `the record names ${classes.length} classes, the model has ${width} columns`)
  return column
}

function unknownClasses(ask: { readonly positive: Scalar }, because: string): Unavailable {
  return new Unavailable(
    'missing',
    `which column is the class ${quoted(String(ask.positive))} is not known: ${because}`,
    'Record `classes: [negative, positive]` in the order of the columns of probabilities, with `label.positive` among them.',
  )
}

/**
 * Index of each label among the classes, NaN where it is none of them.
 *
 * @param width  without classes, the labels are 0 to width - 1 themselves; 0 takes any whole number
 */
export function labelIndices(
  values: Float64Array | readonly string[],
  width: number,
  classes: readonly Scalar[] | undefined,
): Float64Array {
  const places = new Map((classes ?? []).map((name, index) => [classKey(name), index]))
  const own = (value: string | number): number => {
    const isIndex = typeof value === 'number' && Number.isInteger(value) && value >= 0 && (width === 0 || value < width)
    return isIndex ? value : Number.NaN
  }
  const indexOf = (value: string | number): number =>
    classes === undefined ? own(value) : (places.get(classKey(value)) ?? Number.NaN)
  return Float64Array.from({ length: values.length }, (_, row) => indexOf(values[row]!))
}
