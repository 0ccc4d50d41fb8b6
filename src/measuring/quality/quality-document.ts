import type { ColumnType, QualityAnswer } from '../../ports.ts'

/** What the quality command answers. */
export interface QualityDocument {
  readonly schema: 'weighbridge.quality/v1'
  readonly engine: string
  readonly rows: number
  readonly columns: readonly {
    readonly column: string
    readonly type: ColumnType
    readonly missing: number
    readonly missing_share: number
    readonly distinct: number
  }[]
  /** How much of the table also stands in the reference, and what chance alone gives; null without a reference. */
  readonly overlap: { readonly share: number; readonly chance: number; readonly by: 'id' | 'row' } | null
  readonly findings: readonly QualityFinding[]
  readonly warnings: readonly { readonly code: string; readonly column?: string; readonly message: string }[]
}

/** One thing that somebody should know of the table before believing numbers of it. */
export interface QualityFinding extends SaidFinding {
  /** spoils: numbers of such a table are wrong or do not exist; look: somebody should look. */
  readonly weight: 'spoils' | 'look'
}

/** A finding before it is weighed by its code. */
export interface SaidFinding {
  readonly code: QualityCode
  readonly column?: string
  readonly rows?: number
  /** Of the rows of the table, 0 to 1. */
  readonly share?: number
  readonly message: string
}

/** Kinds of findings, heaviest first. */
export const QUALITY_CODES = {
  missing_column: 'spoils',
  wrong_type: 'spoils',
  look_alike_columns: 'spoils',
  non_finite_scores: 'spoils',
  one_class: 'spoils',
  all_missing: 'spoils',
  train_overlap: 'spoils',
  time_leakage: 'spoils',
  future_in_training: 'spoils',
  label_leakage: 'spoils',
  id_leakage: 'spoils',
  order_leakage: 'spoils',
  duplicate_ids: 'spoils',
  unseen_values: 'spoils',
  below_min: 'spoils',
  above_max: 'spoils',
  infinite_values: 'spoils',
  mixed_types: 'spoils',
  scores_outside: 'look',
  label_missing: 'look',
  conflicting_labels: 'look',
  correlated_errors: 'look',
  duplicate_rows: 'look',
  rare_class: 'look',
  small_groups: 'look',
  string_variants: 'look',
  sentinel_values: 'look',
  words_for_missing: 'look',
  outliers: 'look',
  identical_columns: 'look',
  constant: 'look',
  missing_values: 'look',
  unexpected_column: 'look',
  nested_column: 'look',
} as const satisfies Readonly<Record<string, 'spoils' | 'look'>>

export type QualityCode = keyof typeof QUALITY_CODES

/** What the findings are made of. */
export interface QualityInput {
  readonly engine: string
  readonly answer: QualityAnswer
  /** Where the declaration comes from, in words; null where there is none. */
  readonly declaredBy: 'model.yml' | 'the reference' | null
  readonly declared: {
    readonly missing_columns: readonly string[]
    readonly unexpected_columns: readonly string[]
    readonly wrong_types: readonly { readonly column: string; readonly expected: string; readonly found: string }[]
  }
  readonly names: { readonly id: string | null; readonly label: string | null; readonly time: string | null }
  /** A label of classes, whose balance matters. */
  readonly hasClasses: boolean
  /** Of squared errors in order of time; null where it cannot be told, or rows are grouped by a unit. */
  readonly lag: number | null
  readonly warnings: QualityDocument['warnings']
}
