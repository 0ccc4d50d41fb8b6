import { gateNamed } from '../gates/index.ts'
import type { PolicyGate } from './policy-gate.ts'
import { optionId } from './rule-id.ts'
import { keyOf, type Statement, type Statements } from './statements.ts'

const SECTION = 'on_inconclusive'

/** The value of an option; undefined when nobody states it. */
export function optionOf(statements: Statements, section: string, key: string): unknown {
  return statements.byId.get(keyOf({ section, key, id: optionId(section, key) }))?.terms[key]
}

function withReviewer(statement: Statement, statements: Statements): Statement {
  const stated = optionOf(statements, SECTION, statement.section)
  if (stated === undefined || statement.key !== null || SECTION in statement.terms) return statement
  return { ...statement, terms: { ...statement.terms, [SECTION]: stated } }
}

/** `on_inconclusive` of a gate of options is an option of that gate. */
function asOption(statement: Statement, statements: Statements): readonly Statement[] {
  const { key: gate } = statement
  if (statement.section !== SECTION) return [statement]
  if (gate === null || gateNamed(gate)?.shape !== 'options' || !statements.declared.has(gate)) return []
  if (optionOf(statements, gate, SECTION) !== undefined) return []
  const id = optionId(gate, SECTION)
  return [{ ...statement, id, section: gate, key: SECTION, terms: { [SECTION]: statement.terms[gate] } }]
}

/**
 * Hands `on_inconclusive` of a policy, with all that it extends, down to the rules of that policy. From then on each
 * rule says by itself who may review it, so that another policy beside it lends its reviewers to nobody.
 */
export function applyReviewers(statements: Statements): Statements {
  const all = [...statements.byId.values()]
    .flatMap((statement) => asOption(statement, statements))
    .map((statement) => withReviewer(statement, statements))
  return { ...statements, byId: new Map(all.map((statement) => [keyOf(statement), statement])) }
}

/** Roles that may take an inconclusive interval, each with the ids of its rules. */
export function reviewers(gates: readonly PolicyGate[]): ReadonlyMap<string, readonly string[]> {
  const byRole = new Map<string, string[]>()
  for (const { review, id } of gates.flatMap(({ rules }) => rules)) {
    if (review !== null) byRole.set(review, [...(byRole.get(review) ?? []), id])
  }
  return byRole
}
