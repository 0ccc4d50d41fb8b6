import type { Interval } from './estimate.ts'
import { type Pcg32, pcg32 } from './pcg32.ts'
import { percentileInterval } from './percentile-interval.ts'

const SPLITS = 10
/** More resamples without a value than this share, and there is no interval. */
const MOST_DROPPED = 0.01
/** The distance of isotonic regression from the truth falls with the cube root of the rows, squared distances with its square. */
const HALF_IS_WORSE_BY = 2 ** (2 / 3)

/**
 * Random halves of calibration rows: how often each row counts, ten times both halves.
 *
 * Neighbours in the given order are parted, so that both halves hold every kind of row.
 */
export function halves(rows: number, seed: number): readonly Float64Array[] {
  const generator = pcg32(seed, 'halves')
  return Array.from({ length: SPLITS }, () => half(rows, generator)).flatMap((one) => [
    one,
    one.map((times) => 1 - times),
  ])
}

function half(rows: number, generator: Pcg32): Float64Array {
  const times = new Float64Array(rows)
  for (let row = 0; row < rows; row += 2) {
    times[row] = generator.integer(2)
    if (row + 1 < rows) times[row + 1] = 1 - times[row]!
  }
  return times
}

/**
 * A value of calibrated rows without the sharpness that isotonic calibration takes from chance, and its interval.
 *
 * Calibration follows chance a little, so a model looks surer than it is. On half of the rows it does so 2^(2/3) times as
 * much; what that adds tells what is to be taken off the whole (Richardson's extrapolation). The resamples, which are sharper
 * still, are moved to the value.
 *
 * @param whole   the value by all calibration rows; null: there is none
 * @param parts   the value by each half; null where there is none
 * @param draws   the value in each resample; NaN where there is none
 * @see Chernoff (1964), Brunk (1970) for the rate
 */
export function withoutSharpness(terms: {
  readonly whole: number | null
  readonly parts: readonly (number | null)[]
  readonly draws: Float64Array
  readonly confidence: number
}): { readonly value: number | null; readonly interval: Interval | null; readonly because?: string } {
  const { whole, draws, confidence } = terms
  if (whole === null) return { value: null, interval: null, because: 'nothing to divide by: no row counts for it' }
  const value = within(
    whole -
      (meanOf(
        terms.parts.filter((part) => part !== null),
        whole,
      ) -
        whole) /
        (HALF_IS_WORSE_BY - 1),
  )
  const known = draws.filter((draw) => !Number.isNaN(draw))
  const dropped = draws.length - known.length
  if (dropped > MOST_DROPPED * draws.length) {
    return { value, interval: null, because: `the number does not exist in ${dropped} of ${draws.length} resamples` }
  }
  const [low, high] = percentileInterval(known, confidence)!
  const sharper = meanOf(known, value) - value
  return { value, interval: [within(low - sharper), within(high - sharper)] }
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value))
}

function meanOf(values: ArrayLike<number>, otherwise: number): number {
  if (values.length === 0) return otherwise
  let sum = 0
  for (let place = 0; place < values.length; place++) sum += values[place]!
  return sum / values.length
}
