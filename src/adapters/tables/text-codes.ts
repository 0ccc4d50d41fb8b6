import { randomInt } from 'node:crypto'
import { textsOf } from './vectors.ts'

/** The distinct texts of one column, numbered as they appear. */
export interface TextCodes {
  /** Grows while rows are encoded. */
  readonly values: readonly string[]
  /** Characters of all values together. */
  readonly characters: () => number
  /** Writes the codes of a VARCHAR vector's rows from `at` on; -1 is null. */
  encode(vector: TextVector, codes: Int32Array, at: number): void
}

export interface TextVector {
  readonly itemCount: number
  getItem(row: number): unknown
}

const FIRST_SLOTS = 1024

/**
 * Numbers texts without making a string of every row.
 *
 * The engine keeps texts of up to twelve bytes within the row; those are looked up by their bytes in an open table of
 * four words a slot. Longer ones, and each text that is new, are decoded and looked up by value.
 */
export function textCodes(): TextCodes {
  const values: string[] = []
  const byText = new Map<string, number>()
  let characters = 0
  let used = 0
  let keys = new Int32Array(FIRST_SLOTS * 4)
  let slots = new Int32Array(FIRST_SLOTS).fill(-1)

  const codeOf = (text: string): number => {
    const known = byText.get(text)
    if (known !== undefined) return known
    const code = values.push(text) - 1
    byText.set(text, code)
    characters += text.length
    return code
  }
  const grow = () => {
    const [oldKeys, oldSlots] = [keys, slots]
    keys = new Int32Array(oldKeys.length * 2)
    slots = new Int32Array(oldSlots.length * 2).fill(-1)
    for (const [slot, code] of oldSlots.entries()) {
      if (code < 0) continue
      const [a, b, c, d] = [oldKeys[4 * slot]!, oldKeys[4 * slot + 1]!, oldKeys[4 * slot + 2]!, oldKeys[4 * slot + 3]!]
      keep(freeSlot(a, b, c, d), code, a, b, c, d)
    }
  }
  /** The slot of these words, or the free one where they belong. */
  const freeSlot = (a: number, b: number, c: number, d: number): number => {
    const mask = slots.length - 1
    let slot = mixed(a, b, c, d) & mask
    while (slots[slot]! >= 0) {
      const key = 4 * slot
      if (keys[key] === a && keys[key + 1] === b && keys[key + 2] === c && keys[key + 3] === d) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }
  const keep = (slot: number, code: number, a: number, b: number, c: number, d: number) => {
    slots[slot] = code
    keys[4 * slot] = a
    keys[4 * slot + 1] = b
    keys[4 * slot + 2] = c
    keys[4 * slot + 3] = d
  }
  const shortCode = (words: Int32Array, row: number, vector: TextVector): number => {
    const [a, b, c, d] = [words[4 * row]!, words[4 * row + 1]!, words[4 * row + 2]!, words[4 * row + 3]!]
    const slot = freeSlot(a, b, c, d)
    const found = slots[slot]!
    if (found >= 0) return found
    const code = codeOf(String(vector.getItem(row)))
    keep(slot, code, a, b, c, d)
    used += 1
    if (used * 2 > slots.length) grow()
    return code
  }
  const encode = (vector: TextVector, codes: Int32Array, at: number) => {
    const { items, valid } = textsOf(vector)
    for (let row = 0; row < vector.itemCount; row++) {
      const isNull = valid !== null && ((valid[row >> 5]! >>> (row & 31)) & 1) === 0
      if (isNull) codes[at + row] = -1
      else codes[at + row] = items[4 * row]! <= 12 ? shortCode(items, row, vector) : codeOf(String(vector.getItem(row)))
    }
  }
  return { values, characters: () => characters, encode }
}

/** Odd numbers, new in every process, so that nobody can write texts that all fall into one slot. */
const KEYS = Array.from({ length: 4 }, () => randomInt(2 ** 32) | 1) as [number, number, number, number]

/** Dietzfelbinger's multilinear hash of four words; its upper bits are the good ones. */
function mixed(a: number, b: number, c: number, d: number): number {
  const sum = Math.imul(a, KEYS[0]) + Math.imul(b, KEYS[1]) + Math.imul(c, KEYS[2]) + Math.imul(d, KEYS[3])
  return (sum | 0) ^ (sum >>> 16)
}
