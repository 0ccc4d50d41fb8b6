import { readNumbers, writeNumber } from './base-128.ts'
import { bucketAt, type Place, placeOf, SAFE_BITS } from './bucket-places.ts'
import { ALL_BITS, LEAST_BITS, MOST_BUCKETS, NO_VALUES, type QuantileSketch } from './quantile-sketch.ts'

/** A sketch as files hold it. */
export interface SketchText {
  /** Whether every value has its own bucket. */
  readonly exact: boolean
  /** Bits that tell the buckets apart; of exact ones the fewest that do. */
  readonly bits: number
  /** Base64 of base-128 numbers: the first key (zigzag), then for each bucket its rows and the step to the next key. */
  readonly buckets: string
}

const LONGEST = 20 * MOST_BUCKETS

/**
 * Writes a sketch; one sketch has one text.
 *
 * @example sketchText(NO_VALUES) // => { exact: true, bits: 12, buckets: '' }
 */
export function sketchText(sketch: QuantileSketch): SketchText {
  const exact = sketch.bits === ALL_BITS
  const bits = exact ? fewestBits(sketch.keys) : sketch.bits
  const keys = Array.from(sketch.keys, (key) => placeOf(key, bits))
  const bytes: number[] = []
  for (const [index, key] of keys.entries()) {
    writeNumber(bytes, index === 0 ? zigzag(key) : step(keys[index - 1]!, key))
    writeNumber(bytes, sketch.counts[index]!)
  }
  return { exact, bits, buckets: Buffer.from(bytes).toString('base64') }
}

/**
 * Reads what `sketchText` wrote.
 *
 * @returns a sketch, or what is wrong with the text
 * @example parseSketch({ exact: true, bits: 12, buckets: 'AA==' }) // => 'buckets is cut off'
 */
export function parseSketch(text: SketchText): QuantileSketch | string {
  if (!(Number.isInteger(text.bits) && text.bits >= LEAST_BITS && text.bits <= ALL_BITS)) return 'bits must be 12 to 64'
  if (text.buckets.length > LONGEST) return `buckets is longer than ${LONGEST} characters`
  const numbers = readNumbers(Buffer.from(text.buckets, 'base64'))
  if (numbers === undefined || numbers.length % 2 !== 0) return 'buckets is cut off'
  if (numbers.length > 2 * MOST_BUCKETS) return `buckets holds more than ${MOST_BUCKETS}`
  const [keys, counts]: [number[], number[]] = [[], []]
  const wide = (number: Place) => (text.bits > SAFE_BITS ? BigInt(number) : Number(number))
  let place = wide(0)
  for (let at = 0; at < numbers.length; at += 2) {
    place = at === 0 ? unzigzag(wide(numbers[at]!)) : after(place, wide(numbers[at]!))
    const key = bucketAt(place, text.bits)
    if (key === undefined) return `bucket ${at / 2} holds no finite numbers`
    if (numbers[at + 1]! > Number.MAX_SAFE_INTEGER) return `bucket ${at / 2} holds too many rows`
    keys.push(key)
    counts.push(Number(numbers[at + 1]))
  }
  const sketch = {
    bits: text.exact ? ALL_BITS : text.bits,
    keys: Float64Array.from(keys),
    counts: Float64Array.from(counts),
  }
  return isWritten(sketch, text) ? (keys.length === 0 ? NO_VALUES : sketch) : 'buckets is not written the one way'
}

/** One sketch has one text, or two equal profiles could differ. */
function isWritten(sketch: QuantileSketch, text: SketchText): boolean {
  if (sketch.counts.includes(0) || (sketch.keys.length === 0 && !text.exact)) return false
  const again = sketchText(sketch)
  return again.exact === text.exact && again.bits === text.bits && again.buckets === text.buckets
}

/** The bits after which every key is zero. */
function fewestBits(keys: Float64Array): number {
  const all = new Uint32Array(2)
  const words = new Uint32Array(keys.slice().buffer)
  for (let i = 0; i < words.length; i++) all[i & 1]! |= words[i]!
  const zeros = all[0] !== 0 ? trailingZeros(all[0]!) : all[1] !== 0 ? 32 + trailingZeros(all[1]!) : ALL_BITS
  return Math.max(LEAST_BITS, ALL_BITS - zeros)
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word)
}

function zigzag(place: Place): Place {
  if (typeof place === 'bigint') return place < 0n ? -2n * place - 1n : 2n * place
  return place < 0 ? -2 * place - 1 : 2 * place
}

function unzigzag(number: Place): Place {
  if (typeof number === 'bigint') return (number & 1n) === 1n ? -(number + 1n) / 2n : number / 2n
  return number % 2 === 1 ? -(number + 1) / 2 : number / 2
}

/** Both are of one kind, the bigger one where there are too many bits for the other. */
function step(from: Place, to: Place): Place {
  return typeof from === 'bigint' && typeof to === 'bigint' ? to - from : Number(to) - Number(from)
}

function after(from: Place, by: Place): Place {
  return typeof from === 'bigint' && typeof by === 'bigint' ? from + by : Number(from) + Number(by)
}
