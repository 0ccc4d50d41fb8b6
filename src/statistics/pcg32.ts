/** A seeded source of chance: the same seed and stream give the same numbers on every machine. */
export interface Pcg32 {
  /** The next 32 bits, 0 to 2^32 - 1. */
  readonly next: () => number
  /** 0 <= x < 1, 53 bits. */
  readonly uniform: () => number
  /** 0 to n - 1, each equally likely; n from 1 to 2^32 - 1. */
  readonly integer: (n: number) => number
}

// 6364136223846793005 in two halves
const MULTIPLIER_HIGH = 0x5851f42d
const MULTIPLIER_LOW = 0x4c957f2d

/**
 * PCG32 (XSH RR 64/32): a small generator with many independent streams.
 *
 * The 64 bits of state are kept as two halves of 32, since numbers here hold 53 bits.
 *
 * @param seed    whole number, 0 to 2^53 - 1
 * @param stream  whole number, 0 to 2^53 - 1, or a name: a name picks its stream by FNV-1a
 * @throws {RangeError} when seed or stream is not such a number
 * @see O'Neill (2014), https://www.pcg-random.org
 * @example pcg32(42, 54).next() // => 2707161783
 */
export function pcg32(seed: number, stream: number | string): Pcg32 {
  const line = typeof stream === 'string' ? fnv1a(stream) : requireWhole(stream, 'stream')
  requireWhole(seed, 'seed')
  const lineHigh = Math.floor(line / 2 ** 32)
  const stepHigh = ((lineHigh << 1) | (line >>> 31)) >>> 0
  const stepLow = ((line << 1) | 1) >>> 0
  // a typed array, since a captured variable over 2^31 would be boxed at every step
  const state = new Uint32Array(2)

  function advance(): void {
    const low = state[0]!
    const sum = (Math.imul(low, MULTIPLIER_LOW) >>> 0) + stepLow
    const carry = sum >= 2 ** 32 ? 1 : 0
    state[1] =
      multiplyHigh(low) + Math.imul(state[1]!, MULTIPLIER_LOW) + Math.imul(low, MULTIPLIER_HIGH) + stepHigh + carry
    state[0] = sum
  }

  function next(): number {
    const high = state[1]!
    const low = state[0]!
    const mixed = ((((low >>> 18) | (high << 14)) ^ low) >>> 27) | (((high >>> 18) ^ high) << 5)
    const turn = high >>> 27
    advance()
    return ((mixed >>> turn) | (mixed << (-turn & 31))) >>> 0
  }

  function uniform(): number {
    const top = next() >>> 5
    return (top * 67108864 + (next() >>> 6)) / 9007199254740992
  }

  function integer(n: number): number {
    let draw = next()
    while (draw < n && draw < 2 ** 32 % n) draw = next()
    return draw % n
  }

  advance()
  const start = state[0]! + (seed % 2 ** 32)
  state[0] = start
  state[1] = state[1]! + Math.floor(seed / 2 ** 32) + (start >= 2 ** 32 ? 1 : 0)
  advance()
  return { next, uniform, integer }
}

/** The upper 32 bits of a whole number of 32 bits times the multiplier's lower half. */
function multiplyHigh(a: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const middle = aHigh * (MULTIPLIER_LOW & 0xffff) + ((aLow * (MULTIPLIER_LOW & 0xffff)) >>> 16)
  const other = aLow * (MULTIPLIER_LOW >>> 16) + (middle & 0xffff)
  return aHigh * (MULTIPLIER_LOW >>> 16) + (middle >>> 16) + (other >>> 16)
}

function fnv1a(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

function requireWhole(value: number, what: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new RangeError(`pcg32: ${what} is ${value}, it must be a whole number of 0 or more`)
}
