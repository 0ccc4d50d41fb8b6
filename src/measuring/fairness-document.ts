import type { Interval } from '../statistics/estimate.ts'
import type { FairnessDefinitions } from '../statistics/fairness-definitions.ts'
import type { GroupKey } from '../statistics/group-rows.ts'

/** `fairness --json`: groups and disparities of one table, from one count of its rows. */
export interface FairnessDocument {
  readonly schema: 'weighbridge.fairness/v1'
  readonly engine: string
  /** multiclass: `positive` against all other classes. */
  readonly task: 'binary' | 'multiclass' | 'regression'
  /** Rows that were counted: with a label and an answer, inside `where`. */
  readonly rows: number
  readonly confidence: number
  /** Smallest denominator of a rate with which a group counts. */
  readonly min_rows: number
  /** prediction = score > threshold; null where predictions were given, and for a regression. */
  readonly threshold: number | null
  readonly positive: string | number | boolean | null
  readonly unit: string | null
  readonly weights: string | null
  readonly where: string | null
  readonly dropped: { readonly label_null: number; readonly answer_null: number; readonly where_out: number }
  /** Groups and cells under this were merged, so that nobody can be told from the numbers; null: nothing was. */
  readonly min_cell: number | null
  /** By column, or by the comma form of a crossing. */
  readonly attributes: Readonly<Record<string, AttributeFairness>>
  readonly warnings: readonly FairnessWarning[]
}

export interface FairnessWarning {
  readonly code: string
  readonly column?: string
  readonly message: string
}

export interface AttributeFairness {
  /** AIF360's definitions are taken against this group; null: fairlearn's, over all groups. */
  readonly privileged: GroupKey | null
  readonly groups: readonly GroupFairness[]
  readonly disparities: Readonly<Record<string, DisparityFairness>>
  /** The same counts as fairlearn and AIF360 define their numbers, of every group however small; null for a regression. */
  readonly definitions: FairnessDefinitions | null
  /** How far the distributions of scores (of predictions, for a regression) lie apart; null without scores. */
  readonly distribution: DistributionFairness | null
  /** Whether a score means the same in every group; null without scores between 0 and 1. */
  readonly calibration: CalibrationFairness | null
}

export interface GroupFairness {
  readonly group: GroupKey
  readonly rows: number
  /** Whether it has `min_rows` rows; which rates count besides says `counted_for`. */
  readonly counted: boolean
  readonly counted_for: Readonly<Record<string, boolean>>
  readonly counts: { readonly positives: number; readonly negatives: number; readonly predicted_positives: number }
  /** null where a rate is 0/0. */
  readonly metrics: Readonly<Record<string, number | null>>
  readonly intervals: Readonly<Record<string, Interval | null>>
}

/** A gap or a ratio between groups, with an interval that knows that the extreme groups were searched for. */
export interface GapFairness {
  readonly value: number | null
  readonly interval: Interval | null
  /** The groups that make the value, larger rate first. */
  readonly between: readonly [GroupKey, GroupKey] | null
  readonly method: string | null
  readonly because?: string
}

export interface DisparityFairness extends GapFairness {
  /** zero: a gap, judged by its size; one: a ratio. */
  readonly better: 'zero' | 'one'
  /** Groups that do not take part, too small or without a rate, and the share of rows in them. */
  readonly left_out: { readonly groups: readonly GroupKey[]; readonly share: number }
  /** The smallest denominator of the two groups that the interval's worse end comes from. */
  readonly binding: { readonly of: string; readonly count: number } | null
  /** Against a privileged group: each other group, signed. */
  readonly by_group?: readonly {
    readonly group: GroupKey
    readonly value: number
    /** high is null where no ratio is too large. */
    readonly interval: readonly [number, number | null]
  }[]
  /** Only where a limit was asked for; information, nothing is judged. */
  readonly limit?: LimitFairness
}

export interface LimitFairness {
  readonly limit: { readonly min?: number; readonly max?: number }
  /** Where the interval lies: all of it inside, all outside, or on both sides (null: there is none). */
  readonly interval_lies: 'inside' | 'outside' | 'across' | null
  /** More rows (or positives, ...) of the smaller group that would decide 4 times of 5. */
  readonly decides: { readonly rows: number | null; readonly of: string; readonly because: string } | null
}

export interface DistributionFairness {
  readonly of: 'score' | 'prediction'
  /** Largest Kolmogorov-Smirnov distance between two groups; `p_value` is corrected for the number of pairs. */
  readonly ks: {
    readonly value: number | null
    readonly p_value: number | null
    readonly between: readonly [GroupKey, GroupKey] | null
    readonly because?: string
  }
  /** Largest mean distance (W1) between two groups; `null_q95`: what groups of one distribution would show. */
  readonly wasserstein: {
    readonly value: number | null
    readonly null_q95: number | null
    readonly between: readonly [GroupKey, GroupKey] | null
    readonly because?: string
  }
  /** Gap between mean scores; a regression has it among its disparities. */
  readonly mean_difference: GapFairness | null
  readonly groups: readonly {
    readonly group: GroupKey
    readonly rows: number
    readonly mean: number
    /** At 5, 25, 50, 75 and 95 %. */
    readonly quantiles: readonly number[]
  }[]
}

export interface CalibrationFairness {
  /** Gap between groups in mean label - mean score: who is scored too low, who too high. */
  readonly calibration_difference: GapFairness
  readonly groups: readonly {
    readonly group: GroupKey
    readonly rows: number
    readonly mean_score: number
    readonly positive_share: number
    /** positive_share - mean_score. */
    readonly gap: number
    readonly gap_interval: Interval | null
    readonly expected_calibration_error: number
    /** What a perfectly calibrated model would show on these scores, 95th percentile. */
    readonly null_q95: number | null
    /** Ten bins of equal width, empty ones left out; null where one holds too few rows to be told. */
    readonly bins:
      | readonly {
          readonly from: number
          readonly to: number
          readonly rows: number
          readonly mean_score: number
          readonly positive_share: number
        }[]
      | null
  }[]
}
