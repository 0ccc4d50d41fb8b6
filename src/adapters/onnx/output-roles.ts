import { type ModelOutput, Unavailable } from '../../ports.ts'
import { quoted } from './problem.ts'

/** A numeric output. */
export type Numbers = ModelOutput & { readonly values: Float64Array }

/** Which output says what: one column per class or a single score; and the class itself. */
export interface OutputRoles {
  readonly scores: Numbers | null
  readonly label: ModelOutput | null
}

const SCORE_NAME = /prob|score|logit/i
const LABEL_NAME = /label|class|pred/i

/**
 * Tells a classifier's scores from its label.
 *
 * Scores are the output named so, else the only one with a column per class, else the only single column that is not
 * the label. A single column of nothing but zeros and ones is a label.
 *
 * @throws {Unavailable} when two outputs could be the scores, or none says anything
 */
export function classifierRoles(outputs: readonly ModelOutput[]): OutputRoles {
  const label = outputs.find(isLabel) ?? null
  const numeric = outputs.filter(isNumbers).filter((output) => output !== label)
  const wide = numeric.filter((output) => output.width > 1)
  const scores = only(wide) ?? only(numeric.filter((output) => output.width === 1))
  if (scores === null && label === null) throw unclear(outputs, 'scores')
  if (scores === null && numeric.length > 0) throw unclear(outputs, 'scores')
  const isHard = scores !== null && scores.width === 1 && scores.values.every((value) => value === 0 || value === 1)
  if (isHard && label === null) return { scores: null, label: scores }
  return { scores, label }
}

/** The one output of a regression: the only single column, else the one named after what it is. */
export function regressionOutput(outputs: readonly ModelOutput[]): Numbers {
  const columns = outputs.filter(isNumbers).filter((output) => output.width === 1)
  const found =
    columns.length === 1 ? columns[0] : only(columns.filter(({ name }) => /variable|pred|value/i.test(name)))
  if (found === undefined || found === null) throw unclear(outputs, 'the predicted number')
  return found
}

/** What a model seems to be for: several columns, a label or a score is a classifier's, one number a regression's. */
export function answeredTask(outputs: readonly ModelOutput[]): 'binary' | 'multiclass' | 'regression' {
  if (outputs.some((output) => isNumbers(output) && output.width > 2)) return 'multiclass'
  const isClassifier = outputs.some(
    (output) => !isNumbers(output) || output.width > 1 || isLabel(output) || SCORE_NAME.test(output.name),
  )
  return isClassifier ? 'binary' : 'regression'
}

function isNumbers(output: ModelOutput): output is Numbers {
  return output.values instanceof Float64Array
}

function isLabel(output: ModelOutput): boolean {
  if (!isNumbers(output)) return output.width === 1
  return output.width === 1 && LABEL_NAME.test(output.name) && !SCORE_NAME.test(output.name)
}

/** The one of several that is named like scores, or the only one. */
function only(candidates: readonly Numbers[]): Numbers | null {
  if (candidates.length === 1) return candidates[0]!
  const named = candidates.filter((output) => SCORE_NAME.test(output.name))
  return named.length === 1 ? named[0]! : (candidates.find((output) => output.name === 'probabilities') ?? null)
}

function unclear(outputs: readonly ModelOutput[], wanted: string): Unavailable {
  const listed = outputs.map(({ name, width }) => `\`${quoted(name)}\` (${width} wide)`).join(', ')
  return new Unavailable(
    'missing',
    `it is not clear which output holds ${wanted}; outputs here: ${listed === '' ? 'none' : listed}`,
    'Name one output `probabilities` (classifiers) or `variable` (regressions).',
  )
}
