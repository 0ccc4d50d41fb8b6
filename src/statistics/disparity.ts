import type { Estimate, Interval } from './estimate.ts'
import type { GroupKey } from './group-rows.ts'

/** A group as people see it: its counts, and every rate with its own interval. */
export interface GroupMeasured {
  readonly group: GroupKey
  readonly rows: number
  /** Whether it takes part in the disparity. */
  readonly counted: boolean
  readonly counts: { readonly positives: number; readonly negatives: number; readonly predicted_positives: number }
  /** null where the rate is 0/0. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly intervals: Readonly<Record<string, Interval | null>>
}

/** One disparity over groups. */
export interface Disparity {
  readonly estimate: Estimate
  /** The groups whose rates make the value, larger rate first; null when there is no value. */
  readonly between: readonly [GroupKey, GroupKey] | null
  readonly groups: readonly GroupMeasured[]
  /** Groups left out for their size, and the share of rows in them, 0 to 1. */
  readonly uncounted: { readonly groups: number; readonly share: number }
  /** Against a privileged group: each other group, at the level asked for, and corrected for their number. */
  readonly by_group?: readonly {
    readonly group: GroupKey
    readonly value: number
    readonly interval: Interval
    readonly corrected: Interval
  }[]
  /** The smallest denominator among the two groups that keep a rule from passing. */
  readonly binding: { readonly of: string; readonly count: number } | null
}
