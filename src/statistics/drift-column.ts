/** A column in memory, in row order; `Column` of the ports is one. */
export type WindowColumn =
  | { readonly type: 'number' | 'time'; readonly values: Float64Array; readonly nulls: Uint8Array }
  | { readonly type: 'category' | 'boolean'; readonly codes: Int32Array; readonly values: readonly string[] }

export type DriftKind = 'number' | 'category'

/** One column of both windows, and how it is to be read: a number column can be read as categories. */
export interface DriftInput {
  readonly column: string
  readonly kind: DriftKind
  readonly reference: WindowColumn
  readonly current: WindowColumn
  /** What the caller saw of a changed type, in words; it becomes a note. */
  readonly typeChanged?: string
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
}

export interface DriftMeasurement {
  readonly rows: { readonly reference: number; readonly current: number }
  readonly columns: readonly DriftMeasured[]
  /** `columns` counts those with a decision; `share` of them drifted is null when there is none. */
  readonly dataset: { readonly columns: number; readonly drifted: number; readonly share: number | null }
}
