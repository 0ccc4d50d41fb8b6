import { canonicalJson } from '../registry/canonical-json.ts'
import type { FactScope, NewFact } from './fact.ts'
import { textDigest } from './signature.ts'

/**
 * A digest of what caused a fact, for `NewFact.cause`: the same words give the same digest, whoever says them again.
 *
 * @param what   `merge`, `comment`, `landing` ...: keeps causes of different kinds apart
 * @param parts  what tells this one from all others: ids and SHAs, never times of delivery
 * @example causeOf('comment', [42, 7001, 1]) === causeOf('comment', [42, 7001, 1]) // => true
 */
export function causeOf(what: string, parts: readonly (string | number)[]): string {
  return textDigest(canonicalJson([what, ...parts]))
}

/**
 * The id of the line that a fact becomes: one cause may bring a fact of several kinds, each of them once.
 *
 * @returns `sha256:` and 64 hexadecimal digits
 */
export function lineId({ cause, fact, scope }: Pick<NewFact, 'cause' | 'fact' | 'scope'>): string {
  return textDigest(canonicalJson({ cause, kind: fact.kind, scope }))
}

/**
 * A scope as one word: `production/churn`, or `budget`.
 *
 * @example scopeName({ environment: 'production', model: 'churn' }) // => 'production/churn'
 */
export function scopeName(scope: FactScope): string {
  return scope === 'budget' ? scope : `${scope.environment}/${scope.model}`
}
