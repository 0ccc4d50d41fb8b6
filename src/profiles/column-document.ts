import { rankedValues } from './category-counts.ts'
import type { CategoryProfile, ColumnProfile, NumberProfile } from './column-profile.ts'
import { dyadicText } from './dyadic.ts'
import { DISTINCT_ERROR, distinctIn, registersText } from './hyperloglog.ts'
import { moments } from './moments.ts'
import { quantilesOf, rowsOfSketch, sketchError } from './sketch-quantile.ts'
import { sketchText } from './sketch-text.ts'

/** One column of the document; what people read comes first, what merging needs last. */
export type ColumnDocument = NumberDocument | CategoryDocument | WithheldDocument

export type NumberDocument = ReturnType<typeof numberDocument>
export type CategoryDocument = ReturnType<typeof categoryDocument>
export interface WithheldDocument {
  readonly column: string
  readonly type: string
  readonly withheld: string
  readonly missing: number
}

const QUANTILES = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const

/**
 * A column as the profile's file holds it.
 *
 * @example columnDocument({ kind: 'withheld', column: 'name', type: 'category', because: 'personal', rows: 2, missing: 1 }).withheld // => 'personal'
 */
export function columnDocument(column: ColumnProfile): ColumnDocument {
  if (column.kind === 'number') return numberDocument(column)
  if (column.kind === 'category') return categoryDocument(column)
  return { column: column.column, type: column.type, withheld: column.because, missing: column.missing }
}

function numberDocument(profile: NumberProfile) {
  const { column, type, missing, nan, infinite, ends, whole, sums, sketch, registers, histogram } = profile
  const values = ends === null ? [] : quantilesOf(sketch, ends, QUANTILES)
  return {
    column,
    type,
    missing,
    nan,
    infinite,
    min: ends?.min ?? null,
    max: ends?.max ?? null,
    ...moments(sums, rowsOfSketch(sketch)),
    whole,
    quantiles: Object.fromEntries(
      QUANTILES.map((share, index) => [`p${Math.round(100 * share)}`, values[index] ?? null]),
    ),
    quantile_error: sketchError(sketch),
    distinct: distinctDocument(registers, sketch.keys.length, rowsOfSketch(sketch)),
    histogram,
    sum: dyadicText(sums.sum),
    sum_of_squares: dyadicText(sums.squares),
    sketch: sketchText(sketch),
  }
}

function categoryDocument({ column, type, rows, missing, counts }: CategoryProfile) {
  return {
    column,
    type,
    missing,
    distinct: distinctDocument(counts.registers, counts.values.size, rows - missing),
    values: rankedValues(counts.values).map(([value, rows]) => ({ value, rows })),
    others: counts.others,
    shortfall: counts.shortfall,
  }
}

/** `error`: the standard error as a share of the value, which is never more than the rows. */
function distinctDocument(registers: Uint8Array | null, exact: number, rows: number) {
  if (registers === null) return { value: exact, error: 0, registers: null }
  return { value: Math.min(rows, distinctIn(registers)), error: DISTINCT_ERROR, registers: registersText(registers) }
}
