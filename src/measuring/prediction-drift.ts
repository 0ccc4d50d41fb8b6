import type { DriftInput, DriftMeasured } from '../statistics/drift-column.ts'
import { measureDrift } from '../statistics/measure-drift.ts'
import type { MeasuredWarning } from './measured-warning.ts'
import { settledLabels } from './settled-labels.ts'

/** How the answers of one version moved since its evaluation set. */
export interface PredictionDrift {
  readonly rows: { readonly reference: number; readonly current: number }
  readonly score: DriftMeasured | null
  readonly prediction: DriftMeasured | null
}

/** How the labels moved, on the days whose labels have arrived. */
export interface LabelDrift {
  /** Rows of days that count, and rows of days that are still waited for. */
  readonly rows: { readonly reference: number; readonly current: number; readonly waiting: number }
  readonly days: { readonly counted: number; readonly waiting: number } | null
  readonly label: DriftMeasured | null
  readonly because?: string
}

export interface PredictionDriftInput {
  readonly score: DriftInput | null
  readonly prediction: DriftInput | null
  readonly label: DriftInput | null
  /** Moments of the current rows, ms; null: the window has no time. */
  readonly time: Float64Array | null
  /** How old a day must be before its labels count, ms. */
  readonly labelDelayMs: number
  /** The moment that age is counted from, ms; null: the latest row of the window. */
  readonly now: number | null
  readonly minEffect: number
}

/**
 * Drift of scores and predictions by the default test, corrected together, and of labels by themselves.
 *
 * The reference is what the same version said of its evaluation set: on the rows that it was trained on, a model is too sure of
 * itself. Labels count on days that are older than the delay and have at least 95 % of theirs; other days wait.
 */
export function measurePredictions(input: PredictionDriftInput): {
  readonly predictions: PredictionDrift | null
  readonly labels: LabelDrift | null
  readonly warnings: readonly MeasuredWarning[]
} {
  const settled = input.label === null ? null : settledLabels(input.label, input)
  const columns = [input.score, input.prediction].filter((one) => one !== null)
  const { columns: measured, rows } = measureDrift({ columns, test: 'default', min_effect: input.minEffect })
  const of = (one: DriftInput | null) => measured.find((column) => column.column === one?.column) ?? null
  const predictions = columns.length === 0 ? null : { rows, score: of(input.score), prediction: of(input.prediction) }
  const labels = settled === null ? null : labelDrift(settled, input.minEffect)
  return {
    predictions,
    labels,
    warnings: [...(predictions ? warningsOn(measured) : []), ...warningsOn([labels?.label])],
  }
}

function labelDrift(settled: ReturnType<typeof settledLabels>, minEffect: number): LabelDrift {
  const { counted, waiting, days, because } = settled
  if (counted === null)
    return { rows: { reference: settled.reference, current: 0, waiting }, days, label: null, because: because! }
  const { columns, rows } = measureDrift({ columns: [counted], test: 'default', min_effect: minEffect })
  return { rows: { ...rows, waiting }, days, label: columns[0]! }
}

function warningsOn(columns: readonly (DriftMeasured | null | undefined)[]): readonly MeasuredWarning[] {
  return columns.flatMap((column) => (column?.notes ?? []).map((note) => ({ ...note, column: column!.column })))
}
