import type { Interval } from '../statistics/estimate.ts'

/**
 * A measured number as people read it: four significant digits, thousands apart, no exponent unless it is tiny.
 *
 * @example numberText(0.871234) // => '0.8712'
 * @example numberText(12345.6) // => '12,350'
 */
export function numberText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return 'undefined'
  const rounded = Number(value.toPrecision(digits))
  return plain(Number.isFinite(rounded) ? rounded : value)
}

/** Like `numberText`, with as many digits as it takes to tell the number from a limit that it does not equal. */
export function numberTextBeside(value: number, limit: number): string {
  for (let digits = 4; digits < 15; digits += 1) {
    const text = numberText(value, digits)
    if (text !== exactText(limit)) return text
  }
  return exactText(value)
}

/** A number that somebody wrote down, with all its digits. */
export function exactText(value: number): string {
  return plain(value)
}

/** `[0.86, 0.8825]`: as many decimals at both ends as the larger one needs for four digits. */
export function intervalText([low, high]: Interval): string {
  const largest = Math.max(Math.abs(low), Math.abs(high))
  if (largest === 0 || !Number.isFinite(largest)) return `[${numberText(low)}, ${numberText(high)}]`
  const decimals = 3 - Math.floor(Math.log10(largest))
  const end = (value: number) => plain(Number(value.toFixed(Math.min(100, Math.max(0, decimals)))))
  return `[${end(low)}, ${end(high)}]`
}

/** Share 0 to 1 as `4.5 %`. */
export function percentText(share: number): string {
  return `${numberText(share * 100, 3)} %`
}

/** `4,600 rows`, `1 row`. */
export function countText(count: number, noun: string): string {
  return `${plain(Math.round(count))} ${count === 1 ? singular(noun) : noun}`
}

/** `age, sex and 3 more` */
export function listText(names: readonly string[], most = 8): string {
  const shown = names.length > most + 1 ? names.slice(0, most) : names
  const rest = names.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  const last = parts.at(-1)
  return parts.length < 2 ? (last ?? 'none') : `${parts.slice(0, -1).join(', ')} and ${last}`
}

/** The nearest number of so many significant digits that is not smaller, but for the dust of arithmetic on doubles. */
export function roundedUp(value: number, digits = 4): number {
  if (value === 0) return 0
  const near = Number(value.toPrecision(digits))
  return near >= value - Math.abs(value) * 1e-12 ? near : Number((near + stepOf(value, digits)).toPrecision(digits))
}

/** The nearest number of so many significant digits that is not larger. */
export function roundedDown(value: number, digits = 4): number {
  return -roundedUp(-value, digits)
}

function stepOf(value: number, digits: number): number {
  return 10 ** (Math.floor(Math.log10(Math.abs(value))) - digits + 1)
}

function plain(value: number): string {
  if (value === 0) return '0'
  const text = String(value)
  if (text.includes('e')) return text
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

function singular(noun: string): string {
  return noun.replace(/s$/, '')
}
