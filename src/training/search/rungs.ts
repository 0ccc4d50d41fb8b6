import type { SearchPlan } from './search-plan.ts'

/** One round of a search. */
export interface Rung {
  readonly trials: number
  /** What each trial of it trains to; null where the search sets no epochs. */
  readonly epochs: number | null
}

/**
 * The rungs of a search: one, or for successive halving as many as epochs and trials allow, each with `eta` times fewer
 * trials of `eta` times more epochs, up to all epochs.
 *
 * @see Jamieson, Talwalkar, Non-stochastic best arm identification and hyperparameter optimization (2016)
 * @example rungsOf({ trials: 9, eta: 3, resource: { name: 'epochs', min: 1, max: 27 } }) // => [{ trials: 9, epochs: 3 }, { trials: 3, epochs: 9 }, { trials: 1, epochs: 27 }]
 */
export function rungsOf({ trials, eta, resource }: Pick<SearchPlan, 'trials' | 'eta' | 'resource'>): readonly Rung[] {
  if (resource === null) return [{ trials, epochs: null }]
  const count = rungCount(trials, eta, resource)
  return Array.from({ length: count }, (_, rung) => ({
    trials: Math.max(1, Math.floor(trials / eta ** rung)),
    epochs: Math.max(resource.min, Math.floor(resource.max / eta ** (count - 1 - rung))),
  }))
}

/** How often the trials can be divided, and the epochs too without going below their least. */
function rungCount(trials: number, eta: number, { min, max }: NonNullable<SearchPlan['resource']>): number {
  let count = 1
  while (trials >= eta ** count && Math.floor(max / eta ** count) >= min) count++
  return count
}

/**
 * GPU seconds that a whole search may take, each trial of each rung up to its limit.
 *
 * @param limitMinutes  of one trial
 * @example searchSeconds({ trials: 16, eta: 3, resource: null }, 30) // => 28800
 */
export function searchSeconds(plan: Pick<SearchPlan, 'trials' | 'eta' | 'resource'>, limitMinutes: number): number {
  return rungsOf(plan).reduce((sum, { trials }) => sum + trials * limitMinutes * 60, 0)
}
