import type { Estimate } from './estimate.ts'
import { fewRowsOfMean } from './few-rows.ts'
import { meanWithInterval } from './mean-interval.ts'

interface Options {
  readonly confidence: number
}

/** Fewer units than this have no interval. */
const FEWEST_UNITS = 30

/**
 * The mean of a metric that comes one number a unit: a query, a prompt, an image.
 *
 * @param values  one finite number a unit
 * @returns t interval; null below 30 units
 */
export function measureUnits(values: Float64Array, { confidence }: Options): Estimate {
  const { p_value: _, ...estimate } = meanEstimate(values, confidence)
  return estimate
}

/**
 * The mean difference of two versions over the same units, candidate - incumbent, by the paired t test.
 *
 * @param candidate, incumbent  one finite number a unit, the same units in the same order
 * @throws {RangeError} when they differ in length
 */
export function measureUnitDifference(
  candidate: Float64Array,
  incumbent: Float64Array,
  { confidence }: Options,
): Estimate {
  if (candidate.length !== incumbent.length) throw new RangeError('candidate and incumbent have different units')
  return meanEstimate(
    candidate.map((value, unit) => value - incumbent[unit]!),
    confidence,
  )
}

function meanEstimate(values: Float64Array, confidence: number): Estimate {
  const n = values.length
  const absent = { interval: null, confidence, method: null, support: { rows: n, units: n }, se: null, p_value: null }
  if (n === 0) return { ...absent, value: null, because: 'there are no units' }
  if (!values.every(Number.isFinite)) return { ...absent, value: null, because: 'a unit has no finite number' }
  const estimate = n < FEWEST_UNITS ? null : meanWithInterval(values, confidence)
  if (estimate === null) {
    const value = values.reduce((sum, x) => sum + x, 0) / n
    return { ...absent, value, because: `there are ${n} units; an interval needs ${FEWEST_UNITS}` }
  }
  const { mean: value, interval, se, p_value } = estimate
  const warnings = fewRowsOfMean('the mean of units', values, 'units')
  return { ...absent, value, interval, method: 't', se, p_value, ...(warnings.length > 0 && { warnings }) }
}
