import type { Estimate } from './estimate.ts'
import type { Metric } from './metrics.ts'
import { classCounts } from './multiclass-counts.ts'
import { type MulticlassRows, type ScoredRows, weightsOf } from './scored-rows.ts'

/** Why a number does not exist, with what the document should warn of. */
export interface Reason extends Pick<Estimate, 'warnings'> {
  readonly because: string
}

/** Why a metric cannot be taken of such rows at all; null when it can. */
export function whyUnmeasurable(rows: ScoredRows, metric: Metric): Reason | null {
  const { name } = metric
  if (!metric.tasks.includes(rows.task)) {
    return {
      because: `${name} is a metric of ${metric.tasks.join(' and ')} models, these rows are of a ${rows.task} model`,
    }
  }
  if (rows.label.length === 0) return { because: 'there are no rows' }
  if (rows.weight?.every((weight) => weight === 0)) return { because: 'no row has any weight' }
  if (rows.task === 'regression') return whyNotValues(rows)
  if (metric.needs !== 'score') return null
  return whyNotScores(rows.task === 'multiclass' ? rows.probabilities : rows.score, metric)
}

function whyNotValues(rows: Extract<ScoredRows, { task: 'regression' }>): Reason | null {
  if (!rows.label.every(Number.isFinite)) return { because: 'a label is not a finite number' }
  return rows.prediction.every(Number.isFinite) ? null : { because: 'a prediction is not a finite number' }
}

function whyNotScores(score: Float64Array | null, { name, probability }: Metric): Reason | null {
  if (score === null) {
    const because = `${name} needs scores, and only predicted classes were given`
    return { because, warnings: [{ code: 'needs_score', message: because }] }
  }
  if (!score.every(Number.isFinite)) return { because: 'a score is not a finite number' }
  if (probability && score.some((p) => p < 0 || p > 1)) {
    return { because: `scores must be probabilities for ${name}, and some lie outside 0 to 1` }
  }
  return null
}

/** Why a metric that could be taken has no value: what its denominator lacks. */
export function whyUndefined(rows: ScoredRows, metric: Metric): string {
  if (rows.task === 'multiclass') return whyNoClasses(rows, metric)
  switch (metric.name) {
    case 'mape':
      return 'a label is 0, and an error is no share of 0'
    case 'r2':
      return 'the label is constant: there is no variance to explain'
    case 'matthews_corrcoef':
      return 'there is only one class, of the labels or of the predictions'
    case 'f1':
      return 'no row is positive, and none is predicted so'
    default:
      return whyEmpty(rows, metric)
  }
}

/** Of several classes a mean lacks the number of one: the class that is never there, or never said. */
function whyNoClasses(rows: MulticlassRows, { name }: Metric): string {
  if (name === 'matthews_corrcoef') return 'there is only one class, of the labels or of the predictions'
  const { actual, predicted } = classCounts(rows.label, rows.prediction, rows.classes.length, weightsOf(rows))
  const isAsked = (index: number) =>
    name === 'roc_auc_ovr_macro' ||
    (name.endsWith('_weighted') ? actual[index]! > 0 : actual[index]! + predicted[index]! > 0)
  const asked = rows.classes.filter((_, index) => isAsked(index))
  const lacks = (counts: Float64Array) => asked.find((called) => counts[rows.classes.indexOf(called)] === 0)
  const [unsaid, absent] = [lacks(predicted), lacks(actual)]
  if (name.startsWith('precision') && unsaid !== undefined) return `no row is predicted to be of class ${unsaid}`
  return absent === undefined ? 'all rows are of one class' : `there are no rows of class ${absent}`
}

function whyEmpty(rows: ScoredRows, { denominator }: Metric): string {
  if (denominator === 'predicted_positives') return 'no row is predicted positive'
  const lacks = rows.label.some((label) => label === 1) ? 'negative' : 'positive'
  return `there are no ${lacks} rows`
}
