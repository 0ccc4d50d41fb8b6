import type { OutputFacts } from '../../gates/evidence.ts'
import { quoted } from './problem.ts'

export type OutputProblem = OutputFacts['problems'][number]

/** Two probabilities closer than this are a tie, whose label is the model's own business. */
const TIE = 1e-6

/** NaN and infinite answers: no number that is made of them may be shown as measured. */
export function nonFiniteProblem(values: Float64Array, width: number, called: string): readonly OutputProblem[] {
  const total = values.length / width
  let rows = 0
  for (let row = 0; row < total; row++)
    if (!values.subarray(row * width, (row + 1) * width).every(Number.isFinite)) rows++
  if (rows === 0) return []
  const what = `${rows} of ${total} ${called} are not finite numbers (NaN or infinite)`
  const mend = 'Find out why the model answers so there: missing values, an overflow, a division by zero?'
  return [{ code: 'non-finite', status: 'failed', what, mend, rows }]
}

/** The same answer for every row, whatever the features are. */
export function constantProblem(values: Float64Array, width: number, called: string): readonly OutputProblem[] {
  if (values.length < 2 * width || !values.every((value, index) => value === values[index % width])) return []
  const what = `all ${values.length / width} ${called} are the same, ${values[0]}`
  const mend = 'The model does not look at its features: check the export and the order of `features`.'
  return [{ code: 'constant', status: 'failed', what, mend, rows: null }]
}

/** Probabilities lie in 0 to 1 (a rounding of 1e-6 aside); margins and logits do not. */
export function outsideProblem(values: Float64Array, width: number): readonly OutputProblem[] {
  const outside = new Set<number>()
  values.forEach((value, index) => {
    if (value < -TIE || (value > 1 + TIE && value !== Number.POSITIVE_INFINITY)) outside.add(Math.floor(index / width))
  })
  if (outside.size === 0) return []
  const what = `${outside.size} of ${values.length / width} scores lie outside 0 to 1, so they are no probabilities`
  const mend = 'Export probabilities (a sigmoid or softmax at the end), not margins or logits.'
  return [{ code: 'outside-unit-interval', status: 'failed', what, mend, rows: outside.size }]
}

/**
 * Whether a label output says what its own probabilities say.
 *
 * @param classOf  index of the most probable class of each row, NaN where undefined
 * @param margins  by how much it leads, 0 or more
 * @param labels  index of the class that the label output names, NaN where it is none of the classes
 */
export function labelProblem(answers: {
  readonly name: string
  readonly classOf: Float64Array
  readonly margins: Float64Array
  readonly labels: Float64Array
}): readonly OutputProblem[] {
  const { classOf, margins, labels } = answers
  const compared = margins.map((margin, row) => (margin > TIE && !Number.isNaN(classOf[row]!) ? 1 : 0))
  const strange = count(compared, (row) => Number.isNaN(labels[row]!))
  const rows = count(compared, (row) => !Number.isNaN(labels[row]!) && labels[row] !== classOf[row])
  return [...disagreement(answers.name, rows, labels.length), ...uncompared(answers.name, strange)]
}

function disagreement(name: string, rows: number, total: number): readonly OutputProblem[] {
  if (rows === 0) return []
  const what = `output \`${quoted(name)}\` disagrees with the model's own probabilities in ${rows} of ${total} rows`
  const mend = 'Callers that read the label get other decisions than those that read the score: mend the export.'
  return [{ code: 'label-disagrees', status: 'failed', what, mend, rows }]
}

function uncompared(name: string, rows: number): readonly OutputProblem[] {
  if (rows === 0) return []
  const what = `output \`${quoted(name)}\` names classes that the record does not, so ${rows} labels were not compared`
  const mend = 'Record `classes` as the label output spells them.'
  return [{ code: 'label-unknown', status: 'advisory', what, mend, rows }]
}

/** The model decides but does not say how sure it is. */
export function labelOnlyProblem(name: string): OutputProblem {
  return {
    code: 'label-only',
    status: 'advisory',
    what: `the model answers only its label \`${quoted(name)}\`, so nothing that needs a score can be measured`,
    mend: 'Export the probabilities as well.',
    rows: null,
  }
}

function count(compared: Float64Array, holds: (row: number) => boolean): number {
  return compared.reduce((sum, isCompared, row) => sum + (isCompared === 1 && holds(row) ? 1 : 0), 0)
}
