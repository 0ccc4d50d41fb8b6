import type { WindowColumn } from './drift-column.ts'
import { pcg32 } from './pcg32.ts'

/**
 * An order of rows that depends on what they hold and on the seed, not on the order they came in.
 *
 * Rows are sorted by a digest of their values, then shuffled: whatever is cut or dealt by place afterwards is a random
 * choice, and the same one for the same rows.
 *
 * @param columns  one or more columns of one window, each of as many rows, themselves in a settled order
 * @param seed     whole number, 0 or more
 * @param stream   name of the window, so that two windows are shuffled apart
 * @returns the places of the rows
 * @example [...settledOrder([{ type: 'number', values: Float64Array.of(7), nulls: Uint8Array.of(0) }], 0, 'a')] // => [0]
 */
export function settledOrder(columns: readonly WindowColumn[], seed: number, stream: string): Uint32Array {
  const rows = columns[0] === undefined ? 0 : lengthOf(columns[0])
  const keys = digestsOf(columns, rows)
  const order = Uint32Array.from({ length: rows }, (_, row) => row).sort((a, b) => keys[a]! - keys[b]!)
  const { integer } = pcg32(seed, stream)
  for (let place = rows - 1; place > 0; place--) {
    const other = integer(place + 1)
    const held = order[place]!
    order[place] = order[other]!
    order[other] = held
  }
  return order
}

/** The rows of a column at those places. */
export function takeFromColumn(column: WindowColumn, order: Uint32Array): WindowColumn {
  if ('codes' in column) {
    const codes = new Int32Array(order.length)
    for (let place = 0; place < order.length; place++) codes[place] = column.codes[order[place]!]!
    return { ...column, codes }
  }
  const values = new Float64Array(order.length)
  const nulls = new Uint8Array(order.length)
  for (let place = 0; place < order.length; place++) {
    values[place] = column.values[order[place]!]!
    nulls[place] = column.nulls[order[place]!]!
  }
  return { ...column, values, nulls }
}

function lengthOf(column: WindowColumn): number {
  return 'codes' in column ? column.codes.length : column.values.length
}

/** 53 bits a row: two lanes of multiplied and turned words. */
function digestsOf(columns: readonly WindowColumn[], rows: number): Float64Array {
  const lanes = new Uint32Array(2 * rows)
  for (const column of columns) {
    const words = wordsOf(column, rows)
    for (let row = 0; row < rows; row++) {
      lanes[2 * row] = turned(lanes[2 * row]! ^ words[2 * row]!, 0x9e3779b1)
      lanes[2 * row + 1] = turned(lanes[2 * row + 1]! + words[2 * row + 1]! + 1, 0x85ebca77)
    }
  }
  const digests = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    digests[row] =
      (turned(lanes[2 * row]!, 0xc2b2ae3d) >>> 0) * 2 ** 21 + (turned(lanes[2 * row + 1]!, 0x27d4eb2f) >>> 11)
  }
  return digests
}

function turned(word: number, by: number): number {
  const mixed = Math.imul(word ^ (word >>> 15), by)
  return (mixed ^ (mixed >>> 13) ^ (mixed << 7)) >>> 0
}

/** Two words of 32 bits a row that are equal where the values are. */
function wordsOf(column: WindowColumn, rows: number): Uint32Array {
  if ('codes' in column) {
    const names = column.values.map((value) => [nameWord(value, 0x811c9dc5), nameWord(value, 0x01234567)] as const)
    const words = new Uint32Array(2 * rows)
    for (let row = 0; row < rows; row++) {
      const [first, second] = names[column.codes[row]!] ?? [0xffffffff, 0]
      words[2 * row] = turned(first, 0x9e3779b1)
      words[2 * row + 1] = second
    }
    return words
  }
  const settled = Float64Array.from(column.values, (value, row) => (column.nulls[row] === 1 ? Number.NaN : value + 0))
  const halves = new Uint32Array(settled.buffer)
  for (let row = 0; row < rows; row++) {
    const [low, high] = [halves[2 * row]!, halves[2 * row + 1]!]
    halves[2 * row] = turned(low ^ Math.imul(high, 0x85ebca77), 0x9e3779b1)
    halves[2 * row + 1] = turned(high + Math.imul(low, 0xc2b2ae3d), 0x85ebca77)
  }
  return halves
}

function nameWord(name: string, start: number): number {
  let hash = start
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
