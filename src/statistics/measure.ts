import type { Estimate, Support, Uncertainty } from './estimate.ts'
import { fewRowsWarning } from './few-rows.ts'
import { metricValue } from './metric-value.ts'
import { findMetric, METRICS, type Metric } from './metrics.ts'
import { type MulticlassRows, requireEvenColumns, type ScoredRows, weightsOf } from './scored-rows.ts'
import { uncertaintyOfMetric } from './uncertainty.ts'
import { uncertaintyOfDifference } from './uncertainty-of-difference.ts'
import { type Reason, whyUndefined, whyUnmeasurable } from './why-undefined.ts'

interface Options {
  readonly confidence: number
}

/**
 * One metric of one version on its exam, with its interval.
 *
 * Wilson for shares, DeLong for roc_auc, t for means of losses, bootstrap for the rest and wherever rows have units
 * (over units) or weights. The same rows in the same order give the same bytes; where they have no units, another order
 * changes nothing but the last digit. Where few rows are known to keep the interval from its level, a warning `few_rows`
 * says so.
 *
 * @param rows        finite labels; scores may be of any scale where the metric only ranks
 * @param name        one of METRICS
 * @param confidence  two-sided level, 0.5 to 1
 * @returns a null value with the reason where the metric does not exist on these rows
 * @throws {RangeError} on an unknown metric, a level outside 0 to 1, or columns of different lengths
 */
export function measureMetric(rows: ScoredRows, name: string, { confidence }: Options): Estimate {
  const metric = requireMetric(name, confidence)
  requireEvenColumns(rows)
  const absent = { value: null, interval: null, confidence, method: null, support: supportOf(rows), se: null }
  const measured = valueOrReason(rows, metric)
  if ('because' in measured) return { ...absent, ...measured }
  const { value } = measured
  const uncertainty = uncertaintyOfMetric(rows, value, { metric, confidence })
  return estimate([rows], value, { metric, confidence }, uncertainty)
}

/**
 * The value of a metric by itself, without the cost of its interval.
 *
 * @returns null where the metric does not exist on these rows
 * @throws {RangeError} on an unknown metric, or columns of different lengths
 */
export function measureValue(rows: ScoredRows, name: string): number | null {
  const metric = requireMetric(name, 0.95)
  requireEvenColumns(rows)
  const measured = valueOrReason(rows, metric)
  return 'because' in measured ? null : measured.value
}

/**
 * How much better or worse a candidate is on the same rows: candidate - incumbent, paired.
 *
 * Newcombe's paired interval for shares (p: McNemar exact), DeLong for roc_auc, paired t for means of losses, paired
 * bootstrap for the rest. Versions that answer alike differ by 0: se 0, [0, 0], p 1.
 *
 * @param candidate, incumbent  the same rows in the same order, each with its own answers
 * @returns a null value with the reason where the metric does not exist for one of them
 * @throws {RangeError} on an unknown metric, a level outside 0 to 1, or rows that are not the same
 */
export function measureDifference(
  { candidate, incumbent }: { readonly candidate: ScoredRows; readonly incumbent: ScoredRows },
  name: string,
  { confidence }: Options,
): Estimate {
  const metric = requireMetric(name, confidence)
  requireSameRows(candidate, incumbent)
  const support = supportOf(candidate)
  const absent = { value: null, interval: null, confidence, method: null, support, se: null, p_value: null }
  const ours = valueOrReason(candidate, metric)
  if ('because' in ours) return { ...absent, ...ours, because: `candidate: ${ours.because}` }
  const theirs = valueOrReason(incumbent, metric)
  if ('because' in theirs) return { ...absent, ...theirs, because: `incumbent: ${theirs.because}` }
  const value = ours.value - theirs.value
  if (!Number.isFinite(value)) return { ...absent, because: OVERFLOW }
  const uncertainty = uncertaintyOfDifference(candidate, incumbent, value, { metric, confidence })
  return estimate([candidate, incumbent], value, { metric, confidence }, uncertainty)
}

