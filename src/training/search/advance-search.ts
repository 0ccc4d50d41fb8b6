import type { Trial } from '../training-request.ts'
import { drawTrials } from './draw-trials.ts'
import { isBetter, rankedValue, rankTrials, type TrialOutcome } from './rank-trials.ts'
import { rungsOf } from './rungs.ts'
import type { SearchPlan } from './search-plan.ts'

/** A search as far as it got: its plan, and what the trials of each rung that was dispatched became. */
export interface SearchState {
  readonly plan: SearchPlan
  readonly rungs: readonly (readonly TrialOutcome[])[]
}

export type SearchStep =
  | {
      readonly is: 'dispatch'
      readonly rung: number
      readonly epochs: number | null
      readonly trials: readonly Trial[]
    }
  | { readonly is: 'waiting'; readonly open: number }
  /** Every rung has ended. */
  | { readonly is: 'finished'; readonly winner: TrialOutcome }
  /** It ends early: what still runs is to be cancelled. Without a winner there is no candidate. */
  | { readonly is: 'stopped'; readonly because: string; readonly winner: TrialOutcome | null }

/**
 * A search before its first rung.
 *
 * @example beginSearch({}).rungs // => []
 */
export function beginSearch(plan: SearchPlan): SearchState {
  return { plan, rungs: [] }
}

/**
 * A search with what its rungs have answered so far, in place of what was known of them: telling it again, or from the
 * beginning after a restart, gives the same state.
 *
 * @param outcomes  of one rung, any order
 */
export function withOutcomes(state: SearchState, rung: number, outcomes: readonly TrialOutcome[]): SearchState {
  if (rung > state.rungs.length) throw new RangeError(`rung ${rung} has no rung ${rung - 1} before it`)
  const sorted = outcomes.filter((one) => one.rung === rung).sort((a, b) => a.trial - b.trial)
  return { ...state, rungs: [...state.rungs.slice(0, rung), sorted, ...state.rungs.slice(rung + 1)] }
}

/**
 * What a search does next: a function of its state alone, so that any instance goes on with it.
 *
 * Trials are ranked on validation data only, all on the same rows, and never on the exam.
 */
export function advanceSearch(state: SearchState): SearchStep {
  const { plan, rungs } = state
  const newest = rungs.at(-1)
  if (newest === undefined) return dispatchOf(plan, 0, drawTrials(plan))
  const unfair = whyUnfair(plan, rungs.flat())
  if (unfair !== null) return { is: 'stopped', because: unfair, winner: null }
  const early = whyEnough(state)
  if (early !== null) return { is: 'stopped', because: early, winner: winnerOf(state) }
  const open = newest.filter(({ status }) => status === 'pending').length
  if (open > 0) return { is: 'waiting', open }
  if (!newest.some((one) => rankedValue(one) !== null))
    return {
      is: 'stopped',
      because: `no trial of rung ${rungs.length - 1} answered ${plan.metric}`,
      winner: winnerOf(state),
    }
  return nextRung(state, newest)
}

function nextRung(state: SearchState, newest: readonly TrialOutcome[]): SearchStep {
  const { plan, rungs } = state
  const next = rungsOf(plan)[rungs.length]
  const winner = winnerOf(state)
  if (next === undefined && winner !== null) return { is: 'finished', winner }
  const kept = rankTrials(newest, plan.better)
    .filter((one) => rankedValue(one) !== null)
    .slice(0, next?.trials ?? 0)
  const trials = kept.map((one) => resumed(plan, one)).sort((a, b) => a.trial - b.trial)
  return dispatchOf(plan, rungs.length, trials)
}

/** The same trial under the same number, from its newest checkpoint. */
function resumed(plan: SearchPlan, { trial, parameters, checkpoint }: TrialOutcome): Trial {
  return { trial, parameters, seed: plan.seed, resume_from: checkpoint }
}

function dispatchOf(plan: SearchPlan, rung: number, trials: readonly Trial[]): SearchStep {
  const epochs = rungsOf(plan)[rung]?.epochs ?? null
  const { resource } = plan
  const set = (trial: Trial): Trial =>
    resource === null || epochs === null
      ? trial
      : { ...trial, parameters: { ...trial.parameters, [resource.name]: epochs } }
  return { is: 'dispatch', rung, epochs, trials: trials.map(set) }
}

/** The best of the newest rung that has a value: more epochs count before a better number of fewer. */
function winnerOf({ plan, rungs }: SearchState): TrialOutcome | null {
  for (const rung of [...rungs].reverse()) {
    const [best] = rankTrials(rung, plan.better)
    if (best !== undefined && rankedValue(best) !== null) return best
  }
  return null
}

/** Ranked on the exam, or on different rows: then no trial is known to be better than another. */
function whyUnfair({ exam }: SearchPlan, outcomes: readonly TrialOutcome[]): string | null {
  const done = outcomes.filter((one) => rankedValue(one) !== null)
  const digests = new Set(done.map(({ validation }) => validation))
  if (digests.has(null)) return 'a trial does not name the validation data that it was measured on'
  if (exam !== null && digests.has(exam)) return 'the validation data is the exam, which no trial may be chosen by'
  return digests.size > 1 ? 'trials were measured on different validation data' : null
}

/** Good enough, or no better for long; only the last rung ends a search, since the ones before it are cheap. */
function whyEnough({ plan, rungs }: SearchState): string | null {
  const { target, patience, min_delta } = plan.stop
  if (rungs.length < rungsOf(plan).length) return null
  const done = (rungs.at(-1) ?? []).flatMap((one) => rankedValue(one) ?? [])
  const reached =
    target === null ? undefined : done.find((value) => value === target || isBetter(value, target, plan.better))
  if (reached !== undefined) return `${plan.metric} ${reached} reaches ${target}`
  if (patience === null || done.length <= patience) return null
  const best = (values: readonly number[]) => (plan.better === 'higher' ? Math.max(...values) : Math.min(...values))
  const [before, since] = [best(done.slice(0, -patience)), best(done.slice(-patience))]
  if (isBetter(since, before, plan.better, min_delta)) return null
  return `the last ${patience} trials brought ${plan.metric} no further than ${before}`
}
