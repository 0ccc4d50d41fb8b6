const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/**
 * GPU seconds as hours that people read: one digit behind the point, and below a tenth of an hour one that counts.
 *
 * @example gpuHours(714240) // => '198.4'
 * @example gpuHours(43200) // => '12'
 * @example gpuHours(95) // => '0.03'
 */
export function gpuHours(seconds: number): string {
  const hours = seconds / 3600
  return String(hours < 0.1 ? Number(hours.toPrecision(1)) : Math.round(10 * hours) / 10)
}

/**
 * The month of a date.
 *
 * @example monthName('2026-11') // => 'November'
 */
export function monthName(month: string): string {
  return MONTHS[Number(month.slice(5, 7)) - 1] ?? month
}

/**
 * A span of time in the unit that fits it.
 *
 * @param seconds  0 or more
 * @example spokenSeconds(95) // => '95 seconds'
 * @example spokenSeconds(1840) // => '31 minutes'
 * @example spokenSeconds(43200) // => '12 hours'
 */
export function spokenSeconds(seconds: number): string {
  const { number, unit } = measured(seconds)
  return `${number} ${unit}`
}

/**
 * From one span of time to another, the unit named once when it is the same.
 *
 * @example spokenRange(1260, 2040) // => '21 to 34 minutes'
 * @example spokenRange(1260, 1260) // => '21 minutes'
 */
export function spokenRange(from: number, to: number): string {
  const [low, high] = [measured(from), measured(to)]
  if (low.unit !== high.unit) return `${spokenSeconds(from)} to ${spokenSeconds(to)}`
  return low.number === high.number ? spokenSeconds(from) : `${low.number} to ${spokenSeconds(to)}`
}

function measured(seconds: number): { readonly number: number; readonly unit: string } {
  if (seconds < 120) return { number: Math.round(seconds), unit: 'seconds' }
  if (seconds < 7200) return { number: Math.round(seconds / 60), unit: 'minutes' }
  return { number: Math.round(seconds / 360) / 10, unit: 'hours' }
}
