import type { Mistake, Place } from '../registry/mistake.ts'
import type { Interval, Support } from '../statistics/estimate.ts'

export type { Mistake, Place }

export type Status = 'passed' | 'failed' | 'inconclusive' | 'skipped'

/** recomputed: we ran the artifact; attested: a named workflow of the governed branch says so; claimed: shown, never passes. */
export type Provenance = 'recomputed' | 'attested' | 'claimed'

/** What a rule asks for; judged by the interval when the rule states a confidence. */
export interface Limit {
  readonly min?: number
  readonly max?: number
  readonly max_drop?: number
  readonly max_rise?: number
}

/** What reports draw beside a finding. Curves hold at most 101 points; nothing here is a row of data. */
export type Exhibit =
  | { readonly kind: 'roc'; readonly candidate: Curve; readonly incumbent: Curve | null }
  | {
      readonly kind: 'calibration'
      readonly candidate: readonly CalibrationBin[]
      readonly incumbent: readonly CalibrationBin[] | null
    }
  | {
      readonly kind: 'groups'
      readonly across: readonly string[]
      readonly rate: string
      readonly groups: readonly GroupRow[]
    }
  | { readonly kind: 'columns'; readonly threshold: number; readonly columns: readonly ColumnRow[] }
  | {
      readonly kind: 'table'
      readonly title: string
      readonly header: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }

export type Curve = readonly (readonly [x: number, y: number])[]
export interface CalibrationBin {
  readonly mean_score: number
  readonly mean_label: number
  readonly rows: number
}
export interface GroupRow {
  /** One entry per column of `across`; null is the missing value, a group of its own. */
  readonly group: Readonly<Record<string, string | number | boolean | null>>
  readonly rows: number | null
  readonly counted: boolean
  readonly value: number | null
  readonly interval: Interval | null
  readonly incumbent?: number | null
}
export interface ColumnRow {
  readonly column: string
  readonly score: number | null
  readonly threshold: number | null
  readonly is_drifted: boolean | null
  readonly note?: string
}

/** One node of the explanation. */
export interface Finding {
  readonly gate: string
  readonly title: string
  readonly status: Status
  /** One or two sentences: what was seen and why that decides. Plain text; escaped where it is shown. */
  readonly because: string
  readonly measured: number | null
  readonly limit: Limit | null
  readonly interval: Interval | null
  readonly confidence?: number
  readonly method: string | null
  readonly support: Support | null
  readonly provenance: Provenance | null
  readonly incumbent?: {
    readonly version: string
    readonly measured: number | null
    readonly difference: number | null
    readonly interval: Interval | null
  }
  /** For an inconclusive interval: how many more rows (or positives, units ...) would decide 4 times of 5. */
  readonly decides?: { readonly rows: number | null; readonly of: string; readonly because: string }
  /** For failed and inconclusive findings: the smallest thing that would turn it. */
  readonly flips?: string
  readonly place?: Place
  readonly advisory?: true
  /** Who may take exactly this evidence although it is inconclusive; `by`: who did. */
  readonly review?: { readonly role: string; readonly by?: string }
  readonly waiver?: { readonly by: string; readonly until: string; readonly reason: string }
  /** The rule's id in the composed policy. */
  readonly rule?: string
  /** Equal for findings that hold for one and the same reason, so that a verdict can name it once. */
  readonly reason?: string
  readonly exhibits?: readonly Exhibit[]
  readonly children: readonly Finding[]
}

export interface Verdict extends Finding {
  /** The next moment at which time alone could change this, ISO 8601; null when none can. */
  readonly validUntil: string | null
}

type Partials = Partial<Omit<Finding, 'gate' | 'title' | 'status' | 'because'>>

/** A finding with every required key present; what was not measured is null. */
export function finding(gate: string, title: string, status: Status, because: string, more: Partials = {}): Finding {
  return {
    gate,
    title,
    status,
    because,
    measured: null,
    limit: null,
    interval: null,
    method: null,
    support: null,
    provenance: null,
    children: [],
    ...more,
  }
}

/** Whether a finding is more than the word that nothing was asked. */
export function isJudged({ status }: Pick<Finding, 'status'>): boolean {
  return status !== 'skipped'
}

/** all-of: failed, else inconclusive, else passed; skipped and advisory children do not count; none left: `empty`. */
export function allOf(children: readonly Finding[], empty: Status = 'skipped'): Status {
  const counting = children.filter((child) => child.status !== 'skipped' && child.advisory !== true)
  if (counting.some((child) => child.status === 'failed')) return 'failed'
  if (counting.some((child) => child.status === 'inconclusive')) return 'inconclusive'
  return counting.length > 0 ? 'passed' : empty
}
