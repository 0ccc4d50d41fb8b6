import type { CategoryProfile, ColumnProfile, NumberProfile } from './column-profile.ts'
import type { CategoryColumn, NumberColumn, WithheldColumn } from './column-schema.ts'
import { addDyadic, dividedBy, dyadic, parseDyadic, timesDyadic } from './dyadic.ts'
import type { Sums } from './exact-sums.ts'
import { parseRegisters } from './hyperloglog.ts'
import type { QuantileSketch } from './quantile-sketch.ts'
import { bucketOf, MOST_BUCKETS } from './quantile-sketch.ts'
import { rowsOfSketch } from './sketch-quantile.ts'
import { parseSketch } from './sketch-text.ts'

/**
 * The profile of a column that has the right shape, once its numbers agree with each other.
 *
 * @param rows  of the whole table
 * @returns what does not agree, else the profile
 * @example parseColumn({ column: 'a', type: 'category', withheld: 'personal', missing: 3 }, 2) // => 'missing is more than the rows'
 */
export function parseColumn(
  document: NumberColumn | CategoryColumn | WithheldColumn,
  rows: number,
): ColumnProfile | string {
  if (document.missing > rows) return 'missing is more than the rows'
  if ('withheld' in document) {
    const { column, type, missing, withheld } = document
    return { kind: 'withheld', column, type, rows, missing, because: withheld }
  }
  return 'values' in document ? categoryFrom(document, rows) : numberFrom(document, rows)
}

function categoryFrom(document: CategoryColumn, rows: number): CategoryProfile | string {
  const { column, type, missing, values, others, shortfall, distinct } = document
  const registers = distinct.registers === null ? null : parseRegisters(distinct.registers)
  if (registers === undefined) return 'distinct.registers is no text of registers'
  const counted = values.reduce((sum, value) => sum + value.rows, 0)
  if (counted + others + missing !== rows)
    return `${counted + others + missing} rows are counted, the table has ${rows}`
  if (registers === null && others + shortfall > 0) return 'others and shortfall are 0 where every category is counted'
  const counts = new Map(values.map((one) => [one.value, one.rows]))
  return { kind: 'category', column, type, rows, missing, counts: { values: counts, others, shortfall, registers } }
}

function numberFrom(document: NumberColumn, rows: number): NumberProfile | string {
  const { column, type, missing, nan, infinite, min, max, whole, histogram, distinct } = document
  const sketch = parseSketch(document.sketch)
  if (typeof sketch === 'string') return `sketch: ${sketch}`
  const registers = distinct.registers === null ? null : parseRegisters(distinct.registers)
  if (registers === undefined) return 'distinct.registers is no text of registers'
  if ((registers === null) !== document.sketch.exact) return 'distinct.registers stands where the sketch is not exact'
  const finite = rowsOfSketch(sketch)
  const counted = finite + missing + infinite.negative + infinite.positive
  if (counted !== rows) return `${counted} rows are counted, the table has ${rows}`
  if (nan > missing) return 'nan is more than missing'
  const ends = min === null || max === null ? null : { min, max }
  if (!areEndsOf(ends, sketch)) return 'min and max do not lie in the first and the last bucket'
  const sums = sumsOf(document, finite, ends)
  if (typeof sums === 'string') return sums
  if (histogram !== null && !isHistogram(histogram, finite))
    return 'histogram does not count every number on rising edges'
  return { kind: 'number', column, type, rows, missing, nan, infinite, ends, whole, sums, sketch, registers, histogram }
}

function areEndsOf(ends: NumberProfile['ends'], { keys, bits }: QuantileSketch): boolean {
  if (keys.length > MOST_BUCKETS) return false
  if (ends === null || keys.length === 0) return ends === null && keys.length === 0
  const [first, last] = [keys[0], keys[keys.length - 1]]
  return Object.is(bucketOf(ends.min, bits), first) && Object.is(bucketOf(ends.max, bits), last) && ends.min <= ends.max
}

function sumsOf(document: NumberColumn, count: number, ends: NumberProfile['ends']): Sums | string {
  const [sum, squares] = [parseDyadic(document.sum), parseDyadic(document.sum_of_squares)]
  if (sum === undefined) return 'sum is no exact number such as 0x3p-1'
  if (squares === undefined) return 'sum_of_squares is no exact number such as 0x3p-1'
  const spread = addDyadic(
    timesDyadic(squares, dyadic(BigInt(count), 0)),
    timesDyadic({ ...sum, units: -sum.units }, sum),
  )
  if (spread.units < 0n) return 'sum_of_squares is too small for the sum'
  if (ends === null)
    return sum.units === 0n && squares.units === 0n ? { sum, squares } : 'sum is 0 where there is no number'
  const mean = dividedBy(sum, BigInt(count))
  return mean >= ends.min && mean <= ends.max ? { sum, squares } : 'the mean does not lie between min and max'
}

function isHistogram({ edges, counts }: NonNullable<NumberProfile['histogram']>, finite: number): boolean {
  const rises = edges.every((edge, index) => index === 0 || edge > edges[index - 1]!)
  return rises && counts.length === edges.length + 1 && counts.reduce((sum, rows) => sum + rows, 0) === finite
}
