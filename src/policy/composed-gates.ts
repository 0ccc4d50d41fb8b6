import { z } from 'zod'
import type { Gate } from '../gates/gate.ts'
import { gates } from '../gates/index.ts'
import type { Mistake, Place } from '../registry/mistake.ts'
import type { PolicyGate, PolicyRule } from './policy-gate.ts'
import { optionOf } from './reviewers.ts'
import type { Statement, Statements } from './statements.ts'
import type { Terms } from './stricter.ts'

interface Built {
  readonly rule: PolicyRule | null
  readonly mistakes: readonly Mistake[]
}

/** Only the keys that the gate's own rule has; what else a policy may write beside them is ours. */
function ownTerms(gate: Gate, terms: Terms): Terms {
  const shape = gate.rule instanceof z.ZodObject ? gate.rule.shape : {}
  return Object.fromEntries(Object.entries(terms).filter(([key]) => Object.hasOwn(shape, key)))
}

function reviewOf({ on_inconclusive: stated }: Terms): string | null {
  return typeof stated === 'object' && stated !== null && 'review' in stated ? String(stated.review) : null
}

/** A rule as its gate reads it. Limits that are each sound may contradict each other once they are united. */
function build(gate: Gate, id: string, terms: Terms, places: readonly Place[]): Built {
  const parsed = gate.rule.safeParse(ownTerms(gate, terms))
  const place = places[0] ?? { path: '', line: 1, column: 1 }
  const mistakes = (parsed.error?.issues ?? []).map(({ message }): Mistake => {
    const from = places.map(({ path, line }) => `${path}:${line}`).join(' and ')
    return {
      ...place,
      where: id,
      what: `united from ${from}: ${message}`,
      mend: 'Mend one of them.',
      severity: 'error',
    }
  })
  if (!parsed.success) return { rule: null, mistakes }
  const tasks = Array.isArray(terms.tasks) ? (terms.tasks as readonly string[]) : null
  const advisory = terms.advisory === true
  return { rule: { id, rule: parsed.data, places, advisory, review: reviewOf(terms), tasks }, mistakes }
}

/** The options of a gate as its one rule. The registry opens artifacts as large as integrity takes. */
function optionsOf(gate: Gate, statements: Statements, options: readonly Statement[]): Terms {
  const terms: Terms = Object.assign({}, ...options.map((option) => option.terms))
  const maxMb = optionOf(statements, 'integrity', 'max_mb')
  return gate.name === 'registry' && terms.max_mb === undefined && maxMb !== undefined
    ? { ...terms, max_mb: maxMb }
    : terms
}

function buildRules(gate: Gate, statements: Statements, own: readonly Statement[]): readonly Built[] {
  if (gate.shape === 'list') {
    return own.filter(({ key }) => key === null).map(({ id, terms, places }) => build(gate, id, terms, places))
  }
  const options = own.filter(({ key }) => key !== 'required')
  const isStated = statements.declared.has(gate.name) || options.length > 0
  if (!isStated && !gate.always) return []
  const declared = statements.declared.get(gate.name)
  const places = [...(declared === undefined ? [] : [declared]), ...options.flatMap((option) => option.places)]
  return [build(gate, gate.name, optionsOf(gate, statements, options), places)]
}

/** The gates that judge: always-on ones, and all that a policy declares. */
export function composedGates(
  statements: Statements,
  atLeast: 'recomputed' | 'attested',
): { readonly gates: readonly PolicyGate[]; readonly mistakes: readonly Mistake[] } {
  const built = gates.map((gate) => {
    const own = [...statements.byId.values()].filter(({ section }) => section === gate.name)
    const rules = buildRules(gate, statements, own)
    const place = statements.declared.get(gate.name)
    const composed: PolicyGate = {
      gate: gate.name,
      declared: place !== undefined || own.length > 0,
      required: optionOf(statements, gate.name, 'required') === true,
      rules: rules.flatMap(({ rule }) => (rule === null ? [] : [rule])),
      atLeast,
      provenanceAsked: true,
      ...(place === undefined ? {} : { place }),
    }
    return { composed, mistakes: rules.flatMap(({ mistakes }) => mistakes) }
  })
  return { gates: built.map(({ composed }) => composed), mistakes: built.flatMap(({ mistakes }) => mistakes) }
}
