import type { Lane } from '../../ports/inbox.ts'
import { turns } from '../turns.ts'
import type { HostClock } from './host-clock.ts'
import { currentLane } from './lane.ts'
import type { ThrottleSettings } from './throttle-settings.ts'
import { openWriteBudget } from './write-budget.ts'

/** How an installation stands with its limits, for /metrics. */
export interface ThrottleState {
  /** GitHub asked us to wait until then (ms since 1970), or nothing holds us. */
  readonly blockedUntil: number | null
  readonly waitingWrites: number
  readonly writesInLastHour: number
}

/** Paces what one installation sends. */
export interface Throttle {
  read<T>(run: () => Promise<T>): Promise<T>
  /** Starts in the order of lanes, then of arrival. */
  write<T>(run: () => Promise<T>): Promise<T>
  /** GitHub's own word: nothing starts before that moment, rollbacks neither. */
  blockUntil(at: number): void
  state(): ThrottleState
}

const ORDER: readonly Lane[] = ['rollback', 'interactive', 'sweep']

/** Somebody who wants to write. */
interface Waiting {
  readonly lane: Lane
}

/**
 * Everybody who waits sleeps by the clock himself, so that a clock which only runs when all sleep goes on, and looks
 * again when he wakes: of those who may start, the first in order does.
 */
export function openThrottle(clock: HostClock, settings: ThrottleSettings): Throttle {
  const inTurn = turns(settings.concurrentReads, clock.whileWaiting)
  const budget = openWriteBudget(settings)
  let blockedUntil = 0
  let waiting: readonly Waiting[] = []

  const startable = ({ lane }: Waiting) => Math.max(blockedUntil, budget.startable(lane === 'rollback', clock.now()))
  /** Milliseconds until it is worth looking again; null: now it is our turn. */
  const waitOf = (me: Waiting): number | null => {
    const firsts = ORDER.flatMap((lane) => waiting.find((one) => one.lane === lane) ?? [])
    const due = firsts.find((one) => startable(one) <= clock.now())
    return due === me ? null : Math.max(0, startable(me) - clock.now())
  }
  return {
    read: async (run) => {
      for (let wait = blockedUntil - clock.now(); wait > 0; wait = blockedUntil - clock.now()) await clock.sleep(wait)
      return inTurn(run)
    },
    write: async (run) => {
      const me = { lane: currentLane() }
      waiting = [...waiting, me]
      for (let wait = waitOf(me); wait !== null; wait = waitOf(me)) await clock.sleep(wait)
      waiting = waiting.filter((one) => one !== me)
      budget.spend(me.lane === 'rollback', clock.now())
      return run()
    },
    blockUntil: (at) => {
      blockedUntil = Math.max(blockedUntil, at)
    },
    state: () => ({
      blockedUntil: blockedUntil > clock.now() ? blockedUntil : null,
      waitingWrites: waiting.length,
      writesInLastHour: budget.spentInHour(clock.now()),
    }),
  }
}
