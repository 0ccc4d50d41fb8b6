import type { Interval } from '../statistics/estimate.ts'
import { absoluteErrors, brierLosses } from '../statistics/losses.ts'
import type { ScoredRows } from '../statistics/scored-rows.ts'
import { type Moments, welch } from '../statistics/welch.ts'
import { canonicalOrder } from './canonical-order.ts'
import type { MeasuredWarning } from './measured-warning.ts'
import { type SliceColumns, type Sliced, slicesOf } from './slices.ts'

/** A slice that did badly on the half of the rows where it was looked for, measured on the other half. */
export interface WorstSlice {
  /** `sex = Female`, or two such joined by ` and `. */
  readonly slice: string
  readonly columns: readonly string[]
  /** What is compared: the mean of a loss. */
  readonly loss: 'brier_score' | 'error_rate' | 'mae'
  /** Rows of the slice in the half that was not searched. */
  readonly rows: number
  readonly share: number
  readonly value: number
  /** Of the other rows of that half. */
  readonly rest: number
  readonly difference: number
  readonly interval: Interval
  readonly method: 'welch'
  /** Whether the interval lies above 0: worse than the rest, beyond chance. */
  readonly is_worse: boolean
}

/** A slice of fewer rows, in either half, is no slice. */
const FEWEST_ROWS = 30
const MOST_FOUND = 5
/** Columns that are searched, and columns whose pairs are. */
const MOST_COLUMNS = 30
const MOST_PAIRED = 8

interface Searched {
  readonly names: readonly string[]
  readonly columns: readonly string[]
  /** 1 in the slice, a byte a row. */
  readonly isIn: (row: number) => boolean
  readonly strength: number
}

interface Half {
  readonly order: Int32Array
  readonly losses: Float64Array
}

/**
 * The slices that a model does worst in: single categories and quartiles, and pairs of them.
 *
 * Looked for on one half of the rows by how surely their mean loss is above that of the rest, and measured on the
 * other, so that the search cannot flatter itself: each interval holds as it stands. What is found is a reason to
 * look, never to judge.
 *
 * @param confidence  two-sided level of each interval
 */
export function worstSlices(
  rows: ScoredRows,
  columns: SliceColumns,
  confidence: number,
): { readonly slices: readonly WorstSlice[]; readonly warnings: readonly MeasuredWarning[] } {
  if (rows.unit !== null || rows.weight !== null) {
    const message = 'The worst slices are not searched where rows have units or weights.'
    return { slices: [], warnings: [{ code: 'slices_not_searched', message }] }
  }
  const { losses, loss } = lossesOf(rows)
  const order = canonicalOrder(columns.id === null ? columns.columns : new Map([['id', columns.id]]), 0)
  const middle = Math.floor(order.length / 2)
  const search = { order: order.subarray(0, middle), losses }
  const found = searched(
    [...columns.columns].map(([name, column]) => slicesOf(name, column)),
    search,
  )
  const measured = found.flatMap((one) => measuredOn({ order: order.subarray(middle), losses }, one, confidence) ?? [])
  return { slices: measured.map((one) => ({ loss, ...one })), warnings: [] }
}

function lossesOf(rows: ScoredRows): { readonly losses: Float64Array; readonly loss: WorstSlice['loss'] } {
  if (rows.task === 'regression') return { losses: absoluteErrors(rows), loss: 'mae' }
  if (rows.task === 'binary' && rows.score?.every((score) => score >= 0 && score <= 1))
    return { losses: brierLosses(rows, rows.score), loss: 'brier_score' }
  const losses = Float64Array.from(rows.label, (label, row) => (label === rows.prediction[row] ? 0 : 1))
  return { losses, loss: 'error_rate' }
}

/** The strongest slices, best first: single ones, then pairs that are stronger than both of their parts. */
function searched(all: readonly Sliced[], half: Half): readonly Searched[] {
  const sliced = all.slice(0, MOST_COLUMNS)
  const singles = sliced.flatMap((one) => singlesOf(one, half))
  const strongest = strongestColumns(sliced, singles)
  const pairs = strongest.flatMap((a, place) =>
    strongest.slice(place + 1).flatMap((b) => pairsOf(a, b, { half, singles })),
  )
  const found: Searched[] = []
  for (const one of [...singles, ...pairs].sort((a, b) => b.strength - a.strength)) {
    if (found.length === MOST_FOUND || !(one.strength > 0)) break
    const isToldAlready = found.some((known) => known.names.some((name) => one.names.includes(name)))
    if (!isToldAlready) found.push(one)
  }
  return found
}

