import { type ModelOutput, Unavailable } from '../../ports.ts'
import { labelIndices, positiveColumn } from './class-columns.ts'
import { classifierRoles, type OutputRoles, regressionOutput } from './output-roles.ts'
import { complete, isText, positiveLabels, positiveScores, requireNamedColumns, type ScoreAsk } from './scores.ts'

/** The numbers of a row that explanations are about. */
export interface ExplainedScores {
  /** score: probability of the positive class, or of each; label: 1 where a class is predicted; value: the number. */
  readonly kind: 'score' | 'label' | 'value'
  readonly values: Float64Array
  /** Numbers a row: one, of several classes one each. */
  readonly width: number
}

/**
 * What is explained of a model's answers and nothing else: what is wrong with them is asked of `scoresOf`, once.
 *
 * @throws {Unavailable} as `scoresOf` does, and where an answer is not a finite number: nothing can be explained by it
 */
export function explainedScores(ask: ScoreAsk): ExplainedScores {
  const found = explained(ask, ask.rows ?? ask.outputs.rows)
  const spoiled = found.values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
  if (spoiled === 0) return found
  throw new Unavailable(
    'missing',
    `${spoiled} of ${found.values.length} answers of the model are no finite numbers, so they cannot be explained`,
    'Run the model on these rows, and mend what makes it answer NaN or infinity.',
  )
}

function explained(ask: ScoreAsk, rows: number): ExplainedScores {
  if (ask.task === 'regression')
    return { kind: 'value', values: complete(regressionOutput(ask.outputs.outputs), rows).values, width: 1 }
  const roles = classifierRoles(ask.outputs.outputs)
  return ask.task === 'multiclass' ? ofClasses(ask, roles, rows) : ofPositive(ask, roles, rows)
}

function ofPositive(ask: ScoreAsk, roles: OutputRoles, rows: number): ExplainedScores {
  if (roles.scores === null)
    return { kind: 'label', values: positiveLabels(ask, complete(roles.label!, rows)), width: 1 }
  const scores = complete(roles.scores, rows)
  const named = { ...ask, ...placesAsClasses(ask, roles.label, scores.width) }
  const column = positiveColumn({ ...named, width: scores.width, textLabels: isText(roles.label) })
  return { kind: 'score', values: positiveScores(scores, column), width: 1 }
}

/** Of more than two columns that nobody names, each stands for the class of its place, as it does when they are weighed. */
function placesAsClasses({ classes }: ScoreAsk, label: ModelOutput | null, width: number): Pick<ScoreAsk, 'classes'> {
  if (classes !== undefined || width <= 2 || isText(label)) return {}
  return { classes: Array.from({ length: width }, (_, place) => place) }
}

function ofClasses(ask: ScoreAsk, { scores, label }: OutputRoles, rows: number): ExplainedScores {
  if (scores !== null) {
    const { values, width } = complete(scores, rows)
    requireNamedColumns(ask, width)
    return { kind: 'score', values, width }
  }
  if (ask.classes === undefined)
    throw new Unavailable('missing', 'the model answers classes, and no record names them', 'Record its `classes`.')
  const width = ask.classes.length
  const indices = labelIndices(complete(label!, rows).values, width, ask.classes)
  const values = new Float64Array(rows * width)
  indices.forEach((index, row) => {
    if (Number.isNaN(index)) values.fill(Number.NaN, row * width, (row + 1) * width)
    else values[row * width + index] = 1
  })
  return { kind: 'label', values, width }
}
