import type { Column } from '../ports.ts'
import type { Estimate, Interval, Support } from '../statistics/estimate.ts'
import { measureMetric } from '../statistics/measure.ts'
import { findMetric } from '../statistics/metrics.ts'
import { takeRows } from '../statistics/picked-rows.ts'
import { quantile } from '../statistics/quantile.ts'
import type { ScoredRows } from '../statistics/scored-rows.ts'
import type { MeasuredWarning } from './measured-warning.ts'

/** Columns to slice by, aligned with the rows; the id tells rows apart when they are split. */
export interface SliceColumns {
  readonly columns: ReadonlyMap<string, Column>
  readonly id: Column | null
}

/** Some metrics of the rows that have one value, or lie in one range, of a column. */
export interface SliceMeasured {
  readonly column: string
  /** `sex = Male`, `28 < age <= 37`, `age is missing`. */
  readonly slice: string
  readonly rows: number
  readonly share: number
  readonly metrics: Readonly<Record<string, SliceMetric>>
}

export interface SliceMetric {
  readonly value: number | null
  readonly interval: Interval | null
  readonly method: string | null
  readonly support: Support
}

/** Rows of a column by the slice they are in. */
export interface Sliced {
  readonly column: string
  readonly names: readonly string[]
  /** Place of the slice, a code a row; -1 is in none. */
  readonly codes: Int32Array
}

/** Slices of one column; the rest is left out with a warning. */
const MOST_SLICES = 50
/** A number with no more values than this is cut into its values, else at its quartiles. */
const FEW_VALUES = 10

/** Metrics whose interval needs no resampling, so that many slices cost little. */
const SHOWN: Readonly<Record<ScoredRows['task'], readonly string[]>> = {
  binary: ['accuracy', 'precision', 'recall', 'roc_auc', 'brier_score'],
  multiclass: ['accuracy', 'log_loss', 'roc_auc_ovr_macro'],
  regression: ['mae'],
}

/**
 * The main metrics in every slice of every column: each category, each quartile of a number, missing values apart.
 *
 * @param confidence  two-sided level of the intervals, each for itself: of 20 slices one lies outside by chance
 */
export function measureSlices(
  rows: ScoredRows,
  { columns }: SliceColumns,
  confidence: number,
): { readonly slices: readonly SliceMeasured[]; readonly warnings: readonly MeasuredWarning[] } {
  const sliced = [...columns].map(([name, column]) => slicesOf(name, column))
  const measured = sliced.map((one) => measuredSlices(rows, one, confidence))
  return {
    slices: measured.flat(),
    warnings: sliced.flatMap((one, place) => [...leftOut(one), ...undefinedIn(one, measured[place]!)]),
  }
}

function leftOut({ column, names, codes }: Sliced): readonly MeasuredWarning[] {
  const left = codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0)
  const message = `${left} rows have rarer values of ${column} than the ${names.length} that are shown`
  return left === 0 ? [] : [{ code: 'slices_left_out', column, message }]
}

