import type { RowBlocks } from '../statistics/drift-column.ts'

const DAY = 86_400_000
const YEAR_DAYS = 365
/** A calendar window one year before may begin and end so much earlier or later. */
const SLACK = 7 * DAY

export const SEASONS = ['none', 'week', 'year'] as const
export type Season = (typeof SEASONS)[number]
export const CALIBRATIONS = ['rows', 'windows'] as const
export type Calibration = (typeof CALIBRATIONS)[number]

/** How time enters: which column tells it, what the threshold allows for, and which rows are the reference. */
export interface PeriodTerms {
  readonly time: string
  readonly calibrate: Calibration
  /** Length of a window of time, in milliseconds. */
  readonly windowMs: number
  readonly season: Season
}

/** A time column in row order; `nulls` is 1 where there is none. */
export interface Times {
  readonly values: Float64Array
  readonly nulls: Uint8Array
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY }

/**
 * A length of time in milliseconds, as model.yml writes it.
 *
 * @returns null when it is none, or 0
 * @example millisecondsOf('7d') // => 604800000
 */
export function millisecondsOf(text: string): number | null {
  const [, count, unit] = /^(\d{1,4})([smhdw])$/.exec(text) ?? []
  return count === undefined || Number(count) === 0 ? null : Number(count) * UNITS[unit ?? '']!
}

/**
 * Cuts rows into windows of equal length from the first day on; a last window that is not full is no window.
 *
 * @param times     ms since 1970 UTC
 * @param windowMs  over 0; from a day on, windows begin at midnight UTC
 * @returns the window of each row, -1 where it has none
 * @example blocksOfTime({ values: new Float64Array([0, 5, 10, 25]), nulls: new Uint8Array(4) }, 10).count // => 2
 */
export function blocksOfTime({ values, nulls }: Times, windowMs: number): RowBlocks {
  const [first, last] = rangeOf({ values, nulls })
  const isDays = windowMs % DAY === 0
  const start = isDays ? Math.floor(first / DAY) * DAY : first
  // A day counts as full once it has a row: nobody's last row is of midnight
  const end = isDays ? (Math.floor(last / DAY) + 1) * DAY : last
  const count = Number.isFinite(start) ? Math.max(0, Math.floor((end - start) / windowMs)) : 0
  const of = new Int32Array(values.length).fill(-1)
  for (let row = 0; row < values.length; row++) {
    const block = Math.floor((values[row]! - start) / windowMs)
    if (nulls[row] === 0 && block >= 0 && block < count) of[row] = block
  }
  return { of, count }
}

/**
 * So many rows one after the other, where nothing tells their time: chunks of equal size.
 *
 * @param rows   0 or more
 * @param count  1 or more
 * @example [...chunksOfRows(5, 2).of] // => [0, 0, 0, 1, 1]
 */
export function chunksOfRows(rows: number, count: number): RowBlocks {
  const size = Math.max(1, Math.ceil(rows / count))
  return { of: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size)), count: Math.ceil(rows / size) }
}

/**
 * The first and last time; both NaN when there is none.
 *
 * @example rangeOf({ values: new Float64Array([3, 1]), nulls: new Uint8Array(2) }) // => [1, 3]
 */
export function rangeOf({ values, nulls }: Times): readonly [number, number] {
  let [first, last] = [Infinity, -Infinity]
  for (let row = 0; row < values.length; row++) {
    if (nulls[row] !== 0 || !Number.isFinite(values[row])) continue
    first = Math.min(first, values[row]!)
    last = Math.max(last, values[row]!)
  }
  return first <= last ? [first, last] : [Number.NaN, Number.NaN]
}

/**
 * Rows of the reference that are of the current window's season: of the same weekdays, or of the same calendar days one
 * year before, a week earlier or later at most.
 *
 * @returns 1 for a row that counts; null when no row does, so that the whole reference has to do
 * @example seasonRows({ values: new Float64Array([0]), nulls: new Uint8Array(1) }, { values: new Float64Array([604800000]), nulls: new Uint8Array(1) }, 'week')?.[0] // => 1
 */
export function seasonRows(reference: Times, current: Times, season: Exclude<Season, 'none'>): Uint8Array | null {
  const isOfSeason = season === 'week' ? onWeekdays(current) : oneYearBefore(current)
  const kept = new Uint8Array(reference.values.length)
  let rows = 0
  for (let row = 0; row < kept.length; row++) {
    if (reference.nulls[row] !== 0 || !isOfSeason(reference.values[row]!)) continue
    kept[row] = 1
    rows++
  }
  return rows === 0 ? null : kept
}

function onWeekdays({ values, nulls }: Times): (time: number) => boolean {
  const days = new Uint8Array(7)
  for (let row = 0; row < values.length; row++) if (nulls[row] === 0) days[weekdayOf(values[row]!)] = 1
  return (time) => days[weekdayOf(time)] === 1
}

function weekdayOf(time: number): number {
  return (((Math.floor(time / DAY) + 4) % 7) + 7) % 7
}

function oneYearBefore(current: Times): (time: number) => boolean {
  const [first, last] = rangeOf(current)
  const [from, until] = [first - YEAR_DAYS * DAY - SLACK, last - YEAR_DAYS * DAY + SLACK]
  return (time) => time >= from && time <= until
}
