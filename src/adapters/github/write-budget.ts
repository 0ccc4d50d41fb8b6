import type { ThrottleSettings } from './throttle-settings.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** When the next write may start, by what was started in the last minute and hour. Pure but for its own memory. */
export interface WriteBudget {
  /** The earliest moment (ms since 1970), `now` or later. */
  startable(isRollback: boolean, now: number): number
  spend(isRollback: boolean, now: number): void
  spentInHour(now: number): number
}

/**
 * Other work may fill all but the share that is kept for rollbacks; rollbacks may fill everything.
 */
export function openWriteBudget(settings: ThrottleSettings): WriteBudget {
  let all: readonly number[] = []
  let others: readonly number[] = []
  const { writesPerMinute, writesPerHour, rollbacksPerMinute, rollbacksPerHour, spacingMs } = settings
  return {
    startable: (isRollback, now) => {
      const spaced = (all.at(-1) ?? Number.NEGATIVE_INFINITY) + spacingMs
      const room = [roomAt(all, writesPerMinute, MINUTE), roomAt(all, writesPerHour, HOUR)]
      const rest = isRollback
        ? []
        : [
            roomAt(others, writesPerMinute - rollbacksPerMinute, MINUTE),
            roomAt(others, writesPerHour - rollbacksPerHour, HOUR),
          ]
      return Math.max(now, spaced, ...room, ...rest)
    },
    spend: (isRollback, now) => {
      const isRecent = (at: number) => at > now - HOUR
      all = [...all.filter(isRecent), now]
      others = isRollback ? others.filter(isRecent) : [...others.filter(isRecent), now]
    },
    spentInHour: (now) => all.filter((at) => at > now - HOUR).length,
  }
}

/** When fewer than `limit` of the starts lie within the window. */
function roomAt(starts: readonly number[], limit: number, windowMs: number): number {
  const oldest = starts.at(-limit)
  return oldest === undefined || starts.length < limit ? Number.NEGATIVE_INFINITY : oldest + windowMs
}
