import { canonicalJson } from '../../registry/canonical-json.ts'
import { pcg32 } from '../../statistics/pcg32.ts'
import type { Parameters, Trial } from '../training-request.ts'
import type { SearchPlan } from './search-plan.ts'
import { sobolPoints } from './sobol.ts'
import { valueAt } from './space.ts'

/** How many points are drawn for each trial before a space counts as exhausted. */
const DRAWS_A_TRIAL = 16

/**
 * The trials of a search, before any of them ran: the same for the same plan, each set of parameters once.
 *
 * `random` draws each place by itself; `sobol`, and successive halving too, take a Sobol sequence that the seed shifts.
 *
 * @returns as many as planned, or fewer where the space holds no more
 */
export function drawTrials(plan: SearchPlan): readonly Trial[] {
  const seen = new Set<string>()
  const trials: Trial[] = []
  for (const point of pointsOf(plan)) {
    const parameters = parametersAt(plan, point)
    const key = canonicalJson(parameters)
    if (seen.has(key)) continue
    seen.add(key)
    trials.push({ trial: trials.length, parameters, seed: plan.seed, resume_from: null })
    if (trials.length === plan.trials) break
  }
  return trials
}

function pointsOf({ search, dimensions, trials, seed }: SearchPlan): readonly (readonly number[])[] {
  const draw = pcg32(seed, 'search')
  const count = trials * DRAWS_A_TRIAL
  if (search !== 'random')
    return sobolPoints(
      dimensions.length,
      count,
      dimensions.map(() => draw.next()),
    )
  return Array.from({ length: count }, () => dimensions.map(() => draw.uniform()))
}

function parametersAt({ dimensions, fixed }: SearchPlan, point: readonly number[]): Parameters {
  const chosen = dimensions.map((dimension, at) => [dimension.name, valueAt(dimension, point[at] ?? 0)] as const)
  return { ...fixed, ...Object.fromEntries(chosen) }
}
