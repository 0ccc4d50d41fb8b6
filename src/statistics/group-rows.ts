/** The group of a row: a value of each column; null where the value is missing. */
export type GroupKey = Readonly<Record<string, string | number | boolean | null>>

/** A column to group by, in row order. */
export interface GroupColumn {
  readonly name: string
  /** Index into values; -1 is a missing value. */
  readonly codes: Int32Array
  readonly values: readonly (string | number | boolean)[]
}

/** Which row is in which group. */
export interface Grouping {
  readonly groups: readonly GroupKey[]
  /** Index into groups, a row each. */
  readonly indexOf: Int32Array
}

/**
 * Groups rows by one column, or by the crossing of several; a missing value is a group of its own.
 *
 * @param columns  1 or more, of equal length
 * @returns only groups that have rows, sorted by their values, null last; the order of the rows does not matter
 * @throws {RangeError} without columns, or when they differ in length
 * @example groupRows([{ name: 'sex', codes: Int32Array.of(1, 0, -1), values: ['F', 'M'] }]).groups // => [{ sex: 'F' }, { sex: 'M' }, { sex: null }]
 */
export function groupRows(columns: readonly GroupColumn[]): Grouping {
  const rows = columns[0]?.codes.length
  if (rows === undefined) throw new RangeError('groupRows: there is no column to group by')
  if (columns.some(({ codes }) => codes.length !== rows))
    throw new RangeError('groupRows: the columns differ in length')
  const ranks = columns.map(rankValues)
  let crossing: Crossing = { indexOf: new Int32Array(rows), places: [[]] }
  for (const [c, column] of columns.entries()) crossing = crossed(crossing, column.codes, ranks[c]!)
  const order = [...crossing.places.keys()].sort((a, b) => firstDifference(crossing.places[a]!, crossing.places[b]!))
  const sorted = new Map(order.map((index, place) => [index, place]))
  return {
    groups: rows === 0 ? [] : order.map((index) => keyOf(columns, ranks, crossing.places[index]!)),
    indexOf: crossing.indexOf.map((index) => sorted.get(index)!),
  }
}

interface Crossing {
  readonly indexOf: Int32Array
  /** The ranks of a group's values, one a column so far. */
  readonly places: readonly (readonly number[])[]
}

/** Splits every group by one more column; only groups that have rows come to be. */
function crossed({ indexOf, places }: Crossing, codes: Int32Array, { rankOf, values }: Ranks): Crossing {
  const found = placesFound(places.length * values.length)
  const split: (readonly number[])[] = []
  const next = new Int32Array(indexOf.length)
  for (let row = 0; row < next.length; row++) {
    const group = indexOf[row]!
    const rank = rankOf[codes[row]! + 1]!
    const name = group * values.length + rank
    const known = found.get(name)
    if (known !== undefined) {
      next[row] = known
      continue
    }
    found.set(name, split.length)
    next[row] = split.push([...places[group]!, rank]) - 1
  }
  return { indexOf: next, places: split }
}

/** Past this many possible groups a map is smaller than a table of all. */
const MOST_PLACES = 1 << 20

interface PlacesFound {
  get(name: number): number | undefined
  set(name: number, place: number): void
}

/** Where a possible group stands: looked up in a table, since a map is asked a million times. */
function placesFound(possible: number): PlacesFound {
  if (possible > MOST_PLACES) return new Map<number, number>()
  const table = new Int32Array(possible)
  return {
    get: (name) => (table[name] === 0 ? undefined : table[name]! - 1),
    set: (name, place) => {
      table[name] = place + 1
    },
  }
}

interface Ranks {
  /** Rank of code - 1; equal values share one. */
  readonly rankOf: Int32Array
  readonly values: readonly (string | number | boolean | null)[]
}

/** Values in sorted order, the missing one last; two codes of one value are one group. */
function rankValues({ values }: GroupColumn): Ranks {
  const distinct = [...new Set(values)].sort(compareValues)
  const rank = new Map(distinct.map((value, index) => [value, index]))
  return {
    rankOf: Int32Array.from([distinct.length, ...values.map((value) => rank.get(value)!)]),
    values: [...distinct, null],
  }
}

function compareValues(a: string | number | boolean, b: string | number | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : 1
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((rank, index) => rank !== b[index])
  return place < 0 ? 0 : a[place]! - b[place]!
}

function keyOf(columns: readonly GroupColumn[], ranks: readonly Ranks[], place: readonly number[]): GroupKey {
  return Object.fromEntries(columns.map(({ name }, c) => [name, ranks[c]!.values[place[c]!]!]))
}

/** `sex Female, race missing`, for messages. */
export function groupText(group: GroupKey): string {
  return Object.entries(group)
    .map(([name, value]) => `${name} ${value === null ? 'missing' : String(value).slice(0, 60)}`)
    .join(', ')
}
