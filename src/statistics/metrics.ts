import type { Better } from './estimate.ts'

/** How the interval of one version, and that of a difference, is made (`null`: there is none). */
export type IntervalMethod = 'wilson' | 'delong' | 't' | 'bootstrap' | null
export type DifferenceMethod = 'newcombe-paired' | 'delong' | 't' | 'bootstrap'

/** What `min_rows` counts for a metric. */
export type Denominator = 'rows' | 'positives' | 'negatives' | 'predicted_positives' | 'both_classes'

export type MetricTask = 'binary' | 'multiclass' | 'regression'

export interface Metric {
  readonly name: string
  readonly tasks: readonly MetricTask[]
  readonly better: Better
  /** False for a number that is shown and never judged. */
  readonly gateable: boolean
  /** score: the score of the positive class; prediction: the predicted class; value: the predicted number. */
  readonly needs: 'score' | 'prediction' | 'value'
  /** Whether the score must be a probability, 0 to 1. */
  readonly probability: boolean
  readonly denominator: Denominator
  readonly methods: { readonly one: IntervalMethod; readonly difference: DifferenceMethod }
  readonly about: string
}

type Counted = Pick<Metric, 'denominator' | 'methods' | 'about'>

const WILSON = { one: 'wilson', difference: 'newcombe-paired' } as const
const BOOTSTRAP = { one: 'bootstrap', difference: 'bootstrap' } as const
const MEAN = { one: 't', difference: 't' } as const

function count(name: string, more: Counted & Partial<Metric>): Metric {
  return { name, tasks: ['binary'], better: 'higher', gateable: true, needs: 'prediction', probability: false, ...more }
}

function score(name: string, more: Counted & Partial<Metric>): Metric {
  return { name, tasks: ['binary'], better: 'lower', gateable: true, needs: 'score', probability: true, ...more }
}

function error(name: string, more: Omit<Counted, 'denominator'> & Partial<Metric>): Metric {
  return {
    name,
    tasks: ['regression'],
    better: 'lower',
    gateable: true,
    needs: 'value',
    probability: false,
    denominator: 'rows',
    ...more,
  }
}

const CLASSES: readonly MetricTask[] = ['binary', 'multiclass']

const AVERAGES = [
  ['macro', 'both_classes', 'each class counting once'],
  ['micro', 'rows', 'all classes together; of one label a row, this is the accuracy'],
  ['weighted', 'rows', 'each class counting by its rows'],
] as const

const OF_CLASSES = [
  ['precision', 'Share of the rows predicted to be of a class that are of it'],
  ['recall', 'Share of the rows of a class that were found'],
  ['f1', 'Harmonic mean of precision and recall'],
] as const

/** The averages over classes: precision_macro ... f1_weighted. */
const AVERAGED: readonly Metric[] = OF_CLASSES.flatMap(([name, about]) =>
  AVERAGES.map(([average, denominator, how]) =>
    count(`${name}_${average}`, {
      tasks: ['multiclass'],
      denominator,
      methods: BOOTSTRAP,
      about: `${about}, ${how}.`,
    }),
  ),
)

/** Every metric that this version judges, named as scikit-learn names them. */
export const METRICS: readonly Metric[] = [
  count('accuracy', {
    tasks: CLASSES,
    denominator: 'rows',
    methods: WILSON,
    about: 'Share of rows whose class was predicted right.',
  }),
  count('balanced_accuracy', {
    tasks: CLASSES,
    denominator: 'both_classes',
    methods: BOOTSTRAP,
    about: 'Mean recall over the classes (binary: recall and specificity): accuracy as if all were equally frequent.',
  }),
  count('precision', {
    denominator: 'predicted_positives',
    methods: { one: 'wilson', difference: 'bootstrap' },
    about: 'Share of the rows predicted positive that are positive.',
  }),
  count('recall', { denominator: 'positives', methods: WILSON, about: 'Share of the positive rows that were found.' }),
  count('specificity', {
    denominator: 'negatives',
    methods: WILSON,
    about: 'Share of the negative rows that were left alone.',
  }),
  count('f1', { denominator: 'positives', methods: BOOTSTRAP, about: 'Harmonic mean of precision and recall.' }),
  score('roc_auc', {
    better: 'higher',
    probability: false,
    denominator: 'both_classes',
    methods: { one: 'delong', difference: 'delong' },
    about: 'Chance that a positive row scores higher than a negative one; ties count half.',
  }),
  score('average_precision', {
    better: 'higher',
    probability: false,
    denominator: 'positives',
    methods: BOOTSTRAP,
    about: 'Precision averaged over the steps of recall as the cut falls.',
  }),
  score('log_loss', {
    tasks: CLASSES,
    denominator: 'rows',
    methods: MEAN,
    about: 'Mean of -ln of the probability that was given to what happened, in nats, clipped at 2.2e-16.',
  }),
  score('brier_score', {
    denominator: 'rows',
    methods: MEAN,
    about: 'Mean squared distance between the score and what happened (1 or 0).',
  }),
  count('matthews_corrcoef', {
    tasks: CLASSES,
    denominator: 'both_classes',
    methods: BOOTSTRAP,
    about: 'Correlation of predicted and true class, -1 to 1.',
  }),
  score('expected_calibration_error', {
    denominator: 'rows',
    methods: { one: null, difference: 'bootstrap' },
    about: 'Mean distance between score and frequency over 10 bins of equal width; biased upwards on few rows.',
  }),
  count('selection_rate', {
    gateable: false,
    denominator: 'rows',
    methods: BOOTSTRAP,
    about: 'Share of rows predicted positive; shown, never judged by itself.',
  }),
  score('roc_auc_ovr_macro', {
    tasks: ['multiclass'],
    better: 'higher',
    probability: false,
    denominator: 'both_classes',
    methods: { one: 'delong', difference: 'delong' },
    about: 'Mean over the classes of the area under the curve of one class against the rest.',
  }),
  ...AVERAGED,
  error('mae', { methods: MEAN, about: 'Mean absolute error, in the unit of the label.' }),
  error('rmse', { methods: BOOTSTRAP, about: 'Root of the mean squared error, in the unit of the label.' }),
  error('r2', {
    better: 'higher',
    methods: BOOTSTRAP,
    about: 'Share of the variance of the label that the predictions explain; 1 at best, no lower limit.',
  }),
  error('mape', { methods: BOOTSTRAP, about: 'Mean of |error| / |label|, a fraction; none where a label is 0.' }),
  error('median_absolute_error', {
    methods: BOOTSTRAP,
    about: 'Median of the absolute errors, in the unit of the label.',
  }),
]

const BY_NAME = new Map(METRICS.map((metric) => [metric.name, metric]))

/** Which way a metric is better; null for a number that is only shown. */
export function betterOf(name: string): Better | null {
  const metric = findMetric(name)
  return metric?.gateable ? metric.better : null
}

/** Names of the metrics that models of this task have, in the order they are shown. */
export function metricsOf(task: MetricTask): readonly string[] {
  return METRICS.filter(({ tasks }) => tasks.includes(task)).map(({ name }) => name)
}

/** The metric of that name, if it is one of METRICS. */
export function findMetric(name: string): Metric | undefined {
  return BY_NAME.get(name)
}
