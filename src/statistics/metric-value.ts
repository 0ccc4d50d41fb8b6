import { expectedCalibrationError } from './calibration.ts'
import { CONFUSION_METRICS, confusionOf } from './confusion.ts'
import { absoluteErrors, brierLosses, classLogLosses, logLosses } from './losses.ts'
import type { Metric } from './metrics.ts'
import { CLASS_COUNT_METRICS, classCounts } from './multiclass-counts.ts'
import { ovrAucMacro } from './one-vs-rest-auc.ts'
import { averagePrecision, rocAuc } from './ranking.ts'
import { meanAbsolutePercentageError, r2, rootMeanSquaredError, weightedMedian } from './regression-values.ts'
import type { BinaryRows, MulticlassRows, RegressionRows, ScoredRows } from './scored-rows.ts'
import { type WeightedValue, weightedMean } from './weighted-mean.ts'

/**
 * Prepares a metric for being taken many times over the same rows: whatever must be sorted is sorted here.
 *
 * @throws {RangeError} when the metric is not one of the rows' task, or needs a score that the rows lack
 */
export function metricValue(rows: ScoredRows, metric: Metric): WeightedValue {
  if (rows.task === 'regression') return regressionValue(rows, metric.name)
  if (rows.task === 'multiclass') return multiclassValue(rows, metric.name)
  const formula = CONFUSION_METRICS[metric.name]
  if (formula) return (weights) => formula(confusionOf(rows.label, rows.prediction, weights))
  if (rows.score === null) throw new RangeError(`${metric.name} needs scores`)
  return scoreValue(rows, rows.score, metric.name)
}

function multiclassValue(rows: MulticlassRows, name: string): WeightedValue {
  const { label, prediction, classes, probabilities } = rows
  const formula = CLASS_COUNT_METRICS[name]
  if (formula) return (weights) => formula(classCounts(label, prediction, classes.length, weights))
  if (probabilities === null) throw new RangeError(`${name} needs probabilities`)
  return name === 'roc_auc_ovr_macro' ? ovrAucMacro(rows, probabilities) : weightedMean(lossesOf(rows, name))
}

function scoreValue(rows: BinaryRows, score: Float64Array, name: string): WeightedValue {
  switch (name) {
    case 'roc_auc':
      return rocAuc(rows.label, score)
    case 'average_precision':
      return averagePrecision(rows.label, score)
    case 'expected_calibration_error':
      return expectedCalibrationError(rows.label, score)
    default:
      return weightedMean(lossesOf(rows, name))
  }
}

function regressionValue(rows: RegressionRows, name: string): WeightedValue {
  switch (name) {
    case 'rmse':
      return rootMeanSquaredError(rows)
    case 'r2':
      return r2(rows)
    case 'mape':
      return meanAbsolutePercentageError(rows)
    case 'median_absolute_error':
      return weightedMedian(absoluteErrors(rows))
    default:
      return weightedMean(lossesOf(rows, name))
  }
}

/**
 * The losses whose mean is the metric.
 *
 * @throws {RangeError} when the metric is not the mean of a loss of these rows
 */
export function lossesOf(rows: ScoredRows, name: string): Float64Array {
  if (rows.task === 'regression' && name === 'mae') return absoluteErrors(rows)
  if (rows.task === 'binary' && rows.score !== null && name === 'log_loss') return logLosses(rows, rows.score)
  if (rows.task === 'binary' && rows.score !== null && name === 'brier_score') return brierLosses(rows, rows.score)
  if (rows.task === 'multiclass' && rows.probabilities !== null && name === 'log_loss')
    return classLogLosses(rows, rows.probabilities)
  throw new RangeError(`${name} is not the mean of a loss of ${rows.task} rows`)
}
