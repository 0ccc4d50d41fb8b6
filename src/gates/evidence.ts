import type { DescribedColumns, Feature, TableReference } from '../registry/model.ts'
import type { Tensor } from '../registry/record.ts'
import type { DriftMeasured, DriftMeasurement } from '../statistics/drift-column.ts'
import type { Estimate, Interval, Support } from '../statistics/estimate.ts'
import type { ExamTerms, Subject } from './exam-terms.ts'
import type { ExplainabilityFacts, ExplainabilityRequest } from './explainability-evidence.ts'
import type { CalibrationBin, Curve, Provenance } from './finding.ts'
import type { LatencyFacts, LatencyRequest } from './latency-evidence.ts'
import type { Registration, RegistrationRequest } from './registration.ts'

export type { ExamTerms, Subject } from './exam-terms.ts'
export type * from './explainability-evidence.ts'
export type * from './latency-evidence.ts'

/**
 * What gates ask for and what they get. A request names everything that its answer depends on, so its canonical
 * JSON (plus the engine's version) is the key under which the answer is kept. Answers hold numbers, never rows.
 */
export type EvidenceRequest =
  | ArtifactRequest
  | MetricsRequest
  | UnitsRequest
  | FairnessRequest
  | QualityRequest
  | DriftRequest
  | ExplainabilityRequest
  | LatencyRequest
  | RegistrationRequest

export interface ArtifactRequest {
  readonly kind: 'artifact'
  readonly subject: Pick<Subject, 'model' | 'version' | 'artifact' | 'files' | 'signature'>
  readonly max_bytes: number
}
export interface ArtifactFacts {
  readonly digest: string | null
  readonly size_bytes: number | null
  readonly format: 'onnx' | 'opaque'
  /** null when the format is opaque or the bytes could not be parsed. */
  readonly onnx: {
    readonly ir_version: number
    readonly opsets: Readonly<Record<string, number>>
    readonly producer: string
    readonly inputs: readonly Tensor[]
    readonly outputs: readonly Tensor[]
    readonly operators: Readonly<Record<string, number>>
    readonly parameters: number
  } | null
  /** What is wrong with the bytes; empty when all is well. `code` is stable: digest, size, lfs-pointer, dvc-pointer, not-a-model, parse, external-data, opset, signature, sequence-output, folder, ... */
  readonly problems: readonly { readonly code: string; readonly what: string; readonly mend: string }[]
}

/** Facts about what a version answered on the exam; `problems` are findings of their own (non-finite, constant, label-disagrees, ...). */
export interface OutputFacts {
  readonly version: string
  readonly rows: number
  readonly dropped: { readonly label_null: number; readonly score_null: number }
  readonly provenance: Provenance
  /** `rows` counts the rows concerned; null when it concerns all. `status` is what the metrics gate must make of it. */
  readonly problems: readonly {
    readonly code: string
    readonly status: 'failed' | 'inconclusive' | 'advisory'
    readonly what: string
    readonly mend: string
    readonly rows: number | null
  }[]
}

export interface MetricMeasure {
  readonly metric: string
  readonly where?: string
  readonly confidence: number
  readonly against_incumbent: boolean
}
export interface MetricsRequest {
  readonly kind: 'metrics'
  readonly exam: ExamTerms
  readonly candidate: Subject
  readonly incumbent: Subject | null
  readonly measures: readonly MetricMeasure[]
}
export interface MetricMeasured {
  readonly candidate: Estimate
  readonly incumbent: Estimate | null
  /** candidate - incumbent, on the same rows; null when not asked or not possible (`because` in the estimate says why). */
  readonly difference: Estimate | null
  /** Rows of the slice's null `where`, which are in no slice. */
  readonly where_null?: number
}
export interface MetricsFacts {
  readonly candidate: OutputFacts
  /** null without incumbent; `missing` says why an incumbent could not answer on this exam. */
  readonly incumbent: OutputFacts | null
  readonly incumbent_missing?: string
  /** Same order as the request's measures. */
  readonly measured: readonly MetricMeasured[]
  readonly curves: {
    readonly roc: { readonly candidate: Curve; readonly incumbent: Curve | null } | null
    readonly calibration: {
      readonly candidate: readonly CalibrationBin[]
      readonly incumbent: readonly CalibrationBin[] | null
    } | null
  }
}

export interface UnitMeasure {
  readonly unit: string
  readonly confidence: number
  readonly against_incumbent: boolean
}
export interface UnitsRequest {
  readonly kind: 'units'
  readonly candidate: Subject
  readonly incumbent: Subject | null
  readonly measures: readonly UnitMeasure[]
}
export interface UnitsFacts {
  readonly provenance: Provenance
  readonly measured: readonly MetricMeasured[]
}

