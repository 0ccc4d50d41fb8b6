import type { Interval } from './estimate.ts'
import { criticalZ } from './normal.ts'

/**
 * The interval of a share by Wilson's score method.
 *
 * @param successes   0 to n
 * @param n           1 or more
 * @param confidence  two-sided level, 0 to 1
 * @returns within 0 to 1; its low end is exactly 0 without a success, its high end exactly 1 with nothing else
 * @throws {RangeError} when the counts or the level are out of range
 * @see Wilson (1927); Newcombe (1998), method 3
 * @example wilson(36, 50, 0.95) // => [0.5833488, 0.8252583]
 */
export function wilson(successes: number, n: number, confidence: number): Interval {
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(
      `wilson: ${successes} of ${n} is no share; there must be 1 or more, and no more successes than that`,
    )
  }
  const z = criticalZ(confidence)
  const middle = successes + (z * z) / 2
  const spread = z * Math.sqrt((successes * (n - successes)) / n + (z * z) / 4)
  const low = successes === 0 ? 0 : (middle - spread) / (n + z * z)
  const high = successes === n ? 1 : (middle + spread) / (n + z * z)
  return [low, high]
}
