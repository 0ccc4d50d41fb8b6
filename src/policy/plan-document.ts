import type { PlannedRule } from '../gates/plan-rules.ts'

/** `plan --json`: which rules an equally good model would pass how often, and what would do. */
export interface PlanDocument {
  readonly schema: 'weighbridge.plan/v1'
  readonly engine: string
  readonly model: string
  readonly task: string
  readonly environments: readonly EnvironmentPlan[]
  readonly warnings: readonly { readonly code: string; readonly column?: string; readonly message: string }[]
}

export interface EnvironmentPlan {
  readonly environment: string
  /** Files of the policy, extended ones first. */
  readonly policy: readonly string[]
  /** The version that an equally good model is as good as. */
  readonly version: string
  /** Another version, whose distance on the same rows is the measure of chance; null: there is none. */
  readonly compared: string | null
  readonly exam: { readonly uri: string; readonly digest: string } | null
  readonly rows: number | null
  readonly rules: readonly PlannedRule[]
  /** Chance that an equally good model keeps every planned rule that is not advisory, at least (Bonferroni). */
  readonly all: number | null
  /** Gates that do not depend on the rows of the exam. */
  readonly not_planned: readonly string[]
}
