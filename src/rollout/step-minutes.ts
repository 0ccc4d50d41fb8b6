import type { AnalysisRules, AnalysisStep, ArmTotals, Minute, Why } from './analysis.ts'
import type { Reading } from './reading.ts'

/** A minute whose numbers count, or why they do not. */
export type SeenMinute = { readonly from: number; readonly until: number } & (
  | ({ readonly isCounted: true } & ArmTotals)
  | { readonly isCounted: false; readonly why: Why; readonly because: string }
)

/** The shortest time that counts by itself: shorter ones would make several witnesses of one burst. */
const SHORTEST_MS = 60_000

/**
 * Whether the minutes can be believed at all: none twice, none before its step or after now.
 *
 * @param now  milliseconds since 1970
 * @returns what is wrong, or null
 */
export function orderMistake(steps: readonly AnalysisStep[], now: number): string | null {
  let last = Number.NEGATIVE_INFINITY
  for (const { share, began, minutes } of steps) {
    if (!(share >= 0 && share <= 1)) return `a step has a share of ${share}; it must be 0 to 1`
    if (!(began >= last && began <= now)) return 'a step begins before the one before it has ended, or after now'
    last = began
    for (const { from, until } of minutes) {
      if (!(from >= last)) return 'a minute begins before the one before it has ended, or before its step'
      if (!(until - from >= SHORTEST_MS)) return 'a reading spans less than a minute'
      if (!(until <= now)) return 'a minute ends after now'
      last = until
    }
  }
  return null
}

/**
 * The minutes of a step that lie after its warm-up, each with its numbers or with the reason why it has none.
 *
 * @param rate  name of the rate whose events are wanted
 */
export function stepMinutes(step: AnalysisStep, rate: string, rules: AnalysisRules): readonly SeenMinute[] {
  return step.minutes
    .filter(({ from }) => from >= step.began + rules.warmUpMs)
    .map((minute) => ({ from: minute.from, until: minute.until, ...seen(minute, rate, rules.extrapolation) }))
}

type Seen = SeenMinute extends infer One ? (One extends SeenMinute ? Omit<One, 'from' | 'until'> : never) : never

function seen({ requests, events }: Minute, rate: string, extrapolation: number): Seen {
  const counted = Object.hasOwn(events, rate) ? events[rate]! : ({ is: 'nothing', of: 'both arms' } as const)
  if (requests.is !== 'counts') return unknown(requests, 'requests')
  if (counted.is !== 'counts') return unknown(counted, rate)
  const numbers = [requests.canary, requests.baseline, counted.canary, counted.baseline]
  if (!numbers.every((one) => Number.isFinite(one))) return not('not-a-number', 'a count is not a finite number')
  if (numbers.some((one) => one < 0)) return not('negative', `a count is negative (${Math.min(...numbers)})`)
  // Stretching a count over the minute may carry events a little over their requests
  if (counted.canary >= requests.canary + 1 || counted.baseline >= requests.baseline + 1) {
    return not('more-events-than-requests', `an arm has more ${rate} than requests: the queries count different things`)
  }
  const arm = (of: 'canary' | 'baseline') => ({
    events: Math.min(counted[of], requests[of]) / extrapolation,
    requests: requests[of] / extrapolation,
  })
  return { isCounted: true, canary: arm('canary'), baseline: arm('baseline') }
}

function not(why: Why, because: string): Seen {
  return { isCounted: false, why, because }
}

function unknown(reading: Exclude<Reading, { is: 'counts' }>, what: string): Seen {
  return not(reading.is, `${what}: ${readingText(reading)}`)
}

function readingText(reading: Exclude<Reading, { is: 'counts' }>): string {
  switch (reading.is) {
    case 'nothing':
      return `the query found nothing for ${reading.of === 'both arms' ? 'both arms' : `the ${reading.of}`}; a counter that was never written is not a zero`
    case 'not-a-number':
      return `the ${reading.of} is ${reading.text}`
    case 'shrunk':
      return `the ${reading.of}'s counter went back from ${reading.before} to ${reading.after}: a process restarted`
    case 'too-old':
      return `the answer is of another moment, ${reading.seconds} s away`
    case 'unreachable':
    case 'unusable':
      return reading.because
  }
}
