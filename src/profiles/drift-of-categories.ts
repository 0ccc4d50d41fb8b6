import { type ColumnStatistics, statisticsOf } from '../statistics/drift-statistics.ts'
import type { Windows } from '../statistics/drift-windows.ts'
import { sumOf } from '../statistics/shares.ts'
import type { CategoryCounts } from './category-counts.ts'
import type { ProfiledStatistics, StatisticErrors } from './drift-of-numbers.ts'

type CategoryWindows = Extract<Windows, { readonly kind: 'category' }>

/** Stands for all categories that are not listed; no category of a file can be called so. */
const OTHERS = '\uffff(others)'

/**
 * Two counts of categories as drift takes them from rows; what is in no count becomes one category.
 *
 * @example categoryWindows({ values: new Map([['a', 1]]), others: 0, shortfall: 0, registers: null }, { values: new Map([['b', 2]]), others: 0, shortfall: 0, registers: null }).current // => [0, 2]
 */
export function categoryWindows(reference: CategoryCounts, current: CategoryCounts): CategoryWindows {
  const others = reference.others + current.others > 0 ? [OTHERS] : []
  const categories = [...[...new Set([...reference.values.keys(), ...current.values.keys()])].sort(), ...others]
  const rowsOf = (counts: CategoryCounts) =>
    categories.map((category) => (category === OTHERS ? counts.others : (counts.values.get(category) ?? 0)))
  return { kind: 'category', categories, reference: rowsOf(reference), current: rowsOf(current) }
}

/**
 * The statistics that drift takes from rows, from two counts of categories: the same ones where every category is
 * counted. Else the total variation is off by at most the share of rows in no count, and nothing bounds the others.
 */
export function driftOfCategories(reference: CategoryCounts, current: CategoryCounts): ProfiledStatistics {
  const windows = categoryWindows(reference, current)
  const statistics = statisticsOf(windows)
  return { statistics, errors: errorsOf(statistics, windows, reference.others, current.others) }
}

function errorsOf(
  { shown }: ColumnStatistics,
  windows: CategoryWindows,
  before: number,
  after: number,
): StatisticErrors {
  if (before + after === 0) return Object.fromEntries(Object.keys(shown).map((name) => [name, 0]))
  const unknown = before / sumOf(windows.reference) + after / sumOf(windows.current)
  return Object.fromEntries(
    Object.keys(shown).map((name) => [name, name === 'total_variation' ? Math.min(1, unknown) : null]),
  )
}
