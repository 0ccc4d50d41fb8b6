import { resamplesFor } from '../statistics/bootstrap.ts'
import type { Grouping } from '../statistics/group-rows.ts'
import { pcg32 } from '../statistics/pcg32.ts'

/** Fewer units than this have no interval. */
export const FEWEST_UNITS = 20

/** Sums over the rows of each group, in every resample of units. */
export interface UnitDraws {
  readonly resamples: number
  /** The sum of one slot of one group, a number each resample. */
  of(group: number, slot: number): Float64Array
}

/**
 * Draws as many units as there are, with replacement, each with all of its rows, and adds up what rows put into the
 * slots of their group.
 *
 * Rows of one unit that share a slot are added up before, so a resample costs what units hold, not what rows do. The
 * order of rows does not matter beyond the order in which units first appear.
 *
 * @param unit    a code a row; equal codes belong together
 * @param slots   how many sums each group has
 * @param put     calls `add(slot, amount)` for a row
 * @param stream  name of the stream of chance
 */
export function drawUnits(
  { groups, indexOf }: Grouping,
  unit: Int32Array,
  slots: number,
  put: (row: number, add: (slot: number, amount: number) => void) => void,
  stream: string,
): UnitDraws {
  const resamples = resamplesFor(unit.length)
  const { units, entries } = entriesOf(indexOf, unit, slots, put)
  const width = groups.length * slots
  const sums = new Float64Array(width * resamples)
  const generator = pcg32(0, stream)
  const times = new Float64Array(units)
  for (let draw = 0; draw < resamples; draw++) {
    times.fill(0)
    for (let drawn = 0; drawn < units; drawn++) times[generator.integer(units)]! += 1
    for (let entry = 0; entry < entries.amount.length; entry++)
      sums[entries.place[entry]! * resamples + draw]! += times[entries.unit[entry]!]! * entries.amount[entry]!
  }
  return {
    resamples,
    of: (group, slot) => sums.subarray((group * slots + slot) * resamples, (group * slots + slot + 1) * resamples),
  }
}

/** The same sums over all rows, once: a "resample" that holds each row once. */
export function sumOnce(
  { groups, indexOf }: Grouping,
  slots: number,
  put: (row: number, add: (slot: number, amount: number) => void) => void,
): UnitDraws {
  const sums = new Float64Array(groups.length * slots)
  let group = 0
  const add = (slot: number, amount: number) => {
    sums[group * slots + slot]! += amount
  }
  for (let row = 0; row < indexOf.length; row++) {
    group = indexOf[row]!
    put(row, add)
  }
  return { resamples: 1, of: (at, slot) => sums.subarray(at * slots + slot, at * slots + slot + 1) }
}

function entriesOf(
  indexOf: Int32Array,
  unit: Int32Array,
  slots: number,
  put: (row: number, add: (slot: number, amount: number) => void) => void,
) {
  const codes = new Map<number, number>()
  const amounts = new Map<number, number>()
  const places = 1 + indexOf.reduce((most, group) => Math.max(most, group), 0)
  const width = places * slots
  let start = 0
  const add = (slot: number, amount: number) => {
    amounts.set(start + slot, (amounts.get(start + slot) ?? 0) + amount)
  }
  for (let row = 0; row < unit.length; row++) {
    const code = codes.get(unit[row]!) ?? codes.size
    if (code === codes.size) codes.set(unit[row]!, code)
    start = code * width + indexOf[row]! * slots
    put(row, add)
  }
  const keys = [...amounts.keys()]
  return {
    units: codes.size,
    entries: {
      unit: Int32Array.from(keys, (key) => Math.floor(key / width)),
      place: Int32Array.from(keys, (key) => key % width),
      amount: Float64Array.from(amounts.values()),
    },
  }
}

/** Up to so many independent rows are resampled one by one. */
const MOST_ROWS = 20_000
const HANDS = 4000

/**
 * Units of rows that do not belong together: each row one, or, of many rows, dealt at random into 4,000 hands.
 *
 * A hand is a small sample like any other, so that resampled hands spread as resampled rows do (the standard error is
 * then known to about 1 %), at a cost that does not grow with the rows. Seeded.
 *
 * @param rows  how many there are
 * @example unitsOfRows(3)[2] // => 2
 */
export function unitsOfRows(rows: number): Int32Array {
  if (rows <= MOST_ROWS) return Int32Array.from({ length: rows }, (_, row) => row)
  const generator = pcg32(0, 'hands of rows')
  return new Int32Array(rows).map(() => generator.integer(HANDS))
}

/** How many units these rows belong to. */
export function countUnits(unit: Int32Array): number {
  return new Set(unit).size
}
