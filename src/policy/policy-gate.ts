import type { ComposedGate, ComposedRule } from '../gates/gate.ts'

/** A rule in use, and the tasks that it is for; null for all. */
export interface PolicyRule extends ComposedRule {
  readonly tasks: readonly string[] | null
}
export interface PolicyGate extends ComposedGate {
  readonly rules: readonly PolicyRule[]
}
