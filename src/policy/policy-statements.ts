import { gateNamed } from '../gates/index.ts'
import { type DocumentPath, printDotted } from '../registry/dotted-path.ts'
import type { Policy } from './policy.ts'
import { ruleId } from './rule-id.ts'
import type { Terms } from './stricter.ts'

/** One rule of a list as a file states it. */
export interface RuleStatement {
  readonly gate: string
  readonly id: string
  readonly terms: Terms
  /** Dotted field, `gates.metrics[1]`. */
  readonly where: string
}

/** One option that a file states: of a gate without a list, of a list as a whole, or of a section. */
export interface OptionStatement {
  readonly section: string
  readonly key: string
  readonly value: unknown
  readonly where: string
}

/** Sections of a policy that are options beside its gates. */
const SECTIONS = ['evidence', 'evaluation', 'on_inconclusive', 'privacy'] as const

function isList(value: unknown): value is readonly Terms[] {
  return Array.isArray(value)
}

function rulesOf(gate: string, declared: unknown): { readonly rules: readonly Terms[]; readonly path: DocumentPath } {
  if (isList(declared)) return { rules: declared, path: ['gates', gate] }
  const { rules } = declared as { readonly rules?: readonly Terms[] }
  return { rules: rules ?? [], path: ['gates', gate, 'rules'] }
}

/** Names of the gates that a policy declares, known ones only. */
export function declaredGates(policy: Policy): readonly string[] {
  return Object.keys(policy.gates).filter((name) => policy.gates[name] !== undefined && gateNamed(name) !== undefined)
}

/** Every rule of every list that a policy states, in the order of the file. */
export function ruleStatements(policy: Policy): readonly RuleStatement[] {
  return declaredGates(policy).flatMap((name) => {
    const gate = gateNamed(name)
    if (gate === undefined || gate.shape !== 'list') return []
    const { rules, path } = rulesOf(name, policy.gates[name])
    return rules.map((terms, index) => ({
      gate: name,
      id: ruleId(gate, terms),
      terms,
      where: printDotted([...path, index]),
    }))
  })
}

function optionsIn(path: DocumentPath, value: unknown, keys?: readonly string[]): readonly OptionStatement[] {
  if (value === undefined || value === null || isList(value)) return []
  return Object.entries(value as Terms)
    .filter(([key, option]) => option !== undefined && (keys === undefined || keys.includes(key)))
    .map(([key, option]) => ({ section: String(path.at(-1)), key, value: option, where: printDotted([...path, key]) }))
}

/** Every option that a policy states: `data-quality/schema`, `metrics/required`, `evidence/at_least`. */
export function optionStatements(policy: Policy): readonly OptionStatement[] {
  const ofGates = declaredGates(policy).flatMap((name) => {
    const keys = gateNamed(name)?.shape === 'list' ? ['required'] : undefined
    return optionsIn(['gates', name], policy.gates[name], keys)
  })
  return [...ofGates, ...SECTIONS.flatMap((section) => optionsIn([section], policy[section]))]
}
