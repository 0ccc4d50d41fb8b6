import { DEFAULT_MAX_MB } from '../gates/artifact-request.ts'
import { MAX_DRIFTED_SHARE, MIN_EFFECT } from '../gates/drift-rule.ts'
import { durationMs } from '../gates/evaluation.ts'
import { DEFAULT_MIN_ROWS } from '../gates/limit-keys.ts'
import { canonicalJson } from '../registry/canonical-json.ts'

/** What a rule says, key by key. */
export type Terms = Readonly<Record<string, unknown>>

export interface Stricter {
  readonly value: unknown
  /** The two can't be ordered: neither is stricter, and somebody must choose. */
  readonly unordered: boolean
}

type Order = (a: unknown, b: unknown) => unknown

const ordered = (value: unknown): Stricter => ({ value, unordered: false })
const isNumber = (value: unknown): value is number => typeof value === 'number'
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isRecord = (value: unknown): value is Terms => typeof value === 'object' && value !== null && !isList(value)

/** Two values that mean the same; undefined is only itself. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonicalJson(a) === canonicalJson(b)
}

/** Of two numbers the smaller; of two records the union, each key by the same order; else no answer. */
const lower: Order = (a, b) => (isNumber(a) && isNumber(b) ? Math.min(a, b) : byKey(a, b, lower))
const higher: Order = (a, b) => (isNumber(a) && isNumber(b) ? Math.max(a, b) : byKey(a, b, higher))
const shorter: Order = (a, b) => (durationMs(String(a)) <= durationMs(String(b)) ? a : b)
const longer: Order = (a, b) => (durationMs(String(a)) >= durationMs(String(b)) ? a : b)
const either: Order = (a, b) => a === true || b === true
const both: Order = (a, b) => a === true && b === true

function byKey(a: unknown, b: unknown, order: Order): unknown {
  if (!isRecord(a) || !isRecord(b)) return undefined
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return Object.fromEntries(
    keys.map((key) => [key, a[key] === undefined ? b[key] : b[key] === undefined ? a[key] : order(a[key], b[key])]),
  )
}

function distinct(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()]
}
const united: Order = (a, b) => (isList(a) && isList(b) ? distinct([...a, ...b]) : undefined)
const common: Order = (a, b) =>
  isList(a) && isList(b) ? a.filter((value) => b.some((other) => isSame(value, other))) : undefined

/** Two tables of limits as one: every limit, and the lower where both have it. */
const leastOfEach: Order = (a, b) => {
  const [left, right] = [a as Readonly<Record<string, number>>, b as Readonly<Record<string, number>>]
  const lowest = Object.entries(right).map(([key, limit]) => [key, Math.min(limit, left[key] ?? limit)])
  return { ...left, ...Object.fromEntries(lowest) }
}

/** Words from the most lenient to the strictest. */
function ranked(...words: readonly string[]): Order {
  return (a, b) => {
    const [rankA, rankB] = [words.indexOf(String(a)), words.indexOf(String(b))]
    return rankA === -1 || rankB === -1 ? undefined : rankA >= rankB ? a : b
  }
}

/** hold is stricter than any review; two different reviewers are neither: nobody but hold satisfies both. */
const holdFirst: Order = () => 'hold'

const ORDERS: Readonly<Record<string, Order>> = {
  advisory: both,
  required: either,
  confidence: higher,
  count: higher,
  min_effect: lower,
  max_importance: leastOfEach,
  for: longer,
  max_age: shorter,
  at_least: ranked('claimed', 'attested', 'recomputed'),
  record: ranked('declared', 'registered'),
  schema: ranked('off', 'lenient', 'strict'),
  small_groups: ranked('report', 'pool', 'hold'),
  adjust: ranked('none', 'bonferroni'),
  on_inconclusive: holdFirst,
  require: united,
  critical: united,
  columns: united,
  tasks: united,
  workflows: common,
}

/** Keys whose absence is the strictest that can be said: always, for every task and column, hold, binding. */
const ABSENT_IS_STRICTEST = new Set(['when', 'tasks', 'columns', 'on_inconclusive', 'advisory'])

/** What a gate takes where a rule is silent. */
const DEFAULTS: Terms = {
  max_mb: DEFAULT_MAX_MB,
  min_effect: MIN_EFFECT,
  max_drifted_share: MAX_DRIFTED_SHARE,
  min_rows: DEFAULT_MIN_ROWS,
  small_groups: 'report',
  test: 'default',
  record: 'declared',
  adjust: 'none',
  batch: 1,
  count: 1,
  at_least: 'attested',
  workflows: [],
}

/** The order of a key, by its name: `max...` lower, `min...` higher (but `min_rows`, which no order fits). */
function orderOf(key: string): Order | undefined {
  if (Object.hasOwn(ORDERS, key)) return ORDERS[key]
  if (key === 'min_rows') return undefined
  if (/(^|_)max(_|$)/.test(key)) return lower
  return /(^|_)min(_|$)/.test(key) ? higher : undefined
}

/** Whether leaving a key out says something. */
export function isImplied(key: string): boolean {
  return Object.hasOwn(DEFAULTS, key) || ABSENT_IS_STRICTEST.has(key)
}

/** What a key that is not written means beside a file that writes it. */
function impliedBy(key: string): unknown {
  return Object.hasOwn(DEFAULTS, key) ? DEFAULTS[key] : undefined
}

/**
 * Of two values of one key the stricter.
 *
 * An absent value counts as what the gate takes by itself; for a limit that is no limit, so the other one counts; for
 * `when`, `tasks`, `columns`, `on_inconclusive` and `advisory` it is the strictest. Equal values need no order.
 *
 * @returns `unordered` when the values differ and neither is stricter; `value` is then a
 */
export function stricterValue(key: string, a: unknown, b: unknown): Stricter {
  if (isSame(a, b)) return ordered(a)
  if ((a === undefined || b === undefined) && ABSENT_IS_STRICTEST.has(key)) return ordered(undefined)
  const [left, right] = [a ?? impliedBy(key), b ?? impliedBy(key)]
  if (isSame(left, right)) return ordered(left)
  const order = orderOf(key)
  if (order === undefined) return { value: a, unordered: true }
  if (left === undefined || right === undefined) return ordered(left ?? right)
  const value = order(left, right)
  return value === undefined ? { value: a, unordered: true } : ordered(value)
}

export interface StricterTerms {
  readonly terms: Terms
  /** Keys that differ and can't be ordered. */
  readonly unordered: readonly string[]
  /** Keys for which `b` says something looser, which therefore does not count. */
  readonly ignored: readonly string[]
}

/**
 * Two statements of one rule as one, each key the stricter of the two.
 *
 * @param section  where they stand: below `on_inconclusive` a key is the name of a gate, and its value is ordered as that
 */
export function stricterTerms(a: Terms, b: Terms, section = ''): StricterTerms {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const orderedAs = (key: string) => (section === 'on_inconclusive' ? section : key)
  const results = keys.map((key) => ({ key, ...stricterValue(orderedAs(key), a[key], b[key]) }))
  return {
    terms: Object.fromEntries(results.filter(({ value }) => value !== undefined).map(({ key, value }) => [key, value])),
    unordered: results.filter(({ unordered }) => unordered).map(({ key }) => key),
    ignored: results
      .filter(
        ({ key, value, unordered }) =>
          !unordered && b[key] !== undefined && isSame(value, a[key]) && !isSame(value, b[key]),
      )
      .map(({ key }) => key),
  }
}
