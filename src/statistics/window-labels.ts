import type { Pcg32 } from './pcg32.ts'

/** Which rows change sides together when the windows are shuffled. */
export type Exchange =
  | { readonly kind: 'rows' }
  /** Rows of one stretch of time change places among themselves. */
  | { readonly kind: 'within'; readonly block: Int32Array }
  /** Stretches of time change sides as wholes. */
  | { readonly kind: 'blocks'; readonly block: Int32Array }

const HOUR = 3_600_000
const LENGTHS = [HOUR, 6 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 28 * 24 * HOUR]
const MOST_BLOCKS = 200
const FEWEST_BLOCKS = 5
/** Share of rows in stretches that hold both windows, from which the windows count as one time. */
const SHARED = 0.9

/**
 * How two windows are to be shuffled if nothing but time told them apart.
 *
 * Stretches are an hour, a quarter day, a day, a week or four weeks: the shortest that gives 200 of them at most. Windows of
 * the same time are shuffled within stretches, windows that follow each other by whole stretches.
 *
 * @param time     ms a row; reference first, then current
 * @param current  1 where a row is of the current window
 * @returns undefined when a time is missing or a window has fewer than five stretches: rows are all that can be shuffled
 */
export function exchangeOver(time: Float64Array, current: Uint8Array): Exchange | undefined {
  if (!time.every(Number.isFinite)) return undefined
  for (const length of LENGTHS) {
    const block = denseCodes(time.map((at) => Math.floor(at / length)))
    const sides = sidesOf(block, current)
    if (sides.length > MOST_BLOCKS) continue
    const shared = sides.filter(([before, after]) => before > 0 && after > 0)
    const rows = shared.reduce((sum, [before, after]) => sum + before + after, 0)
    if (rows >= SHARED * time.length && shared.length >= FEWEST_BLOCKS) return { kind: 'within', block }
    const counts = [sides.filter(([b, a]) => b >= a).length, sides.filter(([b, a]) => b < a).length]
    return Math.min(...counts) >= FEWEST_BLOCKS ? { kind: 'blocks', block } : undefined
  }
  return undefined
}

/** Rows of each side by stretch. */
function sidesOf(block: Int32Array, current: Uint8Array): readonly (readonly [number, number])[] {
  const sides = Array.from({ length: blocksIn(block) }, (): [number, number] => [0, 0])
  for (let row = 0; row < block.length; row++) {
    sides[block[row]!]![current[row] === 1 ? 1 : 0] += 1
  }
  return sides
}

function blocksIn(block: Int32Array): number {
  return block.reduce((most, code) => Math.max(most, code), -1) + 1
}

/** 0, 1, 2 ... in rising order of the numbers. */
function denseCodes(numbers: Float64Array): Int32Array {
  const known = [...new Set(numbers)].sort((a, b) => a - b)
  const codeOf = new Map(known.map((number, code) => [number, code]))
  return Int32Array.from(numbers, (number) => codeOf.get(number)!)
}

/**
 * The windows as chance alone might have dealt them.
 *
 * @param label  1 where a row is of the current window
 */
export function dealtAgain(label: Uint8Array, exchange: Exchange, generator: Pcg32): Uint8Array {
  if (exchange.kind === 'blocks') return blocksDealt(label, exchange.block, generator)
  const again = Uint8Array.from(label)
  for (const rows of groupsOf(exchange, label.length)) shuffle(again, rows, generator)
  return again
}

function groupsOf(exchange: Exchange, rows: number): readonly Uint32Array[] {
  const all = Uint32Array.from({ length: rows }, (_, row) => row)
  if (exchange.kind === 'rows') return [all]
  const groups = Array.from({ length: blocksIn(exchange.block) }, (): number[] => [])
  for (const row of all) groups[exchange.block[row]!]!.push(row)
  return groups.map((group) => Uint32Array.from(group))
}

function shuffle(values: Uint8Array, places: Uint32Array, generator: Pcg32): void {
  for (let place = places.length - 1; place > 0; place--) {
    const [a, b] = [places[place]!, places[generator.integer(place + 1)]!]
    const held = values[a]!
    values[a] = values[b]!
    values[b] = held
  }
}

function blocksDealt(label: Uint8Array, block: Int32Array, generator: Pcg32): Uint8Array {
  const side = Uint8Array.from(sidesOf(block, label), ([before, after]) => (after > before ? 1 : 0))
  shuffle(
    side,
    Uint32Array.from(side, (_, code) => code),
    generator,
  )
  return Uint8Array.from(block, (code) => side[code]!)
}

/** Which of the folds a row is learned without: dealt in turn within each window, whole stretches where they move together. */
export function foldsOf(label: Uint8Array, exchange: Exchange, folds: number): Uint8Array {
  const turn = [0, 0]
  if (exchange.kind !== 'blocks') return label.map((side) => turn[side]!++ % folds)
  const sides = sidesOf(exchange.block, label)
  const foldOf = sides.map(([before, after]) => turn[after > before ? 1 : 0]!++ % folds)
  return Uint8Array.from(exchange.block, (code) => foldOf[code]!)
}
