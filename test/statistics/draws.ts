import { normalQuantile } from '../../src/statistics/normal.ts'
import { type Pcg32, pcg32 } from '../../src/statistics/pcg32.ts'

/** Whether the long sweeps run as well. */
export const DEEP = process.env.WEIGHBRIDGE_DEEP !== undefined

export interface Draws extends Pcg32 {
  readonly normal: () => number
  readonly chance: (p: number) => 0 | 1
}

/** Seeded draws for one claim. */
export function drawsFor(claim: string): Draws {
  const generator = pcg32(20260501, claim)
  return {
    ...generator,
    normal: () => normalQuantile(Math.max(generator.uniform(), 2 ** -53)),
    chance: (p) => (generator.uniform() < p ? 1 : 0),
  }
}

/** Share of the repeats in which something held. */
export function shareOf(repeats: number, holds: () => boolean): number {
  let held = 0
  for (let repeat = 0; repeat < repeats; repeat++) if (holds()) held += 1
  return held / repeats
}

/** Largest distance of the numbers' distribution from the uniform one, times the root of their number: over 1.63 in 1 %. */
export function distanceFromUniform(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  const distances = sorted.map((value, place) => Math.max(value - place / n, (place + 1) / n - value))
  return Math.max(...distances) * Math.sqrt(n)
}
