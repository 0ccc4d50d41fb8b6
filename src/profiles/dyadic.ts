/** An exact number, units x 2^power. Zero is 0 x 2^0, else units is odd: one number has one form. */
export interface Dyadic {
  readonly units: bigint
  readonly power: number
}

export const ZERO: Dyadic = { units: 0n, power: 0 }

/** Bits that a quotient keeps; a rounded double needs 53 of them. */
const QUOTIENT_BITS = 120
/** A text may say no more than a sum of doubles can hold: 2,100 bits, squares of them twice that. */
const TEXT = /^(-?)0x([1-9a-f][0-9a-f]{0,1199})p(-?(?:0|[1-9][0-9]{0,3}))$/

/**
 * The number in its one form.
 *
 * @example dyadic(12n, 0) // => { units: 3n, power: 2 }
 */
export function dyadic(units: bigint, power: number): Dyadic {
  if (units === 0n) return ZERO
  const zeros = (units & -units).toString(2).length - 1
  return zeros === 0 ? { units, power } : { units: units >> BigInt(zeros), power: power + zeros }
}

/**
 * A finite double, exactly.
 *
 * @throws {RangeError} when it is not finite
 * @example dyadicText(dyadicOf(-0.75)) // => '-0x3p-2'
 */
export function dyadicOf(number: number): Dyadic {
  if (!Number.isFinite(number)) throw new RangeError(`dyadicOf: ${number} is not finite`)
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, number)
  const bits = view.getBigUint64(0)
  const exponent = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const units = exponent === 0 ? fraction : fraction | 0x10000000000000n
  return dyadic(number < 0 ? -units : units, Math.max(1, exponent) - 1075)
}

/**
 * The exact sum: nothing is rounded, so neither order nor grouping matters.
 *
 * @example addDyadic({ units: 1n, power: -1 }, { units: 1n, power: -1 }) // => { units: 1n, power: 0 }
 */
export function addDyadic(a: Dyadic, b: Dyadic): Dyadic {
  const power = Math.min(a.power, b.power)
  return dyadic((a.units << BigInt(a.power - power)) + (b.units << BigInt(b.power - power)), power)
}

/**
 * The exact product.
 *
 * @example timesDyadic({ units: 3n, power: 0 }, { units: 1n, power: -1 }) // => { units: 3n, power: -1 }
 */
export function timesDyadic(a: Dyadic, b: Dyadic): Dyadic {
  return dyadic(a.units * b.units, a.power + b.power)
}

/**
 * The double nearest to a quotient.
 *
 * @param divisor  1 or more
 * @returns infinite when no double is that large
 * @example dividedBy({ units: 1n, power: 0 }, 3n) // => 0.333333333333
 */
export function dividedBy(dividend: Dyadic, divisor: bigint): number {
  const { units, power } = quotient(dividend, divisor)
  return scaled(Number(units), power)
}

/**
 * The square root of a quotient, right to the last bit but one.
 *
 * @param dividend  0 or more
 * @param divisor   1 or more
 * @throws {RangeError} when the dividend is under 0
 * @example rootOfQuotient({ units: 1n, power: 3 }, 2n) // => 2
 */
export function rootOfQuotient(dividend: Dyadic, divisor: bigint): number {
  if (dividend.units < 0n) throw new RangeError('rootOfQuotient: under 0')
  const { units, power } = quotient(dividend, divisor)
  const odd = Math.abs(power % 2)
  return scaled(Math.sqrt(Number(units << BigInt(odd))), (power - odd) / 2)
}

/**
 * The form that files hold, exact: hexadecimal units and a power of two, as C writes doubles.
 *
 * @example dyadicText({ units: -10n, power: 3 }) // => '-0xap3'
 */
export function dyadicText({ units, power }: Dyadic): string {
  return `${units < 0n ? '-' : ''}0x${(units < 0n ? -units : units).toString(16)}p${power}`
}

/**
 * Reads what `dyadicText` wrote.
 *
 * @returns undefined for any other text, also for another form of the same number
 * @example parseDyadic('0x3p-2') // => { units: 3n, power: -2 }
 */
export function parseDyadic(text: string): Dyadic | undefined {
  if (text === '0x0p0') return ZERO
  const [, sign, units, power] = TEXT.exec(text) ?? []
  if (units === undefined) return undefined
  const size = BigInt(`0x${units}`)
  const read = { units: sign === '-' ? -size : size, power: Number(power) }
  return (size & 1n) === 1n && dyadicText(read) === text ? read : undefined
}

/** Enough bits to round from, the last one set when something was cut off. */
function quotient({ units, power }: Dyadic, divisor: bigint): Dyadic {
  const size = units < 0n ? -units : units
  const shift = Math.max(0, QUOTIENT_BITS + bitsOf(divisor) - bitsOf(size))
  const wide = size << BigInt(shift)
  const whole = wide / divisor
  const cut = Math.max(0, bitsOf(whole) - QUOTIENT_BITS)
  const kept = (whole >> BigInt(cut)) * 2n
  const isExact = kept << BigInt(cut) === whole * 2n && whole * divisor === wide
  const found = isExact ? kept : kept + 1n
  return { units: units < 0n ? -found : found, power: power - shift + cut - 1 }
}

function bitsOf(positive: bigint): number {
  const hex = positive.toString(16)
  return 4 * hex.length - Math.clz32(Number.parseInt(hex[0] ?? '0', 16)) + 28
}

/** A factor of 2^power in steps that are doubles themselves. */
function scaled(number: number, power: number): number {
  let [value, left] = [number, power]
  for (; left < -1000; left += 1000) value *= 2 ** -1000
  for (; left > 1000; left -= 1000) value *= 2 ** 1000
  return value * 2 ** left
}
