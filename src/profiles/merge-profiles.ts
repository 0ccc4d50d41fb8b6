import { BadProfile } from './bad-profile.ts'
import { mergedCounts } from './category-counts.ts'
import { chunkOf } from './chunk.ts'
import type { CategoryProfile, ColumnProfile, NumberProfile, Profile } from './column-profile.ts'
import { addDyadic } from './dyadic.ts'
import type { EdgeCounts } from './edge-counts.ts'
import { emptyRegisters, mergedRegisters, noteNumbers } from './hyperloglog.ts'
import { inOneOrder } from './profile-document.ts'
import { ALL_BITS, mergedSketches, type QuantileSketch } from './quantile-sketch.ts'

/** A profile and what people call it. */
export interface Named {
  readonly called: string
  readonly profile: Profile
}

const ALIKE = 'Profiles of one table have the same columns, types and reference; make them with the same options.'
/** A column without a value has no type of its own; of two such types the earlier of these stands. */
const TYPES = ['number', 'time', 'boolean', 'category', 'nested']

/**
 * The profile of the rows of all: any order and any grouping give the same one.
 *
 * Only the counts of categories are in a given order's hands, and only of columns with more than 4,096 of them: these
 * stay within their shortfall.
 *
 * @param profiles  one or more, of tables alike
 * @throws {BadProfile} that says what differs
 */
export function mergeProfiles(profiles: readonly Named[]): Profile {
  const [first, ...others] = profiles
  if (first === undefined) throw new BadProfile('there is no profile to merge', 'Name one or more.')
  return others.reduce((merged, next) => mergedTwo(merged, next, first.called), first.profile)
}

function mergedTwo(merged: Profile, { called, profile }: Named, first: string): Profile {
  const [left, right] = [byName(merged), byName(profile)]
  const missing = [...left.keys()].find((name) => !right.has(name))
  if (missing !== undefined) throw new BadProfile(`${called} has no column ${missing}, which ${first} has`, ALIKE)
  const extra = [...right.keys()].find((name) => !left.has(name))
  if (extra !== undefined) throw new BadProfile(`${called} has a column ${extra}, which ${first} has not`, ALIKE)
  const names = [...left.keys()]
  const isSameOrder = [...right.keys()].every((name, index) => name === names[index])
  const order = isSameOrder ? names : names.sort()
  const columns = order.map((name) => {
    const column = mergedColumn(left.get(name)!, right.get(name)!)
    if (typeof column === 'string') throw new BadProfile(`${called} and ${first}: column ${name} ${column}`, ALIKE)
    return column
  })
  const rows = merged.rows + profile.rows
  if (!Number.isSafeInteger(rows)) throw new BadProfile(`${called} and ${first}: more rows than can be counted`, ALIKE)
  return { rows, columns, warnings: inOneOrder([...merged.warnings, ...profile.warnings]) }
}

function byName({ columns }: Profile): Map<string, ColumnProfile> {
  return new Map(columns.map((column) => [column.column, column]))
}

/**
 * One column of two profiles as one.
 *
 * @returns what keeps them apart, in words that follow the column's name
 */
export function mergedColumn(a: ColumnProfile, b: ColumnProfile): ColumnProfile | string {
  const counted = { rows: a.rows + b.rows, missing: a.missing + b.missing }
  if (a.kind === 'withheld' || b.kind === 'withheld') {
    if (a.kind !== 'withheld' || b.kind !== 'withheld') return 'is withheld in one of them only'
    if (a.because !== b.because) return `is withheld as ${b.because} and as ${a.because}`
  }
  if (a.type !== b.type && isEmpty(a) !== isEmpty(b)) return isEmpty(a) ? retyped(a, b) : retyped(b, a)
  if (a.type !== b.type && isEmpty(a))
    return TYPES.indexOf(a.type) < TYPES.indexOf(b.type) ? retyped(b, a) : retyped(a, b)
  if (a.type !== b.type) return `is of type ${b.type} and of type ${a.type}`
  if (a.kind === 'withheld') return { ...a, ...counted }
  if (a.kind === 'category') return { ...a, ...counted, counts: mergedCounts(a.counts, (b as CategoryProfile).counts) }
  return mergedNumbers(a, b as NumberProfile, counted)
}

function isEmpty(column: ColumnProfile): boolean {
  return column.rows === column.missing && !(column.kind === 'number' && column.nan > 0)
}

/** The rows of an empty column, without a value, beside those of another type. */
function retyped(empty: ColumnProfile, other: ColumnProfile): ColumnProfile {
  return { ...other, rows: empty.rows + other.rows, missing: empty.missing + other.missing }
}

function mergedNumbers(
  a: NumberProfile,
  b: NumberProfile,
  counted: { readonly rows: number; readonly missing: number },
): NumberProfile | string {
  const histogram = mergedHistograms(a.histogram, b.histogram)
  if (typeof histogram === 'string') return histogram
  const sketch = mergedSketches(a.sketch, b.sketch)
  return {
    ...a,
    ...counted,
    nan: a.nan + b.nan,
    infinite: {
      negative: a.infinite.negative + b.infinite.negative,
      positive: a.infinite.positive + b.infinite.positive,
    },
    ends: mergedEnds(a.ends, b.ends),
    whole: a.whole && b.whole,
    sums: { sum: addDyadic(a.sums.sum, b.sums.sum), squares: addDyadic(a.sums.squares, b.sums.squares) },
    sketch,
    registers: sketch.bits === ALL_BITS ? null : mergedRegisters(registersOf(a), registersOf(b)),
    histogram,
  }
}

function mergedEnds(a: NumberProfile['ends'], b: NumberProfile['ends']): NumberProfile['ends'] {
  if (a === null || b === null) return a ?? b
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }
}

/** An exact sketch knows every value that registers would have seen. */
function registersOf({
  registers,
  sketch,
}: {
  readonly registers: Uint8Array | null
  readonly sketch: QuantileSketch
}) {
  if (registers !== null) return registers
  const seen = emptyRegisters()
  noteNumbers(seen, chunkOf(sketch.keys))
  return seen
}

function mergedHistograms(a: EdgeCounts | null, b: EdgeCounts | null): EdgeCounts | null | string {
  if (a === null && b === null) return null
  if (a === null || b === null) return 'has the edges of a reference in one of them only'
  if (a.edges.length !== b.edges.length || a.edges.some((edge, index) => edge !== b.edges[index]))
    return 'is counted on the edges of different references'
  return { edges: a.edges, counts: a.counts.map((rows, bin) => rows + b.counts[bin]!) }
}
