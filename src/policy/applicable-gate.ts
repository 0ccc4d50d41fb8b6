import type { GateSubject } from '../gates/gate.ts'
import { sensitiveColumns } from '../registry/model.ts'
import type { PolicyGate, PolicyRule } from './policy-gate.ts'
import type { Terms } from './stricter.ts'

/** Stands for every sensitive column that model.yml declares. */
const EVERY_COLUMN = '*'

/** Whether the rule is for the model's task; what is not says nothing. */
function isForTask(subject: GateSubject, { tasks, rule }: PolicyRule): boolean {
  const named = (rule as Terms).tasks as readonly string[] | undefined
  const wanted = tasks ?? named ?? null
  return wanted === null || wanted.includes(subject.model.task)
}

/** `across: "*"` as one rule for each sensitive column; without any the rule stays, and its gate says so. */
function spread(subject: GateSubject, composed: PolicyRule): readonly PolicyRule[] {
  const terms = composed.rule as Terms
  const columns = sensitiveColumns(subject.model)
  if (terms.across !== EVERY_COLUMN || columns.length === 0) return [composed]
  return columns.map((across) => ({ ...composed, id: `${composed.id}:${across}`, rule: { ...terms, across } }))
}

/** A gate with the rules that this model is held to. */
export function applicableGate(subject: GateSubject, gate: PolicyGate): PolicyGate {
  return {
    ...gate,
    rules: gate.rules.filter((rule) => isForTask(subject, rule)).flatMap((rule) => spread(subject, rule)),
  }
}

/** A rollback needs no look at production's inputs: it is what people do when production is wrong. */
export function isAskedOf(subject: GateSubject, { gate }: PolicyGate): boolean {
  return !(subject.rollback && gate === 'drift')
}
