import type { Mistake, Place } from '../registry/mistake.ts'
import { keyOf, type Statement, type Statements } from './statements.ts'
import { isImplied, isSame, stricterTerms, type Terms } from './stricter.ts'

/** A rule that a file made looser than what it extends, or left out; shown first in every verdict. */
export interface Loosening {
  readonly id: string
  /** What the extended policy says, and what counts now; null when the rule does not apply any more. */
  readonly from: string
  readonly to: string | null
  readonly place: Place
}

export interface United {
  readonly statements: Statements
  readonly loosened: readonly Loosening[]
  readonly mistakes: readonly Mistake[]
}

/** Says whether a rule may be looser in the second file, and where that is written. */
export interface Leave {
  loosen(id: string): Place | undefined
  without(id: string, section: string): Place | undefined
}

export const NO_LEAVE: Leave = { loosen: () => undefined, without: () => undefined }

export type Between =
  /** b extends a: it may loosen, and its reviewer of inconclusive evidence replaces a's. */
  | 'extends'
  /** Equals that apply together; what neither states is left to the gate. */
  | 'beside'
  /** b may only tighten a: what a does not state counts as what the gate takes. */
  | 'tightens'

const printed = (terms: unknown) => JSON.stringify(terms)
const at = ({ path, line, column }: Place) => `${path}:${line}:${column}`

function mistakeAt(statement: Statement, what: string, mend: string, severity: Mistake['severity']): Mistake {
  const place = statement.places[0] ?? { path: '', line: 1, column: 1 }
  return { ...place, where: statement.id, what, mend, severity }
}

/** Neither of two values is stricter: people must say which one counts. */
function clash(a: Statement, b: Statement, keys: readonly string[], between: Between): Mistake {
  const other = a.places[0] === undefined ? 'what is taken by itself' : at(a.places[0])
  const own = a.key === null ? 'give one of the rules an id: of its own' : 'make them equal'
  const mend = between === 'extends' ? `Add loosen: [${b.id}], or ${own}.` : `Make them equal, or ${own}.`
  const what = `${keys.join(', ')} differs from ${other} (${printed(a.terms)} there, ${printed(b.terms)} here), and neither is stricter`
  return mistakeAt(b, what, mend, 'error')
}

function ignored(a: Statement, b: Statement, keys: readonly string[]): Mistake {
  const other = a.places[0] === undefined ? 'what it extends' : at(a.places[0])
  const what = `${keys.join(', ')} is looser than ${other} (${printed(a.terms)} there), so it does not count`
  return mistakeAt(b, what, `Add loosen: [${b.id}], or remove it.`, 'warning')
}

interface Pair {
  readonly statement: Statement | null
  readonly loosened?: Loosening
  readonly mistakes?: readonly Mistake[]
}

/** An inconclusive interval's reviewer is no limit: who extends names the local one; hold stays hold. */
function replacesReviewer(a: Statement, b: Statement, between: Between): boolean {
  if (between !== 'extends' || a.section !== 'on_inconclusive') return false
  return [a, b].every(({ terms, key }) => typeof terms[key ?? ''] === 'object')
}

function unitePair(a: Statement, b: Statement, between: Between, leave: Leave): Pair {
  if (replacesReviewer(a, b, between)) return { statement: b }
  const { terms, unordered, ignored: looser } = stricterTerms(a.terms, b.terms, a.section)
  const places = [...a.places, ...b.places]
  if (leave.loosen(b.id) !== undefined) {
    return { statement: b, ...(isSame(terms, b.terms) ? {} : { loosened: loosening(a, b) }) }
  }
  const clashes = unordered.length > 0 ? [clash(a, b, unordered, between)] : []
  const warnings = looser.length > 0 && between === 'extends' ? [ignored(a, b, looser)] : []
  return { statement: { ...a, terms, places }, mistakes: [...clashes, ...warnings] }
}

/** What a silent side means where the other states an option: nothing, unless it speaks of the same gate. */
function alone(statement: Statement, silent: Statements, between: Between, leave: Leave, added: boolean): Pair {
  const { section, key, terms, id } = statement
  const speaks = silent.declared.has(section) || (between === 'tightens' && added)
  if (key === null || !speaks || !isImplied(key)) return { statement }
  const result = stricterTerms({}, terms)
  if (isSame(result.terms, terms)) return { statement }
  const implied = { ...statement, terms: {}, places: placesOf(silent, section) }
  if (added && leave.loosen(id) !== undefined) return { statement, loosened: loosening(implied, statement) }
  if (result.unordered.length > 0) return { statement, mistakes: [clash(implied, statement, [key], between)] }
  const warnings = added && between === 'extends' ? [ignored(implied, statement, [key])] : []
  return { statement: { ...statement, terms: result.terms }, mistakes: warnings }
}

function placesOf(statements: Statements, section: string): readonly Place[] {
  const place = statements.declared.get(section)
  return place === undefined ? [] : [place]
}

function loosening(a: Statement, b: Statement | null): Loosening {
  const place = b?.places[0] ?? a.places[0] ?? { path: '', line: 1, column: 1 }
  if (b === null) return { id: a.id, from: stated(a.terms, {}), to: null, place }
  return { id: a.id, from: stated(a.terms, b.terms), to: stated(b.terms, a.terms), place }
}

/** `max_drop 0.01`: what one statement says otherwise than another. */
function stated(terms: Terms, other: Terms): string {
  const keys = Object.keys(terms).filter((key) => key !== 'tasks' && !isSame(terms[key], other[key]))
  return keys.map((key) => `${key} ${printed(terms[key])}`).join(', ') || 'nothing'
}

function uniteOne(key: string, a: Statements, b: Statements, between: Between, leave: Leave): Pair {
  const [left, right] = [a.byId.get(key), b.byId.get(key)]
  if (left === undefined) return right === undefined ? { statement: null } : alone(right, a, between, leave, true)
  const place = leave.without(left.id, left.section)
  if (place !== undefined) return { statement: right ?? null, loosened: { ...loosening(left, right ?? null), place } }
  return right === undefined ? alone(left, b, between, leave, false) : unitePair(left, right, between, leave)
}

/**
 * Two sets of rules as one: a union by id, of two statements of one id the stricter, key by key.
 *
 * A gate's option that only one side states counts as it stands, unless the other side declares the same gate: then its
 * silence means what the gate takes by itself.
 */
export function unite(a: Statements, b: Statements, between: Between, leave: Leave = NO_LEAVE): United {
  const keys = [...new Set([...a.byId.keys(), ...b.byId.keys()])]
  const pairs = keys.map((key) => uniteOne(key, a, b, between, leave))
  const statements = pairs.flatMap(({ statement }) => (statement === null ? [] : [statement]))
  return {
    statements: {
      byId: new Map(statements.map((statement) => [keyOf(statement), statement])),
      declared: new Map([
        ...b.declared,
        ...[...a.declared].filter(([gate]) => leave.without(gate, gate) === undefined),
      ]),
    },
    loosened: pairs.flatMap(({ loosened }) => (loosened === undefined ? [] : [loosened])),
    mistakes: pairs.flatMap(({ mistakes }) => mistakes ?? []),
  }
}
