import type { ComposedRows } from './inquiry.ts'

/** Values of every column in every pool row, as codes: equal codes, equal values. */
export type CodedColumns = readonly Int32Array[]

/** Columns, by index, in which two pool rows differ: the players of the game between them. */
export function differingColumns(codes: CodedColumns, row: number, other: number): Int32Array {
  const found = new Int32Array(codes.length)
  let count = 0
  for (let column = 0; column < codes.length; column++)
    if (codes[column]![row] !== codes[column]![other]) found[count++] = column
  return found.subarray(0, count)
}

/** Every row that is one background row with some of its differing columns taken from `row`; equal rows stand once. */
export interface Coalitions {
  readonly size: number
  /** For each background row, in order: where the row of each subset of its players stands, by the subset's bits. */
  readonly places: readonly Int32Array[]
  readonly players: readonly Int32Array[]
  compose(from: number, to: number): ComposedRows
}

/**
 * Lists the rows of all games between one row and a background, each distinct row once.
 *
 * Columns in which the two agree are no players: swapping them changes nothing. Rows of different games that are equal
 * in every value are found by a hash of their codes that is updated in one step from subset to subset.
 *
 * @param codes       values of the pool's rows; at most 30 columns may differ
 * @param row         pool row that is explained
 * @param background  pool rows, 1 or more
 */
export function listCoalitions(codes: CodedColumns, row: number, background: Int32Array): Coalitions {
  const players = Array.from(background, (other) => differingColumns(codes, row, other))
  const total = players.reduce((sum, { length }) => sum + 2 ** length, 0)
  const distinct = openDistinct(codes, row, total)
  const places = players.map((columns, index) => {
    const own = new Int32Array(2 ** columns.length)
    const other = background[index]!
    const hashes = subsetHashes(codes, row, other, columns)
    for (let subset = 0; subset < own.length; subset++)
      own[subset] = distinct.place(other, maskOf(subset, columns), hashes[subset]!)
    return own
  })
  return {
    size: distinct.size(),
    places,
    players,
    compose: (from, to) => composed(codes.length, row, distinct.slice(from, to)),
  }
}

function maskOf(subset: number, columns: Int32Array): number {
  let mask = 0
  for (let player = 0; player < columns.length; player++) if (subset & (1 << player)) mask |= 1 << columns[player]!
  return mask
}

/** Hash of each subset's row: the sum of its values' hashes, so one swapped value is one addition. */
function subsetHashes(codes: CodedColumns, row: number, other: number, columns: Int32Array): Int32Array {
  const hashes = new Int32Array(2 ** columns.length)
  hashes[0] = codes.reduce((sum, values, column) => (sum + hashOf(column, values[other]!)) | 0, 0)
  columns.forEach((column, player) => {
    const step = hashOf(column, codes[column]![row]!) - hashOf(column, codes[column]![other]!)
    const bit = 1 << player
    for (let subset = 0; subset < bit; subset++) hashes[bit | subset] = (hashes[subset]! + step) | 0
  })
  return hashes
}

function hashOf(column: number, code: number): number {
  let hash = Math.imul(code + 1, 0x9e3779b1) ^ Math.imul(column + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97)
  return hash ^ (hash >>> 15)
}

interface Listed {
  readonly other: Int32Array
  readonly mask: Int32Array
}

/** Distinct rows in the order in which they were first seen; open addressing, equal hashes are compared in full. */
function openDistinct(codes: CodedColumns, row: number, most: number) {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(most * 2 + 2))).fill(-1)
  const other = new Int32Array(most)
  const mask = new Int32Array(most)
  const hashes = new Int32Array(most)
  let size = 0
  const isSame = (at: number, itsOther: number, itsMask: number): boolean =>
    codes.every((values, column) => {
      const left = (mask[at]! >>> column) & 1 ? row : other[at]!
      const right = (itsMask >>> column) & 1 ? row : itsOther
      return values[left] === values[right]
    })
  const place = (itsOther: number, itsMask: number, hash: number): number => {
    let slot = hash & (slots.length - 1)
    for (let at = slots[slot]!; at >= 0; slot = (slot + 1) & (slots.length - 1), at = slots[slot]!)
      if (hashes[at] === hash && isSame(at, itsOther, itsMask)) return at
    slots[slot] = size
    other[size] = itsOther
    mask[size] = itsMask
    hashes[size] = hash
    return size++
  }
  const slice = (from: number, to: number): Listed => ({
    other: other.subarray(from, to),
    mask: mask.subarray(from, to),
  })
  return { place, slice, size: () => size }
}

function composed(columns: number, row: number, { other, mask }: Listed): ComposedRows {
  const swapped = new Map<number, Int32Array>()
  for (let column = 0; column < columns; column++)
    swapped.set(
      column,
      other.map((its, index) => ((mask[index]! >>> column) & 1 ? row : its)),
    )
  return { base: other, swapped }
}
