import { criticalZ, normalCdf } from './normal.ts'

/** Standard errors above the limit at which a rule is passed 4 times of 5: the 80 % point of the normal distribution. */
const FOUR_OF_FIVE = 0.842

const MARGINS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5]

/**
 * The chance that an equally good model passes "no worse than the incumbent by more than `margin`".
 *
 * @param margin      max_drop or max_rise, 0 or more
 * @param se          standard error of the difference, 0 or more
 * @param confidence  two-sided level of the rule
 * @returns 0 to 1
 * @example passChanceOfEqual(0.015, 0.00622, 0.9) // => 0.778
 */
export function passChanceOfEqual(margin: number, se: number, confidence: number): number {
  if (se === 0) return margin >= 0 ? 1 : 0
  return normalCdf(margin / se - criticalZ(confidence))
}

/** The smallest margin that an equally good model passes 4 times of 5, in the unit of the metric. */
export function smallestPassableMargin(se: number, confidence: number): number {
  return (criticalZ(confidence) + FOUR_OF_FIVE) * se
}

/**
 * A margin that a person would write: the next of 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2 and 0.5.
 *
 * @returns null above 0.5
 */
export function marginRoundedUp(margin: number): number | null {
  return MARGINS.find((round) => margin <= round * (1 + 1e-12)) ?? null
}

/**
 * How many rows in all would decide 4 times of 5, if the value seen is the truth.
 *
 * n ((z + 0.842) se / inside)^2, as standard errors shrink with the root of the rows.
 *
 * @param n           rows (or positives, units ...) that `se` rests on
 * @param se          standard error of the value, 0 or more
 * @param inside      how far the value lies inside its limit; 0 or less: outside
 * @param confidence  two-sided level of the rule
 * @returns rows in all, a whole number; null for a value that is not inside, which more rows would rather fail
 */
export function rowsThatDecide(n: number, se: number, inside: number, confidence: number): number | null {
  if (!(inside > 0)) return null
  return Math.ceil(n * ((criticalZ(confidence) + FOUR_OF_FIVE) * (se / inside)) ** 2)
}
