import { ALL_BITS } from './quantile-sketch.ts'

/** Position of a bucket among all of so many bits, rising with the value: 0 begins at 0, the negative end at -1. */
export type Place = number | bigint

/** Up to so many bits, places and the steps between them are safe as doubles, which are much faster. */
export const SAFE_BITS = 50
const INFINITE = 0x7ff
/** One double seen as two words; written before it is read, always. */
const DOUBLE = new Float64Array(1)
const WORDS = new Uint32Array(DOUBLE.buffer)

/**
 * The place of a bucket.
 *
 * @param key   value with nothing after the first bits
 * @param bits  12 to 64; over 50 the answer is a bigint
 * @example placeOf(-0, 12) // => -1
 */
export function placeOf(key: number, bits: number): Place {
  DOUBLE[0] = key
  const [low, high] = [WORDS[0]!, WORDS[1]!]
  const size = high & 0x7fffffff
  if (bits > SAFE_BITS) return signed(((BigInt(size) << 32n) | BigInt(low)) >> BigInt(ALL_BITS - bits), high >= 2 ** 31)
  const place = bits <= 32 ? size >>> (32 - bits) : size * 2 ** (bits - 32) + Math.floor(low / 2 ** (ALL_BITS - bits))
  return high >= 2 ** 31 ? -1 - place : place
}

function signed(size: bigint, isNegative: boolean): bigint {
  return isNegative ? -1n - size : size
}

/**
 * The bucket at a place.
 *
 * @param place  a bigint where bits are over 50
 * @returns undefined where no finite number is
 * @example bucketAt(-1, 12) // => -0
 */
export function bucketAt(place: Place, bits: number): number | undefined {
  const isNegative = place < 0
  const [high, low] =
    typeof place === 'bigint' ? wordsOfBig(place, bits) : wordsOf(isNegative ? -1 - place : place, bits)
  if (!(high < INFINITE * 2 ** 20)) return undefined
  WORDS[0] = low
  WORDS[1] = isNegative ? high + 2 ** 31 : high
  return DOUBLE[0]
}

function wordsOf(size: number, bits: number): readonly [high: number, low: number] {
  if (bits <= 32) return [size * 2 ** (32 - bits), 0]
  const below = 2 ** (bits - 32)
  return [Math.floor(size / below), (size % below) * 2 ** (ALL_BITS - bits)]
}

function wordsOfBig(place: bigint, bits: number): readonly [high: number, low: number] {
  const word = (place < 0n ? -1n - place : place) << BigInt(ALL_BITS - bits)
  return [Number(word >> 32n), Number(word & 0xffffffffn)]
}