function estimate(
  versions: readonly [ScoredRows] | readonly [ScoredRows, ScoredRows],
  value: number,
  { metric, confidence }: { readonly metric: Metric; readonly confidence: number },
  uncertainty: Uncertainty,
): Estimate {
  const [rows] = versions
  const { interval, method, ...more } = uncertainty
  const known = { value, confidence, support: supportOf(rows) }
  const numbers = [...(interval ?? []), more.se ?? 0, more.p_value ?? 0]
  if (numbers.every(Number.isFinite)) {
    const warnings = [...weightWarning(rows), ...fewRowsWarning(versions, metric, interval)]
    return { ...known, interval, method, ...more, ...(warnings.length > 0 && { warnings }) }
  }
  const none = { interval: null, method, se: null, ...('p_value' in more && { p_value: null }), because: OVERFLOW }
  const warnings = weightWarning(rows)
  return { ...known, ...more, ...none, ...(warnings.length > 0 && { warnings }) }
}

function valueOrReason(rows: ScoredRows, metric: Metric): { readonly value: number } | Reason {
  const obstacle = whyUnmeasurable(rows, metric)
  if (obstacle !== null) return obstacle
  const value = metricValue(rows, metric)(weightsOf(rows))
  if (value === null) return { because: whyUndefined(rows, metric) }
  return Number.isFinite(value) ? { value } : { because: OVERFLOW }
}

const OVERFLOW = 'numbers are too large or too small: what is made of them is no number'

function requireMetric(name: string, confidence: number): Metric {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence is ${confidence}, it must lie between 0 and 1`)
  const metric = findMetric(name)
  if (metric !== undefined) return metric
  throw new RangeError(`there is no metric ${name}. Metrics: ${METRICS.map((known) => known.name).join(', ')}`)
}

function requireSameRows(candidate: ScoredRows, incumbent: ScoredRows): void {
  requireEvenColumns(candidate)
  requireEvenColumns(incumbent)
  const isSame =
    candidate.task === incumbent.task &&
    classNames(candidate) === classNames(incumbent) &&
    candidate.label.length === incumbent.label.length &&
    candidate.label.every((label, row) => Object.is(label, incumbent.label[row]))
  if (!isSame) throw new RangeError('candidate and incumbent were not measured on the same rows: their labels differ')
}

function classNames(rows: ScoredRows): string {
  return rows.task === 'multiclass' ? JSON.stringify(rows.classes) : ''
}

/** What the number rests on; of a difference, the candidate's predictions. */
function supportOf(rows: ScoredRows): Support {
  const units = rows.unit === null ? {} : { units: new Set(rows.unit).size }
  if (rows.task === 'regression') return { rows: rows.label.length, ...units }
  if (rows.task === 'multiclass') return { rows: rows.label.length, smallest_class: smallestClass(rows), ...units }
  const positives = rows.label.reduce((count, label) => count + label, 0)
  const predicted_positives = rows.prediction.reduce((count, prediction) => count + prediction, 0)
  return { rows: rows.label.length, positives, negatives: rows.label.length - positives, predicted_positives, ...units }
}

/** Rows of the class that has fewest, of those that occur; of one that is only predicted, 0. */
function smallestClass({ label, prediction, classes }: MulticlassRows): number {
  const counts = new Float64Array(classes.length)
  const isSaid = new Uint8Array(classes.length)
  for (let row = 0; row < label.length; row++) {
    counts[label[row]!]! += 1
    isSaid[prediction[row]!] = 1
  }
  const occurring = counts.filter((count, index) => count > 0 || isSaid[index] === 1)
  return occurring.reduce((least, count) => Math.min(least, count), occurring[0] ?? 0)
}

function weightWarning(rows: ScoredRows): NonNullable<Estimate['warnings']> {
  if (rows.weight === null) return []
  const message =
    'DeLong, Wilson, Newcombe, t and McNemar do not know weights: the interval is a bootstrap and there is no p-value'
  return [{ code: 'method_not_weighted', message }]
}