/** One warning for all slices of a column: slices of few rows lack numbers so often. */
function undefinedIn({ column }: Sliced, slices: readonly SliceMeasured[]): readonly MeasuredWarning[] {
  const lacking = (name: string) => slices.filter(({ metrics }) => metrics[name]!.interval === null).length
  const counts = Object.keys(slices[0]?.metrics ?? {}).map((name) => [name, lacking(name)] as const)
  const named = counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} in ${count}`)
  if (named.length === 0) return []
  const message = `of ${slices.length} slices of ${column} some have too few rows, or one class, for a number or its interval: ${named.join(', ')}`
  return [{ code: 'slice_undefined', column, message }]
}

function measuredSlices(
  rows: ScoredRows,
  { column, names, codes }: Sliced,
  confidence: number,
): readonly SliceMeasured[] {
  return rowsBySlice(names.length, codes).map((order, place) => {
    const own = takeRows(rows, order)
    const metrics = SHOWN[rows.task]
      .filter((name) => !isWithoutScore(rows) || findMetric(name)?.needs !== 'score')
      .map((name) => [name, told(measureMetric(own, name, { confidence }))] as const)
    const share = order.length / Math.max(1, rows.label.length)
    return { column, slice: names[place]!, rows: order.length, share, metrics: Object.fromEntries(metrics) }
  })
}

function isWithoutScore(rows: ScoredRows): boolean {
  return rows.task === 'binary' ? rows.score === null : rows.task === 'multiclass' && rows.probabilities === null
}

function told({ value, interval, method, support }: Estimate): SliceMetric {
  return { value, interval, method, support }
}

function rowsBySlice(slices: number, codes: Int32Array): readonly Uint32Array[] {
  const sizes = new Uint32Array(slices)
  for (const code of codes) if (code >= 0) sizes[code]! += 1
  const orders = Array.from(sizes, (size) => new Uint32Array(size))
  const filled = new Uint32Array(slices)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code < 0) continue
    orders[code]![filled[code]!] = row
    filled[code]! += 1
  }
  return orders
}

/** The slices of one column: categories by their rows, numbers by their values or quartiles, missing values last. */
export function slicesOf(name: string, column: Column): Sliced {
  if ('codes' in column) return byCategory(name, column)
  const known = column.values.filter((value, row) => column.nulls[row] === 0 && !Number.isNaN(value)).sort()
  const values = distinctOf(known)
  const text = (value: number) => (column.type === 'time' ? new Date(value).toISOString() : String(value))
  const isMissing = (row: number) => column.nulls[row] === 1 || Number.isNaN(column.values[row]!)
  const missing = known.length < column.values.length
  if (values !== null) {
    const names = values.map((value) => `${name} = ${text(value)}`)
    const codes = column.values.map((value, row) => (isMissing(row) ? names.length : values.indexOf(value)))
    return { column: name, names: missing ? [...names, `${name} is missing`] : names, codes: Int32Array.from(codes) }
  }
  const cuts = [...new Set([0.25, 0.5, 0.75].map((share) => quantile(known, share)))].filter(
    (cut) => cut < known.at(-1)!,
  )
  const names = [...cuts, null].map((cut, place) => rangeText(name, cuts[place - 1] ?? null, cut, text))
  const codes = column.values.map((value, row) => (isMissing(row) ? names.length : placeIn(cuts, value)))
  return { column: name, names: missing ? [...names, `${name} is missing`] : names, codes: Int32Array.from(codes) }
}

/** The values themselves, rising, where they are few. */
function distinctOf(sorted: Float64Array): readonly number[] | null {
  const values: number[] = []
  for (let place = 0; place < sorted.length && values.length <= FEW_VALUES; place++)
    if (place === 0 || sorted[place] !== sorted[place - 1]) values.push(sorted[place]!)
  return values.length > FEW_VALUES ? null : values
}

function placeIn(cuts: readonly number[], value: number): number {
  let place = 0
  while (place < cuts.length && value > cuts[place]!) place += 1
  return place
}

function rangeText(name: string, low: number | null, high: number | null, text: (value: number) => string): string {
  if (low === null) return `${name} <= ${text(high!)}`
  return high === null ? `${name} > ${text(low)}` : `${text(low)} < ${name} <= ${text(high)}`
}

function byCategory(name: string, column: Extract<Column, { readonly codes: Int32Array }>): Sliced {
  const counts = new Float64Array(column.values.length + 1)
  for (const code of column.codes) counts[code < 0 ? column.values.length : code]! += 1
  const present = [...counts.keys()].filter((place) => counts[place]! > 0)
  const shown = present
    .sort((a, b) => counts[b]! - counts[a]! || byText(column.values[a], column.values[b]))
    .slice(0, MOST_SLICES)
  const places = new Map(shown.map((value, place) => [value, place]))
  const placeOf = counts.map((_, value) => places.get(value) ?? -1)
  return {
    column: name,
    names: shown.map((place) =>
      place < column.values.length ? `${name} = ${column.values[place]}` : `${name} is missing`,
    ),
    codes: column.codes.map((code) => placeOf[code < 0 ? column.values.length : code]!),
  }
}

function byText(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  return b === undefined || (a !== undefined && a < b) ? -1 : 1
}
