import type { Interval } from './estimate.ts'
import { pcg32 } from './pcg32.ts'
import { percentileInterval } from './percentile-interval.ts'
import type { ColumnImportance } from './permutation-importance.ts'

/** A column's share of all importance, 0 to 1; shares of one version sum to 1. */
export interface ImportanceShare {
  readonly column: string
  readonly share: number
  /** By resampling the repeats, two-sided 0.9; null with one repeat. */
  readonly interval: Interval | null
}

export interface ShiftedColumn {
  readonly column: string
  /** null where the version has no such column. */
  readonly candidate: number | null
  readonly incumbent: number | null
  /** Whether its importance is told from 0 in either version: mean over 2 standard errors. */
  readonly counts: boolean
}

export interface ImportanceShift {
  /** Half the summed change of shares, 0 (alike) to 1 (nothing in common); null when it cannot be told. */
  readonly value: number | null
  readonly interval: Interval | null
  readonly columns: readonly ShiftedColumn[]
  readonly because?: string
}

const RESAMPLES = 1000
const CONFIDENCE = 0.9

/**
 * Shares of importance: max(mean, 0) over its sum.
 *
 * @returns null where no column matters, or an importance does not exist
 */
export function importanceShares(columns: readonly ColumnImportance[]): readonly ImportanceShare[] | null {
  const means = columns.map(({ mean }) => mean)
  const shares = sharesOf(means)
  if (shares === null) return null
  const drawn = resampled(columns, (resample) => sharesOf(columns.map((column) => meanAt(column, resample))))
  return columns.map(({ column }, index) => ({
    column,
    share: shares[index]!,
    interval:
      drawn === null
        ? null
        : percentileInterval(
            Float64Array.from(drawn, (one) => one[index]!),
            CONFIDENCE,
          ),
  }))
}

/**
 * How far importance has moved between two versions: half the sum of |share - share| over the columns that count.
 *
 * A column counts when its mean lies over 2 standard errors in either version; shares are taken among those. A column
 * that only one version has counts there, with 0 in the other. The interval resamples repeats, the same for both
 * versions, and speaks of the chance of permuting, not of the rows.
 *
 * @returns a null value with the reason where no column of a version counts
 */
export function importanceShift(
  candidate: readonly ColumnImportance[],
  incumbent: readonly ColumnImportance[],
): ImportanceShift {
  const ours = new Map(candidate.map((one) => [one.column, one]))
  const theirs = new Map(incumbent.map((one) => [one.column, one]))
  const names = [...new Set([...ours.keys(), ...theirs.keys()])]
  const counting = names.filter((name) => [ours.get(name), theirs.get(name)].some(isTold))
  const both = [ours, theirs].map((of) => counting.map((name) => of.get(name)))
  const found = both.map((columns) => sharesOf(columns.map((column) => (column === undefined ? 0 : column.mean))))
  const because = found.map((shares, at) => (shares === null ? NOTHING[at]! : null)).find((text) => text !== null)
  const shareIn = (at: number, of: ReadonlyMap<string, ColumnImportance>, name: string): number | null =>
    !of.has(name) ? null : (found[at]?.[counting.indexOf(name)] ?? 0)
  const columns = names.map((column) => ({
    column,
    candidate: shareIn(0, ours, column),
    incumbent: shareIn(1, theirs, column),
    counts: counting.includes(column),
  }))
  if (because !== undefined) return { value: null, interval: null, columns, because }
  return { value: halfSum(found[0]!, found[1]!), interval: shiftInterval(both), columns }
}

const NOTHING = [
  'no column of the candidate has an importance that can be told from 0',
  'no column of the incumbent has an importance that can be told from 0',
]

type Columns = readonly (ColumnImportance | undefined)[]

function shiftInterval(both: readonly Columns[]): Interval | null {
  const known = both.flat().filter((column) => column !== undefined)
  const drawn = resampled(known, (resample) => {
    const [ours, theirs] = both.map((columns) =>
      sharesOf(columns.map((column) => (column === undefined ? 0 : meanAt(column, resample)))),
    )
    return ours == null || theirs == null ? null : halfSum(ours, theirs)
  })
  return drawn === null ? null : percentileInterval(Float64Array.from(drawn), CONFIDENCE)
}

function isTold(column: ColumnImportance | undefined): boolean {
  if (column === undefined || column.mean === null) return false
  return column.mean > 2 * (column.se ?? 0)
}

function halfSum(a: readonly number[], b: readonly number[]): number {
  return Math.min(1, a.reduce((sum, share, index) => sum + Math.abs(share - b[index]!), 0) / 2)
}

function sharesOf(means: readonly (number | null)[]): readonly number[] | null {
  if (means.some((mean) => mean === null)) return null
  const positive = means.map((mean) => Math.max(mean ?? 0, 0))
  const sum = positive.reduce((total, mean) => total + mean, 0)
  return sum > 0 ? positive.map((mean) => mean / sum) : null
}

/** What a number would be on other repeats; null with fewer than two repeats or where it does not exist. */
function resampled<Value>(
  columns: readonly ColumnImportance[],
  value: (resample: Int32Array) => Value | null,
): readonly Value[] | null {
  const repeats = columns[0]?.repeats.length ?? 0
  if (repeats < 2) return null
  const chance = pcg32(0, 'importance shift')
  const drawn: Value[] = []
  for (let draw = 0; draw < RESAMPLES; draw++) {
    const one = value(Int32Array.from({ length: repeats }, () => chance.integer(repeats)))
    if (one !== null) drawn.push(one)
  }
  return drawn.length === 0 ? null : drawn
}

function meanAt({ repeats }: ColumnImportance, resample: Int32Array): number {
  return resample.reduce((sum, repeat) => sum + repeats[repeat]!, 0) / resample.length
}
