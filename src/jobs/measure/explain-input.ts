import type { Columns } from '../../measuring/column-codes.ts'
import type { ExplainedTruth } from '../../measuring/explained-metric.ts'
import type { LocalFile, ModelLimits, ModelRunner, TableSource, Tables } from '../../ports.ts'
import type { Metric } from '../../statistics/metrics.ts'
import type { FeatureWords } from './explained-columns.ts'

export interface ExplainInput {
  readonly tables: Tables
  readonly runner: ModelRunner
  readonly limits: ModelLimits
  readonly engine: string
  readonly progress: (text: string) => void
  readonly model: LocalFile
  readonly words: FeatureWords
  readonly data: TableSource
  readonly background?: TableSource
  readonly rows?: TableSource
  readonly label?: string
  readonly task?: 'binary' | 'multiclass' | 'regression'
  /** The class whose score rows are explained by; 1 is also true, and the text 1. */
  readonly positive: string | number | boolean
  /** Binary: prediction = score > threshold, 0.5 unless said; of a regression only a counterfactual needs it. */
  readonly threshold?: number
  readonly metric?: string
  readonly repeats: number
  readonly seed: number
  /** Rows that importance looks at, at most. */
  readonly sample: number
  readonly dependence: readonly string[]
  readonly counterfactual?: { readonly row: number; readonly fixed: readonly string[] }
  readonly compare?: { readonly model: LocalFile; readonly words: FeatureWords }
}

/** Where the rows of each purpose stand in the pool. */
export interface Pool {
  readonly columns: Columns
  readonly codes: readonly Int32Array[]
  /** Rows whose values curves and counterfactuals take. */
  readonly seen: Int32Array
  /** The first of them: what Shapley values are measured against. */
  readonly background: Int32Array
  readonly explained: Int32Array
  /** The row whose decision is to be turned. */
  readonly turned: number | null
}

/** What the model's answers are held to: labels of a sample of the rows, and a metric. */
export interface Held {
  readonly truth: ExplainedTruth
  readonly metric: Metric
  /** Rows of the data, in canonical order, all with a label. */
  readonly rows: Int32Array
  readonly nulls: number
}
