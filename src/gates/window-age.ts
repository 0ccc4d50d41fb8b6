import { durationMs } from './evaluation.ts'

/** The moment at which a window ended: a date is the end of that UTC day. Milliseconds since 1970, NaN when unreadable. */
export function endOfWindow(until: string): number {
  const at = Date.parse(until)
  return /^\d{4}-\d{2}-\d{2}$/.test(until) ? at + 864e5 : at
}

/** Whether something ended longer ago than it may; an unreadable moment is always too old. */
export function isOlderThan(endedAt: number, duration: string, now: string): boolean {
  const age = Date.parse(now) - endedAt
  return !(age <= durationMs(duration))
}
