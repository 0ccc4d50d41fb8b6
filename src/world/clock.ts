import { AsyncLocalStorage } from 'node:async_hooks'

/** Time as everything in the world reads it. */
export interface WorldClock {
  /** Milliseconds since 1970. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** Time that passes only when it is told to, or when nothing else is left to do. */
export interface VirtualClock extends WorldClock {
  /** Acts at a moment; a moment that is past is now. Gives back how to call it off. */
  at(moment: number, act: () => void): () => void
  /** Work that the clock waits for: as long as any runs, time stands still. Work that sleeps by this clock does not run. */
  during<Value>(work: () => Promise<Value>): Promise<Value>
  /** Waits for other work without holding the clock: for a lock, or for its turn. */
  whileWaiting(wait: Promise<void>): Promise<void>
  /** Lets time pass; every timer on the way fires at its own moment, with all that follows from it. */
  advance(ms: number): Promise<void>
  /**
   * Lets everything happen that will happen: whenever nothing runs, time jumps to the next timer.
   *
   * Ends when `until` holds or nothing is left within `withinMs`.
   *
   * @throws {NothingLeft} when `until` is given and never held
   */
  settle(options?: { readonly until?: () => boolean; readonly withinMs?: number }): Promise<void>
  /** Moments of the timers that wait, soonest first. */
  readonly waiting: readonly number[]
}

/** The world stands still, and what was waited for has not happened. */
export class NothingLeft extends Error {
  constructor(moment: number) {
    super(`what was waited for had not happened at ${new Date(moment).toISOString()}, and nothing was left to happen`)
    this.name = 'NothingLeft'
  }
}

export const realClock: WorldClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** Runs work so that a virtual clock waits for it. */
export function during<Value>(clock: WorldClock | VirtualClock, work: () => Promise<Value>): Promise<Value> {
  return isVirtual(clock) ? clock.during(work) : work()
}

export function isVirtual(clock: WorldClock | VirtualClock): clock is VirtualClock {
  return 'advance' in clock
}

/** Acts after a while, by whatever clock; gives back how to call it off. */
export function after(clock: WorldClock | VirtualClock, ms: number, act: () => void): () => void {
  if (isVirtual(clock)) return clock.at(clock.now() + ms, act)
  // a timer of Node holds no more than 24 days
  const timer = setTimeout(act, Math.min(ms, 2 ** 31 - 1))
  timer.unref()
  return () => clearTimeout(timer)
}

interface Timer {
  readonly moment: number
  readonly order: number
  readonly act: () => void
}

/** A piece of work that holds the clock unless it sleeps by it. */
interface Held {
  sleeping: number
}

/** Turns of the event loop without work after which nothing is on its way: promises and streams need a few. */
const QUIET_TURNS = 4

/** A virtual clock; two that are started alike and used alike fire alike. */
export function virtualClock(start = Date.parse('2026-11-18T10:00:00Z')): VirtualClock {
  let now = start
  let timers: readonly Timer[] = []
  let made = 0
  const works = workHolding()

  const at = (moment: number, act: () => void) => {
    const timer = { moment: Math.max(moment, now), order: made++, act }
    timers = [...timers, timer].sort((a, b) => a.moment - b.moment || a.order - b.order)
    return () => {
      timers = timers.filter((one) => one !== timer)
    }
  }
  const next = () => timers[0]?.moment ?? Number.POSITIVE_INFINITY
  const fireNext = async (): Promise<void> => {
    const [first, ...rest] = timers
    timers = rest
    now = first?.moment ?? now
    first?.act()
    await works.quiet()
  }
  return {
    now: () => now,
    sleep: (ms) => works.asleep(new Promise((resolve) => void at(now + ms, resolve))),
    at,
    during: works.during,
    whileWaiting: works.asleep,
    advance: async (ms) => {
      const end = now + ms
      await works.quiet()
      while (next() <= end) await fireNext()
      now = end
    },
    settle: async ({ until, withinMs = Number.POSITIVE_INFINITY } = {}) => {
      const end = now + withinMs
      await works.quiet()
      while (until?.() !== true && timers.length > 0 && next() <= end) await fireNext()
      if (until?.() === false) throw new NothingLeft(now)
    },
    get waiting() {
      return timers.map((timer) => timer.moment)
    },
  }
}

/** Knows what runs: begun, not ended, and not asleep. */
function workHolding() {
  const mine = new AsyncLocalStorage<Held>()
  const all = new Set<Held>()
  let told: (() => void)[] = []
  const tell = () => {
    for (const one of told) one()
    told = []
  }
  const isBusy = () => [...all].some((held) => held.sleeping === 0)
  return {
    async during<Value>(work: () => Promise<Value>): Promise<Value> {
      const held = { sleeping: 0 }
      all.add(held)
      try {
        return await mine.run(held, work)
      } finally {
        all.delete(held)
        tell()
      }
    },
    async asleep(wake: Promise<void>): Promise<void> {
      const held = mine.getStore() ?? { sleeping: 0 }
      held.sleeping++
      tell()
      await wake
      held.sleeping--
    },
    /** Waits until nothing runs and nothing is on its way for a few turns of the event loop. */
    async quiet(): Promise<void> {
      for (let turns = 0; turns < QUIET_TURNS; turns++) {
        while (isBusy()) {
          await new Promise<void>((resolve) => told.push(resolve))
          turns = 0
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}
