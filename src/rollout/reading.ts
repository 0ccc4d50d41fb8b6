export type Arm = 'canary' | 'baseline'

/**
 * What a metrics source said about one count (requests, errors ...) of both arms over one stretch of time.
 *
 * Only `counts` can ever count. All else is a way of not knowing, and none of them is a zero.
 */
export type Reading =
  | { readonly is: 'counts'; readonly canary: number; readonly baseline: number }
  /** The query found no series: of an arm, or of both. */
  | { readonly is: 'nothing'; readonly of: Arm | 'both arms' }
  /** 0/0 and x/0 as Prometheus writes them. */
  | { readonly is: 'not-a-number'; readonly of: Arm; readonly text: string }
  /** A running total is smaller than it was: a process restarted and forgot what it had counted. */
  | { readonly is: 'shrunk'; readonly of: Arm; readonly before: number; readonly after: number }
  | { readonly is: 'unreachable'; readonly because: string }
  /** The answer is of another moment than was asked for. */
  | { readonly is: 'too-old'; readonly seconds: number }
  /** An answer, and not one to this question. */
  | { readonly is: 'unusable'; readonly because: string }

/**
 * What happened between two readings of running totals.
 *
 * The totals must be of single processes, or of a source that survives their restarts: in a sum over several
 * processes, one that restarts may hide behind the growth of the others.
 *
 * @param earlier, later  running totals since the processes started
 * @returns counts of the time between; `shrunk` after a restart; what was not known stays not known
 * @example increaseBetween({ is: 'counts', canary: 40, baseline: 900 }, { is: 'counts', canary: 45, baseline: 1000 }) // => { is: 'counts', canary: 5, baseline: 100 }
 * @example increaseBetween({ is: 'counts', canary: 40, baseline: 900 }, { is: 'counts', canary: 3, baseline: 1000 }) // => { is: 'shrunk', of: 'canary', before: 40, after: 3 }
 */
export function increaseBetween(earlier: Reading, later: Reading): Reading {
  if (later.is !== 'counts') return later
  if (earlier.is !== 'counts') return earlier
  for (const of of ['canary', 'baseline'] as const) {
    if (later[of] < earlier[of]) return { is: 'shrunk', of, before: earlier[of], after: later[of] }
  }
  return { is: 'counts', canary: later.canary - earlier.canary, baseline: later.baseline - earlier.baseline }
}
