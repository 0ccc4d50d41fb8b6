import { wilson } from './wilson.ts'

/**
 * The interval of the ratio of two independent shares, (x1/n1) / (x2/n2).
 *
 * Recovers the variances from the two Wilson intervals (MOVER-R); written so that nothing cancels.
 *
 * @param x1, x2      successes, 0 to n1 and n2
 * @param n1, n2      1 or more
 * @param confidence  two-sided level, 0 to 1
 * @returns 0 or more, around the ratio where there is one; high is null when x2 is 0: no ratio is too large then
 * @throws {RangeError} when counts or level are out of range
 * @see Donner, Zou, Statistics in Medicine 31 (2012)
 * @example moverR(40, 100, 50, 100, 0.9) // => [0.6165, 1.0350]
 */
export function moverR(
  x1: number,
  n1: number,
  x2: number,
  n2: number,
  confidence: number,
): readonly [low: number, high: number | null] {
  const [low1, high1] = wilson(x1, n1, confidence)
  const [low2, high2] = wilson(x2, n2, confidence)
  const [p1, p2] = [x1 / n1, x2 / n2]
  const mirror = (p: number, end: number) => end * (2 * p - end)
  const root = (end1: number, end2: number) =>
    Math.sqrt(Math.max(0, (p1 * p2) ** 2 - mirror(p1, end1) * mirror(p2, end2)))
  const low = x1 === 0 ? 0 : mirror(p1, low1) / (p1 * p2 + root(low1, high2))
  const high = low2 === 0 ? null : (p1 * p2 + root(high1, low2)) / mirror(p2, low2)
  return [low, high]
}
