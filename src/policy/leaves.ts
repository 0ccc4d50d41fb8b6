import { durationMs } from '../gates/evaluation.ts'
import { NEVER_WAIVED } from '../gates/index.ts'
import type { Waivable } from '../gates/waiver.ts'
import type { MergeMethod, Policy } from './policy.ts'

/** What policies allow people and the app to do about a verdict. Every leave is the narrowest that any of them gives. */
export interface Leaves {
  /** Gates that a role may waive; a gate that is not here nobody may. */
  readonly waivable: ReadonlyMap<string, Waivable>
  readonly merge: MergeTerms
}

/** Whether a passed promotion is merged by the app, and how. */
export interface MergeTerms {
  readonly automatic: boolean
  readonly method: MergeMethod
  readonly because: string
}

/** One commit a promotion, so that a landed tree can be told from the weighed one at a glance. */
const METHOD: MergeMethod = 'squash'

type Stated = NonNullable<Policy['waivable']>

function waivableOf({ by, max, count }: Stated[string]): Waivable {
  return { by, max: max ?? null, count: count ?? 1 }
}

/** Of one chain of `extends` the last word about a gate counts: a file names who may waive in its own repository. */
function lastWords(chain: readonly Policy[]): ReadonlyMap<string, Waivable> {
  const stated = chain.flatMap(({ waivable }) => Object.entries(waivable ?? {}))
  const allowed = stated.filter(([gate]) => !(NEVER_WAIVED as readonly string[]).includes(gate))
  return new Map(allowed.map(([gate, terms]) => [gate, waivableOf(terms)]))
}

function shorter(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return durationMs(a) <= durationMs(b) ? a : b
}

/** Of two policies that apply together both must allow it, to the same role. */
function narrower(a: ReadonlyMap<string, Waivable>, b: ReadonlyMap<string, Waivable>): ReadonlyMap<string, Waivable> {
  const both = [...a].flatMap(([gate, own]) => {
    const other = b.get(gate)
    if (other === undefined || other.by !== own.by) return []
    return [[gate, { by: own.by, max: shorter(own.max, other.max), count: Math.max(own.count, other.count) }] as const]
  })
  return new Map(both)
}

function mergeOf(chains: readonly (readonly Policy[])[]): MergeTerms {
  const stated = chains.flat().flatMap(({ merge }) => (merge === undefined ? [] : [merge]))
  const methods = [
    ...new Set(chains.flatMap((chain) => chain.findLast(({ merge }) => merge?.method)?.merge?.method ?? [])),
  ]
  const method = methods[0] ?? METHOD
  const manual = (because: string): MergeTerms => ({ automatic: false, method, because })
  if (methods.length > 1) return manual(`policies that apply together ask for ${methods.join(' and ')}`)
  const asking = chains.filter((chain) => chain.some(({ merge }) => merge?.automatic === true))
  if (asking.length === 0) return manual('no policy says merge: {automatic: true}')
  if (stated.some(({ automatic }) => automatic === false)) return manual('a policy says merge: {automatic: false}')
  return { automatic: true, method, because: 'the policy says merge: {automatic: true}' }
}

/**
 * What some policies allow, taken together.
 *
 * @param chains  one for each policy that applies, what it extends first; a model's own policy only takes leave away
 * @param own     of the model, null when it has none
 * @param central the operator's with what it extends; it too only takes leave away, so that nothing is waived that it
 *   does not let be waived, and nothing is merged by the app that the repository did not ask to be
 */
export function leavesOf(
  chains: readonly (readonly Policy[])[],
  own: Policy | null,
  central: readonly Policy[] | null = null,
): Leaves {
  const [first = new Map<string, Waivable>(), ...others] = chains.map(lastWords)
  const forbidding = [own, ...(central ?? [])].filter((policy) => policy?.merge?.automatic === false)
  return {
    waivable: [...others, ...(central === null ? [] : [lastWords(central)])].reduce(narrower, first),
    merge: mergeOf([...chains, ...forbidding.map((policy) => (policy === null ? [] : [policy]))]),
  }
}
