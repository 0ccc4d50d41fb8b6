import type { BlockSpread, ReadColumn, ReadInput, RowBlocks } from './drift-column.ts'
import type { Windows } from './drift-windows.ts'
import { sumOf } from './shares.ts'
import { sortDoubles } from './sort-doubles.ts'
import { totalVariation } from './total-variation.ts'

/** Fewer blocks than this say too little of how time moves a column. */
export const FEWEST_BLOCKS = 8
const DEVIATIONS = 3

/**
 * The rows of each block of the reference that hold a value: numbers sorted, categories counted in the windows' order.
 *
 * @param windows  of the same input
 */
export function blocksOf({ reference, blocks }: ReadInput, windows: Windows): (Float64Array | number[])[] {
  if (blocks === undefined) return []
  if (windows.kind === 'category') return countsByBlock(reference, blocks, windows.categories)
  if (!('nulls' in reference)) return []
  return numbersByBlock(reference.values, reference.nulls, blocks).map((numbers) => sortDoubles(numbers))
}

function numbersByBlock(values: Float64Array, nulls: Uint8Array, blocks: RowBlocks): Float64Array[] {
  const isIn = (row: number) => blocks.of[row]! >= 0 && nulls[row] === 0 && Number.isFinite(values[row])
  const sizes = new Uint32Array(blocks.count)
  for (let row = 0; row < values.length; row++) if (isIn(row)) sizes[blocks.of[row]!]!++
  const found = Array.from(sizes, (size) => new Float64Array(size))
  const filled = new Uint32Array(blocks.count)
  for (let row = 0; row < values.length; row++) {
    const block = blocks.of[row]!
    if (isIn(row)) found[block]![filled[block]!++] = values[row]!
  }
  return found
}

function countsByBlock(column: ReadColumn, blocks: RowBlocks, categories: readonly string[]): number[][] {
  const place = new Map(categories.map((category, index) => [category, index]))
  const counts = Array.from({ length: blocks.count }, () => new Array<number>(categories.length).fill(0))
  const placeOf = placing(column, place)
  for (let row = 0; row < blocks.of.length; row++) {
    const block = blocks.of[row]!
    const at = placeOf(row)
    if (block >= 0 && at >= 0) counts[block]![at]!++
  }
  return counts
}

/** The category of a row by its place; -1 for none. */
function placing(column: ReadColumn, place: ReadonlyMap<string, number>): (row: number) => number {
  if ('codes' in column) {
    const places = column.values.map((value) => place.get(value) ?? -1)
    return (row) => places[column.codes[row]!] ?? -1
  }
  if (column.type === 'sorted') return () => -1
  return (row) => (column.nulls[row] === 0 ? (place.get(String(column.values[row])) ?? -1) : -1)
}

/**
 * How far windows of time within the reference lie from the rest of it: what drift is ordinary here.
 *
 * D of numbers, total variation of categories, of each block against all other rows.
 *
 * @returns undefined when fewer than eight blocks hold values
 * @example blockSpread({ kind: 'category', categories: ['a'], reference: [9], current: [9] }, []) // => undefined
 */
export function blockSpread(windows: Windows, blocks: readonly (Float64Array | number[])[]): BlockSpread | undefined {
  const distances = blocks.flatMap((block) => distanceFromRest(windows, block) ?? [])
  if (distances.length < FEWEST_BLOCKS) return undefined
  const mean = sumOf(distances) / distances.length
  const squares = sumOf(distances.map((distance) => (distance - mean) ** 2))
  const sd = Math.sqrt(squares / (distances.length - 1))
  return { count: distances.length, mean, sd, threshold: mean + DEVIATIONS * sd }
}

/** null: the block holds no value, or all of them. */
function distanceFromRest(windows: Windows, block: Float64Array | number[]): number | null {
  if (windows.kind === 'number') return distanceWithin(windows.reference, block as Float64Array)
  const rest = windows.reference.map((rows, category) => rows - block[category]!)
  if (sumOf(block) === 0 || sumOf(rest) === 0) return null
  return totalVariation(rest, block)
}

/**
 * The largest distance between the distribution of some rows and that of all others.
 *
 * Between two of its own numbers a block's distribution stands still and the rest's only rises, so the distance is
 * largest just before or at one of its own: a search for each instead of a walk through all.
 *
 * @param all   ascending, the block's numbers among them
 * @param part  ascending
 * @returns null when the block holds no number, or all of them
 * @example distanceWithin(new Float64Array([1, 2, 3, 4]), new Float64Array([1, 2])) // => 1
 */
export function distanceWithin(all: Float64Array, part: Float64Array): number | null {
  const others = all.length - part.length
  if (part.length === 0 || others === 0) return null
  let widest = 0
  let at = 0
  for (let i = 0; i < part.length; ) {
    const value = part[i]!
    let end = i + 1
    while (end < part.length && part[end] === value) end++
    const from = firstNotUnder(all, value, at)
    at = firstOver(all, value, from)
    const before = Math.abs(i / part.length - (from - i) / others)
    const after = Math.abs(end / part.length - (at - end) / others)
    widest = Math.max(widest, before, after)
    i = end
  }
  return widest
}

function firstNotUnder(sorted: Float64Array, value: number, from: number): number {
  return leap(sorted, from, (x) => x < value)
}

function firstOver(sorted: Float64Array, value: number, from: number): number {
  return leap(sorted, from, (x) => x <= value)
}

/** The first place from `from` on where the claim no longer holds: steps that double, then a bisection. */
function leap(sorted: Float64Array, from: number, holds: (x: number) => boolean): number {
  let step = 1
  let low = from
  while (low + step < sorted.length && holds(sorted[low + step]!)) {
    low += step
    step *= 2
  }
  let high = Math.min(sorted.length, low + step)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
