import type { CategoryCounts } from './category-counts.ts'
import type { EdgeCounts } from './edge-counts.ts'
import type { Sums } from './exact-sums.ts'
import type { QuantileSketch } from './quantile-sketch.ts'

/** What a profile knows of one column: everything can be added to what another profile knows. */
export type ColumnProfile = NumberProfile | CategoryProfile | WithheldProfile

interface Counted {
  readonly column: string
  readonly rows: number
  /** Null or NaN. */
  readonly missing: number
}

export interface NumberProfile extends Counted {
  readonly kind: 'number'
  /** Times are milliseconds since 1970 UTC. */
  readonly type: 'number' | 'time'
  /** Of the missing ones, those that are NaN. */
  readonly nan: number
  /** Counted here and nowhere else. */
  readonly infinite: { readonly negative: number; readonly positive: number }
  /** Of the finite numbers; null where there is none. */
  readonly ends: { readonly min: number; readonly max: number } | null
  /** Whether every finite number is whole. */
  readonly whole: boolean
  readonly sums: Sums
  readonly sketch: QuantileSketch
  /** What saw every finite number; null while the sketch is exact. */
  readonly registers: Uint8Array | null
  /** Finite numbers on the edges of a reference. */
  readonly histogram: EdgeCounts | null
}

export interface CategoryProfile extends Counted {
  readonly kind: 'category'
  readonly type: 'category' | 'boolean'
  readonly counts: CategoryCounts
}

/** A column whose values are not written, and why. */
export interface WithheldProfile extends Counted {
  readonly kind: 'withheld'
  readonly type: 'number' | 'time' | 'category' | 'boolean' | 'nested'
  readonly because: WithheldReason
}

/** personal: model.yml says so. undeclared: model.yml names no values of the column. nested: no flat values. */
export const WITHHELD_REASONS = ['personal', 'undeclared', 'nested'] as const
export type WithheldReason = (typeof WITHHELD_REASONS)[number]

/** One table, or many: columns in the order of the table. */
export interface Profile {
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
  /** What was told when the table was read. */
  readonly warnings: readonly ProfileWarning[]
}

export interface ProfileWarning {
  readonly code: string
  readonly column?: string
  readonly message: string
}
