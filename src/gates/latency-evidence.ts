import type { TimedValue, TimingNoise } from '../statistics/timed-rounds.ts'
import type { ExamTerms, Subject } from './exam-terms.ts'

/** How long versions take to answer, timed in turns on the machine that weighs. */
export interface LatencyRequest {
  readonly kind: 'latency'
  readonly exam: ExamTerms
  readonly candidate: Subject
  readonly incumbent: Subject | null
  /** Rows in one call, and timed calls of each version. */
  readonly batch: number
  readonly calls: number
  /** The machine class that must time it; null: any. */
  readonly runner: string | null
}
export interface LatencyPercentiles {
  readonly p50: TimedValue
  readonly p95: TimedValue
  readonly p99: TimedValue
}
export interface LatencyFacts {
  readonly batch: number
  readonly calls: number
  /** Level of all intervals. */
  readonly confidence: number
  readonly runner: string | null
  /** ms. */
  readonly candidate: LatencyPercentiles & { readonly version: string }
  readonly incumbent: (LatencyPercentiles & { readonly version: string }) | null
  readonly incumbent_missing?: string
  /** Candidate over incumbent; null without one that was timed. */
  readonly ratio: LatencyPercentiles | null
  readonly noise: TimingNoise
}
