import { classKey } from '../adapters/onnx/class-columns.ts'
import { type Column, Unavailable } from '../ports.ts'

const SHOWN = 8

/** Labels and the predictions that are held to them, and how people call both. */
export interface Spoken {
  readonly label: Column
  readonly prediction: Column
  readonly positive: string | number | boolean
  /** `label of a.csv`. */
  readonly labelCalled: string
  readonly predictionCalled: string
}

/**
 * A prediction in other words than the label's would count as negative on every row, so it is refused. Where labels
 * are of one class alone, one word more may be the other class.
 *
 * @throws {Unavailable} naming the words of both
 */
export function requireKnownClasses({ label, prediction, positive, labelCalled, predictionCalled }: Spoken): void {
  const known = wordsOf(label)
  const keys = new Set([...known, String(positive)].map(classKey))
  const strange = wordsOf(prediction).filter((word) => !keys.has(classKey(word)))
  if (strange.length === 0 || (known.length < 2 && strange.length === 1)) return
  const [says, answers] = [known, strange].map((words) => words.slice(0, SHOWN).join(', '))
  throw new Unavailable(
    'missing',
    `${predictionCalled} answers ${answers}, ${labelCalled} says ${says}`,
    'Predictions and labels must name classes alike.',
  )
}

/** Distinct values that some row has, as they are written; NaN is none. */
function wordsOf(column: Column): readonly string[] {
  if (!('nulls' in column)) {
    const seen = new Uint8Array(column.values.length)
    for (const code of column.codes) if (code >= 0) seen[code] = 1
    return column.values.filter((value, code) => seen[code] === 1 && value !== 'NaN')
  }
  const numbers = new Set<number>()
  for (const value of column.values) if (!Number.isNaN(value) && numbers.size <= SHOWN) numbers.add(value)
  return [...numbers].map(String)
}
