import type { Interval } from '../statistics/estimate.ts'
import type { ExamTerms, Subject } from './exam-terms.ts'

/** What moves the versions' answers: importance on the same rows of the exam, permuted alike. */
export interface ExplainabilityRequest {
  readonly kind: 'explainability'
  readonly exam: ExamTerms
  readonly candidate: Subject
  readonly incumbent: Subject | null
  /** Rows of the exam at most, taken in an order that depends on what stands in them and the seed alone. */
  readonly rows: number
  readonly repeats: number
  readonly seed: number
}
export interface ImportanceFacts {
  readonly version: string
  /** The metric before anything was permuted. */
  readonly baseline: number | null
  readonly columns: readonly {
    readonly column: string
    /** What the metric loses when the column is permuted. */
    readonly mean: number | null
    readonly se: number | null
    /** max(mean, 0) over its sum, with an interval at 0.9 over the repeats; null where no column matters. */
    readonly share: number | null
    readonly interval: Interval | null
    /** How far a row's answer moves on average when the column is permuted, whether or not that helps. */
    readonly movement: number
  }[]
}
export interface ExplainabilityFacts {
  readonly metric: string
  /** Rows that were permuted, and rows with a label that the exam has. */
  readonly rows: number
  readonly of_rows: number
  readonly repeats: number
  readonly candidate: ImportanceFacts
  readonly incumbent: ImportanceFacts | null
  readonly incumbent_missing?: string
  /** Half the summed change of shares over the columns that count; null without an incumbent. */
  readonly shift: {
    readonly value: number | null
    readonly interval: Interval | null
    readonly because?: string
    readonly columns: readonly {
      readonly column: string
      readonly candidate: number | null
      readonly incumbent: number | null
      readonly counts: boolean
    }[]
  } | null
}
