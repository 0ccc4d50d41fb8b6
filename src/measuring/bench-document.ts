import type { Interval } from '../statistics/estimate.ts'
import type { TimedValue, TimingNoise } from '../statistics/timed-rounds.ts'

/** Percentiles of calls of one size, ms. */
export interface LatencyPercentiles {
  readonly p50: TimedValue
  readonly p95: TimedValue
  readonly p99: TimedValue
}

/** What it costs to serve one model on this machine. */
export interface ServingCost {
  readonly called: string
  readonly latency_ms: LatencyPercentiles
  /** From the model's bytes in memory to its first answer. */
  readonly cold_start_ms: number
  /** Resident memory of the process that ran it, at its peak, MB of 1,000,000 bytes; Node and the runtime included. */
  readonly peak_mb: number
  readonly size_bytes: number
  /** How often each operator stands in the graph. */
  readonly operators: Readonly<Record<string, number>>
}

export interface Throughput {
  readonly batch: number
  readonly threads: number
  /** Rows a second. */
  readonly value: number
}

/** `weighbridge.bench/v1`. */
export interface BenchDocument extends ServingCost {
  readonly schema: 'weighbridge.bench/v1'
  readonly engine: string
  /** Rows that calls went round on. */
  readonly rows: number
  readonly confidence: number
  /** Rows in one timed call, and timed calls. */
  readonly batch: number
  readonly calls: number
  readonly throughput_per_s: readonly Throughput[]
  readonly noise: TimingNoise
  /** The other model, timed in turns with it. */
  readonly against: ServingCost | null
  /** The model's percentile over the other's; null without another. */
  readonly ratio: Readonly<Record<'p50' | 'p95' | 'p99', TimedValue>> | null
  readonly machine: { readonly processor: string; readonly cores: number; readonly node: string }
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
}

export type { Interval }