function strongestColumns(sliced: readonly Sliced[], singles: readonly Searched[]): readonly Sliced[] {
  const best = (column: string) =>
    Math.max(...singles.filter(({ columns }) => columns[0] === column).map(({ strength }) => strength))
  return [...sliced].sort((a, b) => best(b.column) - best(a.column)).slice(0, MOST_PAIRED)
}

function singlesOf({ column, names, codes }: Sliced, half: Half): readonly Searched[] {
  const moments = momentsBy(names.length, (row) => codes[row]!, half)
  return names.flatMap((name, place) => {
    const strength = strengthOf(moments.of[place]!, moments.all)
    if (strength === null) return []
    return [{ names: [name], columns: [column], isIn: (row: number) => codes[row] === place, strength }]
  })
}

function pairsOf(
  a: Sliced,
  b: Sliced,
  { half, singles }: { readonly half: Half; readonly singles: readonly Searched[] },
): readonly Searched[] {
  const width = b.names.length
  const codeAt = (row: number) => (a.codes[row]! < 0 || b.codes[row]! < 0 ? -1 : a.codes[row]! * width + b.codes[row]!)
  const moments = momentsBy(a.names.length * width, codeAt, half)
  const strengths = new Map(singles.map(({ names, strength }) => [names[0]!, strength]))
  return moments.of.flatMap((own, place) => {
    const names = [a.names[Math.floor(place / width)]!, b.names[place % width]!]
    const strength = strengthOf(own, moments.all)
    if (strength === null || names.some((name) => (strengths.get(name) ?? 0) >= strength)) return []
    return [{ names, columns: [a.column, b.column], isIn: (row: number) => codeAt(row) === place, strength }]
  })
}

interface Sums {
  readonly rows: number
  readonly sum: number
  readonly squares: number
}

function momentsBy(slices: number, codeAt: (row: number) => number, { order, losses }: Half) {
  const [rows, sum, squares] = [new Float64Array(slices), new Float64Array(slices), new Float64Array(slices)]
  const all = { rows: order.length, sum: 0, squares: 0 }
  for (const row of order) {
    const loss = losses[row]!
    all.sum += loss
    all.squares += loss * loss
    const code = codeAt(row)
    if (code < 0) continue
    rows[code]! += 1
    sum[code]! += loss
    squares[code]! += loss * loss
  }
  const of = Array.from(rows, (count, code): Sums => ({ rows: count, sum: sum[code]!, squares: squares[code]! }))
  return { of, all }
}

/** Standard errors by which the mean loss of a slice is above that of the rest; null where either is too small. */
function strengthOf(own: Sums, all: Sums): number | null {
  const rest = { rows: all.rows - own.rows, sum: all.sum - own.sum, squares: all.squares - own.squares }
  if (own.rows < FEWEST_ROWS || rest.rows < FEWEST_ROWS) return null
  const [a, b] = [momentsOf(own), momentsOf(rest)]
  const squared = a.variance / a.rows + b.variance / b.rows
  return squared > 0 ? (a.mean - b.mean) / Math.sqrt(squared) : null
}

function momentsOf({ rows, sum, squares }: Sums): Moments {
  const mean = sum / rows
  return { rows, mean, variance: Math.max(0, squares - rows * mean * mean) / (rows - 1) }
}

function measuredOn(
  half: Half,
  { names, columns, isIn }: Searched,
  confidence: number,
): Omit<WorstSlice, 'loss'> | null {
  const moments = momentsBy(2, (row) => (isIn(row) ? 1 : 0), half)
  const [others, own] = moments.of
  if (own!.rows < FEWEST_ROWS || others!.rows < FEWEST_ROWS) return null
  const [a, b] = [momentsOf(own!), momentsOf(others!)]
  const interval = welch(a, b, confidence)
  return {
    slice: names.join(' and '),
    columns,
    rows: a.rows,
    share: a.rows / half.order.length,
    value: a.mean,
    rest: b.mean,
    difference: a.mean - b.mean,
    interval,
    method: 'welch',
    is_worse: interval[0] > 0,
  }
}
