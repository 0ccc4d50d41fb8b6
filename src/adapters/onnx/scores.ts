import { type ModelOutput, type ModelOutputs, Unavailable } from '../../ports.ts'
import { labelIndices, positiveColumn } from './class-columns.ts'
import { classifierRoles, type Numbers, type OutputRoles, regressionOutput } from './output-roles.ts'
import { quoted } from './problem.ts'
import {
  constantProblem,
  labelOnlyProblem,
  labelProblem,
  nonFiniteProblem,
  type OutputProblem,
  outsideProblem,
} from './score-problems.ts'

type Scalar = string | number | boolean

export interface ScoreAsk {
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly outputs: ModelOutputs
  /** Class of each column of probabilities, from the record. */
  readonly classes?: readonly Scalar[]
  readonly positive: Scalar
  /** Binary: prediction = score > threshold. */
  readonly threshold: number
  /** Rows of the exam; by default what the runner says that it gave. */
  readonly rows?: number
}

/** What a model's outputs mean, row by row; NaN where a row has no number. */
export interface Scores {
  /** Binary: probability of the positive class, 0 to 1; null for other tasks and for models without probabilities. */
  readonly score: Float64Array | null
  /** Binary: 1 positive, 0 negative; multiclass: index of the class; regression: the number. */
  readonly prediction: Float64Array
  /** Multiclass: one column per class, row-major. */
  readonly probabilities: { readonly width: number; readonly values: Float64Array } | null
  readonly problems: readonly OutputProblem[]
}

/**
 * Turns a model's outputs into scores and predictions, and says what is wrong with them.
 *
 * The label output never decides where there are probabilities; it is only compared with them.
 *
 * @throws {Unavailable} when no number can be given at all: rows missing, no such output, classes not known
 */
export function scoresOf(ask: ScoreAsk): Scores {
  const rows = ask.rows ?? ask.outputs.rows
  if (ask.task === 'regression') return regressionScores(complete(regressionOutput(ask.outputs.outputs), rows))
  const roles = classifierRoles(ask.outputs.outputs)
  if (roles.label !== null) complete(roles.label, rows)
  if (roles.scores === null) return labelScores(ask, roles.label!)
  const scores = complete(roles.scores, rows)
  return ask.task === 'binary' ? binaryScores(ask, roles, scores) : multiclassScores(ask, roles, scores)
}

/** An output with one entry per row, or no answer at all: rows that do not line up must never be compared. */
export function complete<Output extends ModelOutput>(output: Output, rows: number): Output {
  const found = output.values.length / output.width
  if (found === rows) return output
  throw new Unavailable(
    'missing',
    `output \`${quoted(output.name)}\` has ${found} rows for ${rows} rows of features`,
    'Export the model so that it answers one row for each row that it gets.',
  )
}

function regressionScores(output: Numbers): Scores {
  const { values } = output
  const problems = [...nonFiniteProblem(values, 1, 'predictions'), ...constantProblem(values, 1, 'predictions')]
  return { score: null, prediction: finite(values), probabilities: null, problems }
}

function binaryScores(ask: ScoreAsk, roles: OutputRoles, scores: Numbers): Scores {
  const { width, values } = scores
  const column = positiveColumn({ ...ask, width, textLabels: isText(roles.label) })
  const score = finite(positiveScores(scores, column))
  const prediction = score.map((value) => (Number.isNaN(value) ? value : value > ask.threshold ? 1 : 0))
  const problems = [
    ...nonFiniteProblem(values, width, 'scores'),
    ...constantProblem(score, 1, 'scores'),
    ...outsideProblem(values, width),
    ...labelProblems(ask, roles.label, scores),
  ]
  return { score, prediction, probabilities: null, problems }
}

/** One number a row; a single column speaks for the class in the last place. */
export function positiveScores({ width, values }: Numbers, column: number): Float64Array {
  if (width === 1) return column === 1 ? values : values.map((value) => 1 - value)
  const own = new Float64Array(values.length / width)
  for (let row = 0; row < own.length; row++) own[row] = values[row * width + column]!
  return own
}

function multiclassScores(ask: ScoreAsk, roles: OutputRoles, scores: Numbers): Scores {
  const { width, values } = scores
  requireNamedColumns(ask, width)
  const problems = [
    ...nonFiniteProblem(values, width, 'scores'),
    ...constantProblem(values, width, 'scores'),
    ...outsideProblem(values, width),
    ...labelProblems(ask, roles.label, scores),
  ]
  return { score: null, prediction: mostProbable(scores).classOf, probabilities: { width, values }, problems }
}

/** @throws {Unavailable} when the record names more or fewer classes than there are columns */
export function requireNamedColumns({ classes }: Pick<ScoreAsk, 'classes'>, width: number): void {
  if (classes === undefined || classes.length === width) return
  throw new Unavailable(
    'missing',
    `the record names ${classes.length} classes, the model has ${width} columns of probabilities`,
    'Record `classes` in the order of the columns of probabilities.',
  )
}

function labelScores(ask: ScoreAsk, label: ModelOutput): Scores {
  const prediction = ask.task === 'binary' ? positiveLabels(ask, label) : labelIndices(label.values, 0, ask.classes)
  const problems = [
    labelOnlyProblem(label.name),
    ...nonFiniteProblem(prediction, 1, 'labels'),
    ...constantProblem(prediction, 1, 'labels'),
  ]
  return { score: null, prediction, probabilities: null, problems }
}

export function positiveLabels(ask: ScoreAsk, label: ModelOutput): Float64Array {
  const column = positiveColumn({ ...ask, width: 2, textLabels: isText(label) })
  const indices = labelIndices(label.values, 2, ask.classes)
  return indices.map((index) => (Number.isNaN(index) ? index : index === column ? 1 : 0))
}

function labelProblems(ask: ScoreAsk, label: ModelOutput | null, scores: Numbers): readonly OutputProblem[] {
  if (label === null) return []
  const labels = labelIndices(label.values, Math.max(2, scores.width), ask.classes)
  return labelProblem({ name: label.name, labels, ...mostProbable(scores) })
}

/** Argmax of each row, ties to the lowest class, and its lead over the second; a single column is cut at 0.5. */
function mostProbable({ width, values }: Numbers): { readonly classOf: Float64Array; readonly margins: Float64Array } {
  const rows = values.length / width
  const classOf = new Float64Array(rows)
  const margins = new Float64Array(rows)
  const line = new Float64Array(Math.max(2, width))
  for (let row = 0; row < rows; row++) {
    for (let place = 0; place < width; place++) line[place] = values[row * width + place]!
    if (width === 1) {
      line[1] = line[0]!
      line[0] = 1 - line[1]!
    }
    const { best, lead } = leader(line)
    classOf[row] = best < 0 ? Number.NaN : best
    margins[row] = lead
  }
  return { classOf, margins }
}

/** The place of the largest number and its lead; -1 where one is not finite. */
function leader(line: Float64Array): { readonly best: number; readonly lead: number } {
  let best = 0
  let second = Number.NEGATIVE_INFINITY
  for (let place = 0; place < line.length; place++) {
    const value = line[place]!
    if (!Number.isFinite(value)) return { best: -1, lead: 0 }
    if (place === 0) continue
    if (value > line[best]!) {
      second = line[best]!
      best = place
    } else if (value > second) second = value
  }
  return { best, lead: line[best]! - second }
}

function finite(values: Float64Array): Float64Array {
  return values.map((value) => (Number.isFinite(value) ? value : Number.NaN))
}

export function isText(output: ModelOutput | null): boolean {
  return output !== null && !(output.values instanceof Float64Array)
}
