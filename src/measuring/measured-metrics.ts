import { calibrationNull } from '../statistics/calibration.ts'
import { calibrationBins, precisionRecallCurve, rocCurve } from '../statistics/curves.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { measureMetric } from '../statistics/measure.ts'
import { betterOf, metricsOf } from '../statistics/metrics.ts'
import type { BinaryRows, ScoredRows } from '../statistics/scored-rows.ts'
import { thresholdAnalysis } from '../statistics/threshold-analysis.ts'
import { classesMeasured, confusionMeasured } from './class-metrics.ts'
import { nothing } from './metrics.ts'
import type { CalibrationMeasured, MeasuredMetric, MetricsDocument, MetricWarning } from './metrics-document.ts'
import { measureSlices, type SliceColumns } from './slices.ts'
import { worstSlices } from './worst-slices.ts'

export interface MetricsInput {
  /** Labelled rows inside `where`. */
  readonly rows: ScoredRows
  /** Why there is no number at all, in spite of rows; null when there is none. */
  readonly spoiled: string | null
  /** Columns to slice by, and the id, aligned with the rows. */
  readonly columns: SliceColumns
  readonly told: Pick<
    MetricsDocument,
    'engine' | 'confidence' | 'threshold' | 'positive' | 'weights' | 'unit' | 'where' | 'dropped'
  >
  readonly warnings: readonly MetricWarning[]
  readonly progress?: (what: string) => void
}

/**
 * Everything that one table of predictions says of a model.
 *
 * @returns numbers that don't exist as null, each with a warning
 */
export function metricsDocument(input: MetricsInput): MetricsDocument {
  const { rows, spoiled, told, columns } = input
  const { engine, ...terms } = told
  const estimates = estimatesOf(input)
  const binary = rows.task === 'binary' && spoiled === null ? rows : null
  const isWhole = spoiled === null
  const isSliced = isWhole && columns.columns.size > 0
  const cuts = binary && thresholdAnalysis(binary)
  if (isSliced) input.progress?.('slicing')
  const slices = isSliced ? measureSlices(rows, columns, terms.confidence) : { slices: [], warnings: [] }
  const worst = isSliced ? worstSlices(rows, columns, terms.confidence) : { slices: [], warnings: [] }
  return {
    schema: 'weighbridge.metrics/v1',
    engine,
    task: rows.task,
    rows: rows.label.length,
    ...terms,
    classes: rows.task === 'multiclass' ? rows.classes : null,
    metrics: Object.fromEntries(estimates.map(([name, estimate]) => [name, measured(name, estimate)])),
    per_class: rows.task === 'multiclass' && isWhole ? classesMeasured(rows, terms.confidence) : null,
    confusion: rows.task !== 'regression' && isWhole ? confusionMeasured(rows) : null,
    calibration: binary && calibrationOf(binary),
    thresholds: cuts?.points ?? null,
    best_thresholds: cuts?.best ?? null,
    curves: { roc: binary && rocCurve(binary), precision_recall: binary && precisionRecallCurve(binary) },
    slices: slices.slices,
    worst_slices: worst.slices,
    warnings: [
      ...input.warnings,
      ...(isWhole ? estimates.flatMap(warningsOf) : []),
      ...onlyOnce(estimates),
      ...slices.warnings,
      ...worst.warnings,
    ],
  }
}

type Named = readonly [name: string, estimate: Estimate]

function estimatesOf({ rows, spoiled, told, progress }: MetricsInput): readonly Named[] {
  const { confidence } = told
  return metricsOf(rows.task).map((name) => {
    progress?.(`measuring ${name}`)
    const estimate =
      spoiled === null ? measureMetric(rows, name, { confidence }) : nothing(spoiled, confidence, rows.label.length)
    return [name, estimate] as const
  })
}

function measured(name: string, { warnings: _, p_value: __, ...estimate }: Estimate): MeasuredMetric {
  return { ...estimate, better: betterOf(name) }
}

/** Codes that concern all metrics alike, told once. */
const TOLD_ONCE = ['method_not_weighted']

/** A null value or interval never stands alone. */
function warningsOf([name, estimate]: Named): readonly MetricWarning[] {
  const own = (estimate.warnings ?? []).filter(({ code }) => !TOLD_ONCE.includes(code))
  if (own.length > 0) return own.map((warning) => ({ ...warning, metric: name }))
  const message = `${name}: ${estimate.because ?? 'there is no number'}`
  if (estimate.value === null) return [{ code: 'no_value', metric: name, message }]
  return estimate.interval === null ? [{ code: 'no_interval', metric: name, message }] : []
}

function onlyOnce(estimates: readonly Named[]): readonly MetricWarning[] {
  const all = estimates.flatMap(([, estimate]) => estimate.warnings ?? [])
  return TOLD_ONCE.flatMap((code) => all.find((warning) => warning.code === code) ?? [])
}

/** null where scores are no probabilities, or there are none. */
function calibrationOf(rows: BinaryRows): CalibrationMeasured | null {
  if (rows.score === null || rows.score.some((score) => !(score >= 0 && score <= 1))) return null
  const chance = calibrationNull(rows.score, rows.weight)
  if (chance === null) return null
  const present = chance.bands.flatMap((null_band, place) => (null_band === null ? [] : [{ place, null_band }]))
  const bins = calibrationBins(rows, chance.bands.length).map((bin, at) => {
    const { place, null_band } = present[at]!
    return { low: place / chance.bands.length, high: (place + 1) / chance.bands.length, ...bin, null_band }
  })
  return { bins, null_q95: chance.q95 }
}
