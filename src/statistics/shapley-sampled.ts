import { type CodedColumns, differingColumns } from './coalitions.ts'
import { askInParts, type ComposedRows, type Inquiry } from './inquiry.ts'
import { pcg32 } from './pcg32.ts'
import type { ShapleyRow } from './shapley-exact.ts'
import { shuffled } from './shuffled.ts'

interface Sampling {
  /** Antithetic pairs of orders for each background row, 2 or more. */
  readonly pairs: number
  readonly seed: number
  /** Names the stream of chance, so that a row is explained alike whatever is explained beside it. */
  readonly stream: string
}

/** One walk from a background row to the explained one: columns are swapped in this order. */
interface Walk {
  readonly other: number
  readonly order: Int32Array
  /** Where the first of its own rows stands among all that are asked; both ends are asked once for all. */
  readonly at: number
}

/**
 * Shapley values by sampled orders, each walked forwards and backwards.
 *
 * Every background row is used equally often, and the gains along a walk sum to score - its background row's score;
 * so the values sum to score - base as those of the exact method do, whatever the sample. Columns in which a
 * background row agrees with the row are not walked and gain exactly 0.
 *
 * @param codes  equal codes, equal values; any number of columns
 * @returns `se`: standard error of each value by the chance of orders, from the spread of pairs within background rows
 * @see Castro, Gomez, Tejada (2009); Mitchell et al. (2022) on antithetic orders
 */
export function* sampledShapley(
  codes: CodedColumns,
  row: number,
  background: Int32Array,
  sampling: Sampling,
): Inquiry<ShapleyRow> {
  const walks = planWalks(codes, row, background, sampling)
  const last = walks.at(-1)!
  const own = last.at + Math.max(0, last.order.length - 1)
  const ends = yield* askInParts(background.length + 1, (from, to) => endRows(row, background, from, to))
  const scores = yield* askInParts(own, (from, to) => walkedRows(codes.length, row, walks, from, to))
  const score = ends[background.length]!
  const base = mean(ends.subarray(0, background.length))
  return { score, base, ...valuesOf(codes.length, { walks, scores, ends, score }, sampling.pairs) }
}

function planWalks(
  codes: CodedColumns,
  row: number,
  background: Int32Array,
  { pairs, seed, stream }: Sampling,
): readonly Walk[] {
  const chance = pcg32(seed, `shapley ${stream}`)
  const walks: Walk[] = []
  let at = 0
  const walk = (other: number, order: Int32Array): void => {
    walks.push({ other, order, at })
    at += Math.max(0, order.length - 1)
  }
  for (const other of background) {
    const players = differingColumns(codes, row, other)
    for (let pair = 0; pair < pairs; pair++) {
      const order = shuffled(players, chance)
      walk(other, order)
      walk(other, order.toReversed())
    }
  }
  return walks
}

function endRows(row: number, background: Int32Array, from: number, to: number): ComposedRows {
  const base = Int32Array.from({ length: to - from }, (_, index) => background[from + index] ?? row)
  return { base, swapped: new Map() }
}

/** Rows `from` to `to` of all walks, walk after walk: after one swapped column, after two, up to all but one. */
function walkedRows(columns: number, row: number, walks: readonly Walk[], from: number, to: number): ComposedRows {
  const base = new Int32Array(to - from)
  const swapped = new Map(Array.from({ length: columns }, (_, column) => [column, new Int32Array(to - from)]))
  for (const { other, order, at } of walks.slice(firstAt(walks, from))) {
    if (at >= to) break
    for (let step = Math.max(0, from - at); step < order.length - 1 && at + step < to; step++) {
      const place = at + step - from
      base[place] = other
      for (const values of swapped.values()) values[place] = other
      for (let walked = 0; walked <= step; walked++) swapped.get(order[walked]!)![place] = row
    }
  }
  return { base, swapped }
}

/** The last walk that starts at or before a place. */
function firstAt(walks: readonly Walk[], place: number): number {
  let [low, high] = [0, walks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (walks[middle]!.at < place) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

interface Walked {
  readonly walks: readonly Walk[]
  readonly scores: Float64Array
  /** Of each background row, then of the row itself. */
  readonly ends: Float64Array
  readonly score: number
}

function valuesOf(columns: number, walked: Walked, pairs: number): Pick<ShapleyRow, 'values' | 'se'> {
  const games = walked.ends.length - 1
  const sums = new Float64Array(columns)
  const variances = new Float64Array(columns)
  for (let game = 0; game < games; game++) {
    const gains = Array.from({ length: pairs }, (_, pair) => pairGains(columns, walked, { game, pair, pairs }))
    for (let column = 0; column < columns; column++) {
      const own = Float64Array.from(gains, (one) => one[column]!)
      const average = mean(own)
      sums[column]! += average
      variances[column]! += own.reduce((sum, gain) => sum + (gain - average) ** 2, 0) / (pairs - 1) / pairs
    }
  }
  return { values: sums.map((sum) => sum / games), se: variances.map((variance) => Math.sqrt(variance) / games) }
}

/** Mean gain of each column over an order and its reverse. */
function pairGains(
  columns: number,
  { walks, scores, ends, score }: Walked,
  { game, pair, pairs }: { readonly game: number; readonly pair: number; readonly pairs: number },
): Float64Array {
  const gains = new Float64Array(columns)
  for (const { order, at } of walks.slice(2 * (game * pairs + pair), 2 * (game * pairs + pair) + 2)) {
    let before = ends[game]!
    order.forEach((column, step) => {
      const after = step === order.length - 1 ? score : scores[at + step]!
      gains[column]! += (after - before) / 2
      before = after
    })
  }
  return gains
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
