import type { Model } from '../registry/model.ts'
import type { GroupKey } from './evidence.ts'

type Value = GroupKey[string]

/** The word that statistics give a pool of small groups, in every column. */
const POOLED = '(others)'

/** Whether a group is a pool of small ones. */
export function isPool(group: GroupKey): boolean {
  const values = Object.values(group)
  return values.length > 0 && values.every((value) => value === POOLED)
}

/** Whether model.yml lists this value of a column, so that anybody who reads the repository knows it, and it is nobody's secret. */
export function isDeclared(model: Model, column: string, value: Value): boolean {
  const entries = [...(model.features ?? []), ...(model.sensitive ?? [])].flatMap((entry) =>
    typeof entry !== 'string' && entry.name === column ? [entry] : [],
  )
  if (entries.some(({ personal }) => personal === true)) return false
  return entries.some(({ values }) => values?.some((known) => String(known) === String(value)))
}

/** A group and how large it is. */
export interface Sized {
  readonly group: GroupKey
  readonly rows: number
}

export type Renaming = (group: GroupKey) => GroupKey

/**
 * Neutral names for values that nobody declared: `sex group 1` is the largest.
 *
 * Values are numbered by the rows that they have, which a shared listing shows anyway, so the order tells nothing of
 * the values; where rows are equal a digest of the value decides. Missing stays missing, a pool stays a pool.
 *
 * @param listings  groups by the columns they are taken across, at least one listing for each column
 */
export function neutralNames(model: Model, listings: readonly (readonly Sized[])[]): Renaming {
  const names = new Map<string, ReadonlyMap<string, string>>()
  for (const listing of listings) {
    for (const column of Object.keys(listing[0]?.group ?? {})) {
      if (!names.has(column)) names.set(column, numbered(model, column, listing))
    }
  }
  return (group) =>
    Object.fromEntries(
      Object.entries(group).map(([column, value]) => [column, renamed(model, column, value, names.get(column))]),
    )
}

function renamed(model: Model, column: string, value: Value, names: ReadonlyMap<string, string> | undefined): Value {
  if (value === null || value === POOLED || isDeclared(model, column, value)) return value
  return names?.get(String(value)) ?? `${column}, another group`
}

function numbered(model: Model, column: string, listing: readonly Sized[]): ReadonlyMap<string, string> {
  const rows = new Map<string, number>()
  for (const { group, rows: count } of listing) {
    const value = group[column] ?? null
    if (value === null || value === POOLED || isDeclared(model, column, value)) continue
    rows.set(String(value), (rows.get(String(value)) ?? 0) + count)
  }
  const order = [...rows].sort(([a, most], [b, fewer]) => fewer - most || mixed(a) - mixed(b))
  return new Map(order.map(([value], index) => [value, `${column} group ${index + 1}`]))
}

/** FNV-1a: an order that is none of the alphabet's. */
function mixed(text: string): number {
  let state = 0x811c9dc5
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return state >>> 0
}
