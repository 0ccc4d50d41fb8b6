import type { Interval } from '../statistics/estimate.ts'
import type { ColumnImportance } from '../statistics/permutation-importance.ts'

/** `explain --json`. */
export interface ExplanationDocument {
  readonly schema: 'weighbridge.explanation/v1'
  readonly engine: string
  /** Rows of the data. */
  readonly rows: number
  readonly task: 'binary' | 'multiclass' | 'regression'
  /** What is explained: the probability of a class, a predicted class, a predicted number. */
  readonly explains: string
  readonly features: readonly string[]
  readonly dropped: { readonly label_null: number }
  readonly metric: {
    readonly name: string | null
    readonly baseline: number | null
    readonly repeats: number
    readonly seed: number
    /** Rows that were permuted: all with a label, or a sample. */
    readonly rows: number
  }
  readonly importance: readonly ExplainedImportance[]
  readonly shapley: ExplainedShapley
  readonly partial_dependence?: readonly ExplainedDependence[]
  readonly counterfactual?: ExplainedCounterfactual
  readonly comparison?: ExplainedComparison
  readonly warnings: readonly ExplanationWarning[]
}

export interface ExplanationWarning {
  readonly code: string
  readonly column?: string
  readonly message: string
}

export interface ExplainedImportance {
  readonly column: string
  readonly mean: number | null
  readonly std: number | null
  /** Of the mean, over the repeats, two-sided 0.95. */
  readonly interval: Interval | null
  /** max(mean, 0) over its sum; null where no column matters. */
  readonly share: number | null
  /** How far a row's answer moves on average when the column is permuted, whether or not that helps the metric. */
  readonly movement: number | null
}

export interface ExplainedShapley {
  readonly method: 'exact' | 'sampled'
  readonly base: number
  readonly background_rows: number
  readonly rows: readonly {
    /** Place in the table of rows, from 0. */
    readonly row: number
    readonly score: number
    readonly values: Readonly<Record<string, number>>
    /** Standard errors of sampled values. */
    readonly errors?: Readonly<Record<string, number>>
  }[]
}

export interface ExplainedDependence {
  readonly column: string
  readonly type: 'number' | 'category'
  readonly rows: number
  /** `low`, `high`: 10th and 90th percentile over the rows. */
  readonly points: readonly {
    readonly value: number | string
    readonly mean: number
    readonly low: number
    readonly high: number
  }[]
}

export interface ExplainedCounterfactual {
  readonly row: number
  readonly score: number
  readonly threshold: number
  readonly found: {
    readonly changes: readonly {
      readonly column: string
      readonly from: number | string | null
      readonly to: number | string | null
      /** Share of the background between the two values; 1 between categories. */
      readonly distance: number
    }[]
    readonly score: number
    readonly distance: number
  } | null
  /** What was searched, in words. */
  readonly searched: string
  readonly asked: number
  readonly fixed: readonly string[]
}

export interface ExplainedComparison {
  readonly baseline: number | null
  readonly importance: readonly ExplainedImportance[]
  readonly shift: {
    readonly value: number | null
    readonly interval: Interval | null
    readonly because?: string
    readonly columns: readonly {
      readonly column: string
      readonly share: number | null
      readonly other: number | null
      readonly counts: boolean
    }[]
  }
}

/** Importance as a document tells it: without the single repeats, with shares. */
export function toldImportance(
  columns: readonly ColumnImportance[],
  shares: readonly { readonly column: string; readonly share: number }[] | null,
): readonly ExplainedImportance[] {
  const shareOf = new Map((shares ?? []).map(({ column, share }) => [column, share]))
  return columns.map(({ column, mean, std, interval, movement }) => ({
    column,
    mean,
    std,
    interval,
    share: shareOf.get(column) ?? null,
    movement,
  }))
}
