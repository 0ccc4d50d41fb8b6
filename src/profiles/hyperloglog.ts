import type { Chunk } from './chunk.ts'
import { hashOfText, mixed32 } from './hash64.ts'

/** 2^12 registers: one digit of base64 each, and a standard error of 1.04 / 64. */
const PRECISION = 12
const REGISTERS = 2 ** PRECISION
/** Bits that are left for a rank. */
const RANK_BITS = 64 - PRECISION
export const DISTINCT_ERROR = 1.04 / Math.sqrt(REGISTERS)
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Registers that have seen nothing.
 *
 * @example emptyRegisters().length // => 4096
 */
export function emptyRegisters(): Uint8Array {
  return new Uint8Array(REGISTERS)
}

/** Lets registers see numbers. */
export function noteNumbers(registers: Uint8Array, { words, length }: Chunk): void {
  for (let i = 0; i < 2 * length; i += 2) {
    // hashOfWords, written out: an object a value would cost more than the hash
    const a = words[i + 1]! ^ mixed32(words[i]! + 0x9e3779b9)
    const b = words[i]! ^ mixed32(a + 0x7f4a7c15)
    note(registers, a ^ mixed32(b + 0x94d049bb), b)
  }
}

/** Lets registers see one text. */
export function noteText(registers: Uint8Array, text: string): void {
  const { high, low } = hashOfText(text)
  note(registers, high, low)
}

function note(registers: Uint8Array, high: number, low: number): void {
  const place = low & (REGISTERS - 1)
  const rank =
    1 + (high !== 0 ? Math.clz32(high) : 32 + Math.min(RANK_BITS - 32, Math.clz32(low >>> PRECISION) - PRECISION))
  if (rank > registers[place]!) registers[place] = rank
}

/**
 * Registers that have seen what either has.
 *
 * @example mergedRegisters(emptyRegisters(), emptyRegisters()).length // => 4096
 */
export function mergedRegisters(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((rank, place) => Math.max(rank, b[place]!))
}

/**
 * How many distinct values the registers have seen, with a standard error of 1.6 %.
 *
 * Ertl's estimator: without bias from 0 up, no tables and no switching between ranges.
 *
 * @see Flajolet et al., HyperLogLog (2007); Ertl, arXiv 1702.01284, algorithm 6
 * @example distinctIn(emptyRegisters()) // => 0
 */
export function distinctIn(registers: Uint8Array): number {
  const ranks = new Float64Array(RANK_BITS + 2)
  for (const rank of registers) ranks[rank]! += 1
  let z = REGISTERS * tau(1 - ranks[RANK_BITS + 1]! / REGISTERS)
  for (let rank = RANK_BITS; rank >= 1; rank--) z = (z + ranks[rank]!) / 2
  z += REGISTERS * sigma(ranks[0]! / REGISTERS)
  return Math.round((REGISTERS / (2 * Math.LN2)) * (REGISTERS / z))
}

function sigma(share: number): number {
  if (share === 1) return Infinity
  let [x, y, z, before] = [share, 1, share, -1]
  while (z !== before) {
    x *= x
    before = z
    z += x * y
    y += y
  }
  return z
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let [x, y, z, before] = [share, 1, 1 - share, -1]
  while (z !== before) {
    x = Math.sqrt(x)
    before = z
    y /= 2
    z -= (1 - x) ** 2 * y
  }
  return z / 3
}

/**
 * Registers as text, one digit each.
 *
 * @example registersText(emptyRegisters()).length // => 4096
 */
export function registersText(registers: Uint8Array): string {
  return Array.from(registers, (rank) => DIGITS[rank]).join('')
}

/**
 * Reads what `registersText` wrote.
 *
 * @returns undefined for any other text
 * @example parseRegisters('A') // => undefined
 */
export function parseRegisters(text: string): Uint8Array | undefined {
  if (text.length !== REGISTERS) return undefined
  const registers = Uint8Array.from(text, (digit) => DIGITS.indexOf(digit))
  return registers.every((rank) => rank <= RANK_BITS + 1) ? registers : undefined
}
