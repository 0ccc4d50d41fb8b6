import type { DriftInput } from '../statistics/drift-column.ts'

import { estimateMulticlass, type MulticlassTerms } from '../statistics/estimated-multiclass.ts'
import { type EstimatedMetric, estimateBinary, type QualityTerms } from '../statistics/estimated-quality.ts'
import type { MeasuredWarning } from './measured-warning.ts'
import { type Support, supportOf } from './quality-support.ts'

type Rows<Terms extends QualityTerms | MulticlassTerms> = Pick<Terms, 'calibration' | 'window'>

/** What a model said of both tables, and what happened in the calibration table. */
export type AnsweredRows =
  | ({ readonly task: 'binary' } & Rows<QualityTerms>)
  | ({ readonly task: 'multiclass' } & Rows<MulticlassTerms>)
  | { readonly task: 'regression' }

export interface EstimateInput {
  readonly answered: AnsweredRows
  /** The model's inputs: calibration table as reference, window as current. */
  readonly inputs: readonly DriftInput[]
  /** Inputs that may not have drifted by themselves. */
  readonly critical: readonly string[]
  readonly confidence: number
  readonly seed: number
  readonly progress?: (done: number, of: number) => void
}

/** Quality of a window whose labels are not known yet. It is told, and never judges. */
export interface EstimatedQuality {
  readonly task: AnsweredRows['task']
  readonly assumption: string
  readonly rows: { readonly calibration: number; readonly window: number }
  readonly confidence: number
  readonly method: 'cbpe'
  readonly resamples: number
  readonly seed: number
  readonly support: Support
  readonly metrics: Readonly<Record<string, EstimatedMetric>>
  /** Why there is no metric at all. */
  readonly because?: string
}

/** `metrics --without-labels --json`. */
export interface EstimatedDocument {
  readonly schema: 'weighbridge.metrics/v1'
  readonly engine: string
  readonly task: AnsweredRows['task']
  /** Rows of the window. */
  readonly rows: number
  readonly confidence: number
  readonly threshold: number | null
  readonly positive: string | number | boolean | null
  /** Nothing can be measured without labels. */
  readonly metrics: Readonly<Record<string, never>>
  readonly estimated: EstimatedQuality
  readonly warnings: readonly MeasuredWarning[]
}

export const ASSUMPTION = 'if only the inputs changed (no concept drift)'
const RESAMPLES = { binary: 500, multiclass: 200, regression: 0 }
/** From so few rows no calibration can be learned. */
const FEWEST_CALIBRATION_ROWS = 100
/** From here on the intervals held what they say in simulations. */
const RELIABLE_CALIBRATION_ROWS = 800
const NO_SUPPORT: Support = { is_inside: null, columns: [], domain_classifier: null, critical_drifted: [] }

/**
 * Estimates the metrics of a window from its scores, and says when that can't be done.
 *
 * Outside the support of the calibration set there is no number: its scores say nothing about rows that it has never seen.
 */
export function estimatedQuality(input: EstimateInput): {
  readonly estimated: EstimatedQuality
  readonly warnings: readonly MeasuredWarning[]
} {
  const { answered, confidence, seed } = input
  const head = {
    assumption: ASSUMPTION,
    confidence,
    method: 'cbpe',
    resamples: RESAMPLES[answered.task],
    seed,
  } as const
  if (answered.task === 'regression') {
    const because = 'not available: a regression model gives no probability of being right'
    const rows = { calibration: 0, window: 0 }
    return { estimated: { ...head, task: 'regression', rows, support: NO_SUPPORT, metrics: {}, because }, warnings: [] }
  }
  const rows = { calibration: answered.calibration.label.length, window: answered.window.prediction.length }
  const tooFew = whyTooFew(answered)
  const { support, warnings } = tooFew === undefined ? supportOf(input) : { support: NO_SUPPORT, warnings: [] }
  const because = tooFew ?? support.because
  const metrics = because === undefined ? estimates(input, answered) : {}
  const few = because === undefined ? fewRows(rows.calibration) : []
  const why = because === undefined ? {} : { because }
  return {
    estimated: { ...head, task: answered.task, rows, support, metrics, ...why },
    warnings: [...warnings, ...few],
  }
}

function fewRows(rows: number): readonly MeasuredWarning[] {
  if (rows >= RELIABLE_CALIBRATION_ROWS) return []
  const message = `only ${rows} calibration rows: intervals of 95 % held 9 times of 10 with 300 of them in simulations`
  return [{ code: 'few-calibration-rows', message }]
}

type Labelled = Exclude<AnsweredRows, { readonly task: 'regression' }>

function whyTooFew(answered: Labelled): string | undefined {
  const { label } = answered.calibration
  if (answered.window.prediction.length === 0) return 'the window has no row with a score'
  if (label.length < FEWEST_CALIBRATION_ROWS) {
    return `${label.length} calibration rows: at least ${FEWEST_CALIBRATION_ROWS} are needed`
  }
  const classes = answered.task === 'binary' ? 2 : answered.calibration.scores.length
  return new Set(label).size < classes ? 'a class has no row in the calibration table' : undefined
}

function estimates(input: EstimateInput, answered: Labelled): Readonly<Record<string, EstimatedMetric>> {
  const { confidence, seed, progress } = input
  const terms = { confidence, seed, ...(progress === undefined ? {} : { progress }) }
  return answered.task === 'binary'
    ? estimateBinary({ ...answered, ...terms, resamples: RESAMPLES.binary })
    : estimateMulticlass({ ...answered, ...terms, resamples: RESAMPLES.multiclass })
}
