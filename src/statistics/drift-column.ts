/** A column in memory, in row order; `Column` of the ports is one. */
export type WindowColumn =
  | { readonly type: 'number' | 'time'; readonly values: Float64Array; readonly nulls: Uint8Array }
  | { readonly type: 'category' | 'boolean'; readonly codes: Int32Array; readonly values: readonly string[] }

/** Numbers that were sorted while the next window was read: `rows` in all, those with a value ascending. */
export interface SortedColumn {
  readonly type: 'sorted'
  readonly values: Float64Array
  readonly rows: number
}

export type ReadColumn = WindowColumn | SortedColumn

export type DriftKind = 'number' | 'category'

/** One column of both windows, and how it is to be read: a number column can be read as categories. */
export interface DriftInput extends ReadInput {
  readonly reference: WindowColumn
  readonly current: WindowColumn
}

/** The same, of which numbers may be sorted already. */
export interface ReadInput {
  readonly column: string
  readonly kind: DriftKind
  readonly reference: ReadColumn
  readonly current: ReadColumn
  /** What the caller saw of a changed type, in words; it becomes a note. */
  readonly typeChanged?: string
  /** A window that has no such column; its rows are then all missing. */
  readonly absent?: DriftSide
  /** Windows of time within the reference, for what chance by rows does not cover. */
  readonly blocks?: RowBlocks
}

export type DriftSide = 'reference' | 'current'

/** The block of each row of the reference, counted from 0; -1 where a row belongs to none. */
export interface RowBlocks {
  readonly of: Int32Array
  readonly count: number
}

export type DriftTest = 'default' | 'psi' | 'ks' | 'wasserstein' | 'jensen_shannon' | 'chi_squared' | 'total_variation'

/** Known names of `test`, for messages that list them. */
export const DRIFT_TESTS: readonly DriftTest[] = [
  'default',
  'psi',
  'ks',
  'wasserstein',
  'jensen_shannon',
  'chi_squared',
  'total_variation',
]

/** Whether a name is that of a test; the rest is told `DRIFT_TESTS`. */
export function isDriftTest(name: string): name is DriftTest {
  return (DRIFT_TESTS as readonly string[]).includes(name)
}

export interface DriftNote {
  readonly code: string
  readonly message: string
}

export type DriftStatistics = Readonly<
  Record<string, number | null | { readonly statistic: number | null; readonly p_value: number | null }>
>

/** What became of one column; null where a number does not exist, with the `reason`. */
export interface DriftMeasured {
  readonly column: string
  readonly type: DriftKind
  readonly test: string
  readonly score: number | null
  readonly p_value: number | null
  readonly p_adjusted: number | null
  readonly threshold: number | null
  readonly detectable: number | null
  readonly is_drifted: boolean | null
  readonly reason?: string
  readonly statistics: DriftStatistics
  readonly missing_share: { readonly reference: number; readonly current: number }
  readonly unseen_values: readonly string[]
  readonly unseen_share: number
  readonly notes: readonly DriftNote[]
  /** How the reference's own windows of time differ from its rest, where the threshold took that into account. */
  readonly windows?: BlockSpread
}

/** The statistic of each window of the reference against the rest of it: their number, mean, sd (n - 1), and limit. */
export interface BlockSpread {
  readonly count: number
  readonly mean: number
  readonly sd: number
  /** mean + 3 sd. */
  readonly threshold: number
}

/** Shares of both windows in the same bins, for a picture. */
export interface DriftShares {
  readonly bins: readonly string[]
  readonly reference: readonly number[]
  readonly current: readonly number[]
}

export interface DriftMeasurement {
  readonly rows: { readonly reference: number; readonly current: number }
  readonly columns: readonly DriftMeasured[]
  /** `columns` counts those with a decision; `share` of them drifted is null when there is none. */
  readonly dataset: { readonly columns: number; readonly drifted: number; readonly share: number | null }
}
