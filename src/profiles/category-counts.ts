import { emptyRegisters, mergedRegisters, noteText } from './hyperloglog.ts'

/**
 * Rows of each category. Exact up to 4,096 categories; with more, the frequent ones.
 *
 * A category was counted `rows` to `rows + shortfall` times, one that is not listed up to `shortfall` times.
 */
export interface CategoryCounts {
  readonly values: ReadonlyMap<string, number>
  /** Rows that are in no count: of categories that are not listed, or not counted where they are. */
  readonly others: number
  readonly shortfall: number
  /** What saw every category; null while the counts are exact. */
  readonly registers: Uint8Array | null
}

export interface CategoryBuilder {
  add(value: string, rows: number): void
  counts(): CategoryCounts
}

export const MOST_CATEGORIES = 4096
/** Categories that are kept once there are too many; the shortfall is then at most two rows in 1,025, of merged ones three. */
export const FREQUENT = 1024
/** Longer texts are told apart by their beginning and a hash. */
export const LONGEST_VALUE = 120

export const NO_CATEGORIES: CategoryCounts = { values: new Map(), others: 0, shortfall: 0, registers: null }

/**
 * Counts categories one after the other.
 *
 * @example categoryBuilder().counts().others // => 0
 */
export function categoryBuilder(): CategoryBuilder {
  const values = new Map<string, number>()
  let [others, shortfall] = [0, 0]
  let registers: Uint8Array | null = null
  const prune = () => {
    const kept = frequent({ values: new Map(values), others, shortfall, registers })
    ;({ others, shortfall } = kept)
    values.clear()
    for (const [value, rows] of kept.values) values.set(value, rows)
  }
  return {
    add(value, rows) {
      values.set(value, (values.get(value) ?? 0) + rows)
      if (registers !== null) noteText(registers, value)
      if (values.size <= 2 * MOST_CATEGORIES) return
      registers ??= registersOf(values)
      prune()
    },
    counts() {
      if (values.size > MOST_CATEGORIES || registers !== null) {
        registers ??= registersOf(values)
        prune()
      }
      const counts = { values: new Map(values), others, shortfall, registers }
      return registers === null ? counts : withoutNoise(counts)
    },
  }
}

/**
 * The counts of the rows of both: exact where both are and the categories are few enough.
 *
 * @see Agarwal et al., Mergeable Summaries (2012), for the frequent ones
 * @example mergedCounts(NO_CATEGORIES, NO_CATEGORIES).others // => 0
 */
export function mergedCounts(a: CategoryCounts, b: CategoryCounts): CategoryCounts {
  const values = new Map(a.values)
  for (const [value, rows] of b.values) values.set(value, (values.get(value) ?? 0) + rows)
  const united = { values, others: a.others + b.others, shortfall: a.shortfall + b.shortfall }
  if (a.registers === null && b.registers === null && values.size <= MOST_CATEGORIES)
    return { ...united, registers: null }
  const registers = mergedRegisters(a.registers ?? registersOf(a.values), b.registers ?? registersOf(b.values))
  return frequent({ ...united, registers })
}

/** Takes the rows of the 1,025th from every category, and drops those that have none left. */
function frequent({ values, others, shortfall, registers }: CategoryCounts): CategoryCounts {
  if (values.size <= FREQUENT) return { values, others, shortfall, registers }
  const taken = Float64Array.from(values.values()).sort()[values.size - FREQUENT - 1]!
  const kept = new Map<string, number>()
  let lost = 0
  for (const [value, rows] of values) {
    lost += Math.min(rows, taken)
    if (rows > taken) kept.set(value, rows - taken)
  }
  return { values: kept, others: others + lost, shortfall: shortfall + taken, registers }
}

/** Drops categories that were counted no more often than one that is not listed may have been. */
function withoutNoise({ values, others, shortfall, registers }: CategoryCounts): CategoryCounts {
  const kept = new Map([...values].filter(([, rows]) => rows > shortfall))
  const dropped = [...values.values()].filter((rows) => rows <= shortfall)
  return {
    values: kept,
    others: dropped.reduce((sum, rows) => sum + rows, others),
    shortfall: dropped.reduce((most, rows) => Math.max(most, shortfall + rows), shortfall),
    registers,
  }
}

function registersOf(values: ReadonlyMap<string, number>): Uint8Array {
  const registers = emptyRegisters()
  for (const value of values.keys()) noteText(registers, value)
  return registers
}

/**
 * Categories by rows, the most frequent first; of equals by their UTF-16 units.
 *
 * @example rankedValues(new Map([['b', 1], ['a', 1], ['c', 2]])) // => [['c', 2], ['a', 1], ['b', 1]]
 */
export function rankedValues(values: ReadonlyMap<string, number>): [string, number][] {
  return [...values].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : Number(a > b)))
}
