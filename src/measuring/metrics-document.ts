import type { Curve } from '../statistics/curves.ts'
import type { Better, Estimate, Interval } from '../statistics/estimate.ts'
import type { MetricTask } from '../statistics/metrics.ts'
import type { BestThreshold, ThresholdPoint } from '../statistics/threshold-analysis.ts'
import type { MeasuredWarning } from './measured-warning.ts'
import type { SliceMeasured } from './slices.ts'
import type { WorstSlice } from './worst-slices.ts'

/** `metrics --json`: how good one table of predictions is. */
export interface MetricsDocument {
  readonly schema: 'weighbridge.metrics/v1'
  readonly engine: string
  readonly task: MetricTask
  /** Rows that the numbers rest on: inside `where`, with a label. */
  readonly rows: number
  readonly confidence: number
  /** Binary: prediction = score > threshold; null where predictions were given, and for other tasks. */
  readonly threshold: number | null
  /** Binary: the label that counts as positive. */
  readonly positive: string | number | boolean | null
  /** Multiclass: every class of labels, scores and predictions, the lowest first. */
  readonly classes: readonly string[] | null
  /** Column of the weights. */
  readonly weights: string | null
  /** Column whose equal values belong together; intervals are then clustered. */
  readonly unit: string | null
  readonly where: string | null
  /** score_null: answers that are missing or not finite; a single one leaves no number. */
  readonly dropped: { readonly label_null: number; readonly score_null: number; readonly where_out: number }
  readonly metrics: Readonly<Record<string, MeasuredMetric>>
  /** Multiclass: each class against all others. */
  readonly per_class: Readonly<Record<string, ClassMeasured>> | null
  /** Rows (sums of weights) by true class, then by predicted class. */
  readonly confusion: ConfusionMeasured | null
  /** Binary with scores from 0 to 1. */
  readonly calibration: CalibrationMeasured | null
  /** Binary with scores: some twenty cuts, rising. */
  readonly thresholds: readonly ThresholdPoint[] | null
  /** Chosen on these rows, so rather too good. */
  readonly best_thresholds: readonly BestThreshold[] | null
  readonly curves: { readonly roc: Curve | null; readonly precision_recall: Curve | null }
  readonly slices: readonly SliceMeasured[]
  /** Advisory: found on one half of the rows, measured on the other. */
  readonly worst_slices: readonly WorstSlice[]
  readonly warnings: readonly MetricWarning[]
}

export interface MetricWarning extends MeasuredWarning {
  readonly metric?: string
}

/** One metric; `because` says why a value or an interval is null. */
export interface MeasuredMetric extends Omit<Estimate, 'warnings' | 'p_value'> {
  /** null for a number that is only shown. */
  readonly better: Better | null
}

/** One class against all others: numbers, and their intervals beside them. */
export interface ClassMeasured {
  readonly rows: number
  readonly predicted: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
  /** null without scores. */
  readonly roc_auc: number | null
  readonly intervals: Readonly<Record<'precision' | 'recall' | 'f1' | 'roc_auc', Interval | null>>
}

export interface ConfusionMeasured {
  readonly classes: readonly string[]
  readonly counts: readonly (readonly number[])[]
}

export interface CalibrationMeasured {
  readonly bins: readonly CalibrationBinMeasured[]
  /** What the expected calibration error of a perfectly calibrated model would be, 95th percentile on these scores. */
  readonly null_q95: number
}

/** Scores over `low` up to `high`; bins without rows are left out. */
export interface CalibrationBinMeasured {
  readonly low: number
  readonly high: number
  readonly rows: number
  readonly mean_score: number
  readonly mean_label: number
  /** Share of positives that a perfectly calibrated model would show here 95 times of 100. */
  readonly null_band: Interval
}
