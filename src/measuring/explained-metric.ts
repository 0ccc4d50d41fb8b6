import { metricValue } from '../statistics/metric-value.ts'
import { METRICS, type Metric } from '../statistics/metrics.ts'
import { type ScoredRows, weightsOf } from '../statistics/scored-rows.ts'
import { mostProbable } from './most-probable.ts'
import { type Answers, classesOf, statisticRows } from './scored.ts'

/** What a model's answers are, and the labels that they are held to. */
export interface ExplainedTruth {
  readonly task: 'binary' | 'multiclass' | 'regression'
  /** score: of the positive class, or of each; label: only a class is answered; value: a number. */
  readonly kind: 'score' | 'label' | 'value'
  /** Binary: 1 positive, 0 not; multiclass: place in `classes`; regression: the number. Finite. */
  readonly label: Float64Array
  /** Multiclass: the classes that occur. */
  readonly classes?: readonly string[]
  /** Binary: prediction = score > threshold. */
  readonly threshold: number
}

/** Metrics that can say how much a column matters: those of the task that the model's answers give. */
export function metricsToExplain({ task, kind }: Pick<ExplainedTruth, 'task' | 'kind'>): readonly Metric[] {
  return METRICS.filter(
    ({ tasks, needs, gateable, better }) =>
      (tasks as readonly string[]).includes(task) &&
      gateable &&
      (better === 'higher' || better === 'lower') &&
      !(kind === 'label' && needs === 'score'),
  )
}

/** The metric that an explanation uses when nobody names one. */
export function defaultMetric({ task, kind }: Pick<ExplainedTruth, 'task' | 'kind'>): string {
  if (task === 'regression') return 'r2'
  if (kind === 'label') return 'accuracy'
  return task === 'multiclass' ? 'roc_auc_ovr_macro' : 'roc_auc'
}

/**
 * A metric as a function of the model's answers to the rows of the labels.
 *
 * @param answered  multiclass: the classes that the model's numbers of a row stand for, in order
 */
export function metricOfScores(
  truth: ExplainedTruth,
  metric: Metric,
  answered: readonly string[] = [],
): (scores: Float64Array) => number | null {
  const label = Uint8Array.from(truth.label)
  return (scores) => {
    if (scores.length === 0) return null
    if (metric.probability && scores.some((score) => !(score >= 0 && score <= 1))) return null
    const rows = truth.task === 'multiclass' ? classRows(truth, answered, scores) : scoredRows(truth, label, scores)
    return metricValue(rows, metric)(weightsOf(rows))
  }
}

function scoredRows(truth: ExplainedTruth, label: Uint8Array, scores: Float64Array): ScoredRows {
  const alone = { unit: null, weight: null }
  if (truth.task === 'regression') return { task: 'regression', label: truth.label, prediction: scores, ...alone }
  const prediction = Uint8Array.from(scores, (score) => (score > truth.threshold ? 1 : 0))
  return { task: 'binary', label, prediction, score: truth.kind === 'label' ? null : scores, ...alone }
}

/** Labels and answers may each know classes that the other does not. */
function classRows({ kind, label, classes }: ExplainedTruth, answered: readonly string[], scores: Float64Array) {
  const exam = {
    task: 'multiclass' as const,
    rows: label.length,
    label,
    classes: classes ?? [],
    unit: null,
    weight: null,
  }
  const scored: Answers = {
    score: null,
    prediction: mostProbable(scores, answered.length),
    classes: answered,
    probabilities: kind === 'label' ? null : scores,
  }
  const every = Int32Array.from(label, (_, row) => row)
  return statisticRows(exam, scored, every, classesOf(exam, [scored]))
}
