import { classKey } from '../adapters/onnx/class-columns.ts'
import { mostProbable } from '../measuring/most-probable.ts'
import { byNumberThenWord, type Scored } from '../measuring/scored.ts'
import { type Column, Unavailable } from '../ports.ts'
import { classLabels } from './class-labels.ts'
import { numbersAt } from './picked-rows.ts'

/** What a table says of several classes: a column of probabilities a class, the class itself, or both. */
export interface ClassAnswers {
  /** Column of each class, by the class's name. */
  readonly scores: ReadonlyMap<string, Column>
  readonly prediction: Column | undefined
}

/**
 * The answers at these rows: classes in order (numbers, then words), one probability each, and the class said.
 *
 * Without a column of predictions the class said is the most probable, of equal ones the first.
 *
 * @param rows  places in the table; -1, where nothing stands, has no answer
 * @throws {Unavailable} when there is no column of answers at all, or only one class has one
 */
export function multiclassAnswers(
  answers: ClassAnswers,
  rows: Int32Array,
): Pick<Scored, 'classes' | 'probabilities' | 'prediction'> & { readonly classes: readonly string[] } {
  const names = [...answers.scores.keys()].sort((a, b) => byNumberThenWord(classKey(a), classKey(b)))
  if (names.length === 1)
    throw new Unavailable(
      'missing',
      `only the class ${names[0]} has a column of scores`,
      'Give each class a column, such as score_a, score_b, score_c.',
    )
  const said = answers.prediction === undefined ? null : classLabels(answers.prediction, 'the prediction')
  const scored = names.map(classKey)
  const classes = [...new Set([...scored, ...(said?.classes ?? [])])]
  const probabilities = names.length === 0 ? null : linesOf(answers, names, rows, classes.length)
  if (said !== null) {
    const places = said.classes.map((name) => classes.indexOf(name))
    const prediction = Float64Array.from(rows, (row) =>
      row < 0 ? Number.NaN : (places[said.codes[row]!] ?? Number.NaN),
    )
    return { classes, probabilities, prediction }
  }
  if (probabilities === null)
    throw new Unavailable('missing', 'there is neither a score nor a prediction', 'Name the columns of answers.')
  return { classes, probabilities, prediction: mostProbable(probabilities, classes.length) }
}

function linesOf({ scores }: ClassAnswers, names: readonly string[], rows: Int32Array, width: number): Float64Array {
  const lines = new Float64Array(rows.length * width)
  for (const [place, name] of names.entries()) {
    const values = numbersAt(scores.get(name)!, rows)
    for (let row = 0; row < rows.length; row++) lines[row * width + place] = values[row]!
  }
  return lines
}
