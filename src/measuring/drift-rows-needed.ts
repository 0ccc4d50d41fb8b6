import type { DriftMeasured } from '../statistics/drift-column.ts'
import { type Contestant, LARGEST_DETECTABLE } from '../statistics/drift-decision.ts'

/**
 * The rows of the current window from which the default test can see a shift of 0.2 in a column.
 *
 * Solves sqrt(1/n + 1/m) for m where the detectable D is 0.2, all else equal.
 *
 * @param column      with its detectable D
 * @param contestant  rows with a value in each window
 * @returns null when no number of rows would do: the reference is too short itself
 */
export function rowsThatWouldDecide(
  { detectable }: Pick<DriftMeasured, 'detectable'>,
  { reference, current }: Pick<Contestant, 'reference' | 'current'>,
): number | null {
  if (detectable === null || detectable <= LARGEST_DETECTABLE) return null
  const factor = LARGEST_DETECTABLE / detectable
  const left = (1 / reference + 1 / current) * factor * factor - 1 / reference
  return left > 0 ? Math.ceil(1 / left) : null
}
