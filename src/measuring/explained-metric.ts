import { metricValue } from '../statistics/metric-value.ts'
import { METRICS, type Metric } from '../statistics/metrics.ts'
import { type ScoredRows, weightsOf } from '../statistics/scored-rows.ts'

/** What a model's one number a row is, and the labels that it is held to. */
export interface ExplainedTruth {
  readonly task: 'binary' | 'regression'
  /** score: of the positive class; label: only a class is answered; value: a number. */
  readonly kind: 'score' | 'label' | 'value'
  /** Binary: 1 positive, 0 not; regression: the number. Finite. */
  readonly label: Float64Array
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
  return task === 'regression' ? 'r2' : kind === 'label' ? 'accuracy' : 'roc_auc'
}

/** A metric as a function of the model's answers to the rows of the labels. */
export function metricOfScores(truth: ExplainedTruth, metric: Metric): (scores: Float64Array) => number | null {
  const label = Uint8Array.from(truth.label)
  return (scores) => {
    if (scores.length === 0) return null
    const rows = scoredRows(truth, label, scores)
    if (metric.probability && scores.some((score) => !(score >= 0 && score <= 1))) return null
    return metricValue(rows, metric)(weightsOf(rows))
  }
}

function scoredRows(truth: ExplainedTruth, label: Uint8Array, scores: Float64Array): ScoredRows {
  const alone = { unit: null, weight: null }
  if (truth.task === 'regression') return { task: 'regression', label: truth.label, prediction: scores, ...alone }
  const prediction = Uint8Array.from(scores, (score) => (score > truth.threshold ? 1 : 0))
  return { task: 'binary', label, prediction, score: truth.kind === 'label' ? null : scores, ...alone }
}
