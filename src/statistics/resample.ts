import { multinomial } from './multinomial.ts'
import type { Pcg32 } from './pcg32.ts'

/** Fills in how often each row counts in the next resample. */
export type Resample = (weights: Float64Array) => void

/** As many rows as there are, drawn with replacement. */
export function resampleRows(generator: Pcg32, rows: number): Resample {
  return (weights) => {
    weights.fill(0)
    for (let draw = 0; draw < rows; draw++) weights[generator.integer(rows)]! += 1
  }
}

/** From here on, rows are resampled by a coin each: exact draws would cost more than they tell. */
const MANY_ROWS = 20_000

/**
 * Each row counts twice or not at all, by a fair coin: in mean 1 and in variance 1, as when rows are drawn with
 * replacement, at one bit a row and without a jump through memory.
 *
 * @see Owen, Eckles, Bootstrapping data arrays of arbitrary order (2012): "double or nothing"
 */
export function resampleByCoin(generator: Pcg32, rows: number): Resample {
  return (weights) => {
    for (let start = 0; start < rows; start += 32) {
      let bits = generator.next()
      const end = Math.min(start + 32, rows)
      for (let row = start; row < end; row++) {
        weights[row] = (bits & 1) << 1
        bits >>>= 1
      }
    }
  }
}

/** Rows drawn with replacement; by a coin each where they are many. */
export function resampleSingly(generator: Pcg32, rows: number): Resample {
  return rows < MANY_ROWS ? resampleRows(generator, rows) : resampleByCoin(generator, rows)
}

/** As many units as there are, drawn with replacement, each with all of its rows. */
export function resampleUnits(generator: Pcg32, unit: Int32Array): Resample {
  const codes = new Map<number, number>()
  for (const code of unit) if (!codes.has(code)) codes.set(code, codes.size)
  const dense = unit.map((code) => codes.get(code)!)
  const times = new Float64Array(codes.size)
  const units = resampleSingly(generator, codes.size)
  return (weights) => {
    units(times)
    for (let row = 0; row < dense.length; row++) weights[row] = times[dense[row]!]!
  }
}

/** Equal rows counted together: rows drawn with replacement, counted by cell; as many as the counts hold, unless said. */
export function resampleCells(generator: Pcg32, counts: Float64Array, rows?: number): Resample {
  return (weights) => {
    multinomial(generator, counts, weights, rows)
  }
}

/** The same resamples with each row counting as much as it weighs. */
export function weighed(resample: Resample, weight: Float64Array | null): Resample {
  if (weight === null) return resample
  return (weights) => {
    resample(weights)
    for (let row = 0; row < weight.length; row++) weights[row]! *= weight[row]!
  }
}