export interface DisparityMeasure {
  readonly across: readonly string[]
  readonly metric: string
  readonly confidence: number
  readonly min_rows: number
  readonly small_groups: 'report' | 'pool' | 'hold'
  readonly privileged?: Readonly<Record<string, string | number | boolean>>
  readonly against_incumbent: boolean
}
export interface FairnessRequest {
  readonly kind: 'fairness'
  readonly exam: ExamTerms
  readonly candidate: Subject
  readonly incumbent: Subject | null
  readonly measures: readonly DisparityMeasure[]
}
export type GroupKey = Readonly<Record<string, string | number | boolean | null>>
export interface GroupMeasured {
  readonly group: GroupKey
  /** null, as the counts, where a shared place must not tell them. */
  readonly rows: number | null
  readonly counted: boolean
  readonly counts: Readonly<Record<'positives' | 'negatives' | 'predicted_positives', number | null>>
  readonly metrics: Readonly<Record<string, number | null>>
  readonly intervals: Readonly<Record<string, Interval | null>>
}
/** One disparity over groups. */
export interface Disparity {
  readonly estimate: Estimate
  /** The pair that binds, larger rate first; null when fewer than two groups count. */
  readonly between: readonly [GroupKey, GroupKey] | null
  readonly groups: readonly GroupMeasured[]
  /** Groups left out for their size, and the share of rows in them, 0 to 1. */
  readonly uncounted: { readonly groups: number; readonly share: number }
  readonly by_group?: readonly {
    readonly group: GroupKey
    readonly value: number | null
    readonly interval: Interval | null
    /** At the level corrected for the number of groups: by it alone may one group fail a rule. */
    readonly corrected?: Interval | null
  }[]
  /** The denominator that binds the rule: "rows", "positives", ... of the binding group. */
  readonly binding: { readonly of: string; readonly count: number } | null
}
export interface DisparityMeasured {
  readonly candidate: Disparity
  readonly incumbent: Disparity | null
  /** candidate - incumbent by paired bootstrap over cells (group, label, both predictions); folded for better: one and zero. */
  readonly difference: Estimate | null
}
export interface FairnessFacts {
  readonly candidate: OutputFacts
  readonly incumbent_missing?: string
  readonly measured: readonly DisparityMeasured[]
}

export interface QualityRequest {
  readonly kind: 'quality'
  readonly exam: ExamTerms
  readonly reference: TableReference | null
  readonly features: readonly Feature[]
  readonly sensitive: readonly string[]
}
export interface QualityFacts {
  readonly rows: number
  readonly columns: readonly {
    readonly column: string
    readonly type: 'number' | 'category' | 'boolean' | 'time' | 'nested'
    readonly missing: number
    readonly distinct: number
    readonly constant: boolean
    readonly below_min: number
    readonly above_max: number
    readonly unseen: number
  }[]
  readonly missing_columns: readonly string[]
  readonly unexpected_columns: readonly string[]
  readonly wrong_types: readonly { readonly column: string; readonly expected: string; readonly found: string }[]
  readonly look_alikes: readonly (readonly [string, string])[]
  /** By id where declared, else by hash of all columns; `rows` are the surplus rows. */
  readonly duplicates: { readonly rows: number; readonly by: 'id' | 'row' }
  readonly label_null: number
  readonly conflicting_labels: number
  /** Share of exam rows that also stand in the reference, and what chance alone gives (leave-one-out share of the reference); null without a reference. */
  readonly overlap: { readonly share: number; readonly chance: number; readonly by: 'id' | 'row' } | null
  /** Where both tables have model.yml's time column: when the exam begins and the reference ends, ms since 1970 UTC. */
  readonly time_order?: { readonly exam_from: number; readonly reference_until: number } | null
  /** Features that alone give the label away (AUC > 0.99 or < 0.01). */
  readonly leaks: readonly { readonly column: string; readonly auc: number }[]
}

export interface DriftRequest {
  readonly kind: 'drift'
  readonly reference: TableReference
  /** Partitions with digests, found and hashed before the request is made; null when the window is empty. */
  readonly current: readonly TableReference[]
  readonly columns: readonly Feature[]
  readonly test: string
  readonly min_effect: number
  readonly max?: number
  /** How time enters the thresholds and the choice of reference rows; absent: not at all. */
  readonly periods?: {
    readonly time: string
    readonly calibrate: 'rows' | 'windows'
    readonly window: string
    readonly season: 'none' | 'week' | 'year'
  }
  /** By what the reference's profile is made that stands in for its rows; absent: rows are compared. */
  readonly profile?: DescribedColumns
}
export type DriftColumn = DriftMeasured
export interface DriftFacts extends DriftMeasurement {
  /** Columns whose scores come from profiles, and how far off the rows' scores these can be; decisions are those of rows. */
  readonly profiled?: { readonly columns: number; readonly error: number }
}

export interface FactsOf {
  artifact: ArtifactFacts
  metrics: MetricsFacts
  units: UnitsFacts
  fairness: FairnessFacts
  quality: QualityFacts
  drift: DriftFacts
  explainability: ExplainabilityFacts
  latency: LatencyFacts
  registration: Registration
}

/** An answer, or why there is none: missing = it does not exist; unreachable = it may exist, we could not get it. */
export type Evidence<Kind extends keyof FactsOf = keyof FactsOf> =
  | {
      readonly kind: Kind
      readonly status: 'present'
      readonly key: string
      readonly facts: FactsOf[Kind]
      readonly cache: 'computed' | 'sealed' | 'not-ours'
    }
  | {
      readonly kind: Kind
      readonly status: 'missing' | 'unreachable'
      readonly key: string
      readonly because: string
      readonly mend: string
    }

/** Gates look their own requests up here; the same request gives the same evidence. */
export interface EvidenceReader {
  of<Kind extends keyof FactsOf>(request: Extract<EvidenceRequest, { kind: Kind }>): Evidence<Kind>
}
export type { Support }
