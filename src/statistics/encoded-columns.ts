import type { DriftInput, WindowColumn } from './drift-column.ts'
import { quantile } from './quantile.ts'

/** A column of both windows as finite numbers, by what the reference taught. */
export interface EncodedColumn {
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** Values beyond these quantiles of the reference count as the quantile: one typing error must not stretch the scale. */
const LOW = 0.001
const HIGH = 0.999

/**
 * Makes numbers of a column, as NannyML does for its reconstruction error: a category becomes its share of the reference, a
 * missing number the reference's mean. Ours besides: numbers are cut at the reference's 0.1 % and 99.9 % quantiles.
 *
 * @throws {RangeError} when a column that is to be read as numbers holds text
 */
export function encodedColumn({ column, kind, reference, current }: DriftInput): EncodedColumn {
  if (kind === 'category') return byShare(reference, current)
  if (!('nulls' in reference && 'nulls' in current)) throw new RangeError(`column ${column} holds text, not numbers`)
  const sorted = reference.values.filter((value, row) => reference.nulls[row] === 0 && Number.isFinite(value)).sort()
  const [low, high] = sorted.length === 0 ? [0, 0] : [quantile(sorted, LOW), quantile(sorted, HIGH)]
  const cut = (value: number) => Math.min(Math.max(value, low), high)
  const mean = sorted.length === 0 ? 0 : sorted.reduce((sum, value) => sum + cut(value), 0) / sorted.length
  const numbers = (window: typeof reference) =>
    window.values.map((value, row) => (window.nulls[row] === 0 && !Number.isNaN(value) ? cut(value) : mean))
  return { reference: numbers(reference), current: numbers(current) }
}

function byShare(reference: WindowColumn, current: WindowColumn): EncodedColumn {
  const before = keysOf(reference)
  const counts = new Map<string | number, number>()
  for (const key of before) counts.set(key, (counts.get(key) ?? 0) + 1)
  const share = (key: string | number) => (counts.get(key) ?? 0) / before.length
  return { reference: Float64Array.from(before, share), current: Float64Array.from(keysOf(current), share) }
}

/** What each row holds; NaN, which a map finds again, where nothing. */
function keysOf(column: WindowColumn): (string | number)[] {
  if ('codes' in column) return Array.from(column.codes, (code) => (code < 0 ? Number.NaN : column.values[code]!))
  return Array.from(column.values, (value, row) => (column.nulls[row] === 0 ? String(value) : Number.NaN))
}
