import type { Place } from '../registry/mistake.ts'
import type { PolicyFile } from './policy-file.ts'
import { declaredGates, optionStatements, ruleStatements } from './policy-statements.ts'
import { optionId } from './rule-id.ts'
import type { Terms } from './stricter.ts'

/** One rule or option of a composition, and every place that it comes from. */
export interface Statement {
  readonly id: string
  /** Gate or section that it belongs to. */
  readonly section: string
  /** Key of an option; null for a rule of a list, whose terms are then an object. */
  readonly key: string | null
  readonly terms: Terms
  readonly places: readonly Place[]
}

/** What one policy with all that it extends, or several together, say: statements by section and id. */
export interface Statements {
  readonly byId: ReadonlyMap<string, Statement>
  readonly declared: ReadonlyMap<string, Place>
}

/** The map's key: ids are unique in a section only. */
export function keyOf({ section, key, id }: Pick<Statement, 'section' | 'key' | 'id'>): string {
  return `${section} ${key === null ? 'rule' : 'option'} ${id}`
}

/** What a file says by itself, without what it extends. An option's value stands under its own key. */
export function statementsOf(file: PolicyFile): Statements {
  const rules = ruleStatements(file.policy).map(({ gate, id, terms, where }) => ({
    id,
    section: gate,
    key: null,
    terms,
    places: [file.place(where)],
  }))
  const options = optionStatements(file.policy).map(({ section, key, value, where }) => ({
    id: optionId(section, key),
    section,
    key,
    terms: { [key]: value },
    places: [file.place(where)],
  }))
  return {
    byId: new Map([...rules, ...options].map((statement) => [keyOf(statement), statement])),
    declared: new Map(declaredGates(file.policy).map((gate) => [gate, file.place(`gates.${gate}`)])),
  }
}
