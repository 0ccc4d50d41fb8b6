import type { VirtualClock } from '../clock.ts'

/** Never settles: what a dead program hears. */
export const silence = new Promise<never>(() => undefined)

/**
 * The clock of one instance of a program.
 *
 * When the instance is killed its work no longer holds time, and whoever of it sleeps never wakes.
 */
export function mortalClock(
  clock: VirtualClock,
  { isAlive, killed }: { readonly isAlive: () => boolean; readonly killed: Promise<void> },
): VirtualClock {
  const unlessDead = <Value>(wait: Promise<Value>): Promise<Value> =>
    wait.then((value) => (isAlive() ? value : silence))
  return {
    now: clock.now,
    advance: clock.advance,
    settle: clock.settle,
    get waiting() {
      return clock.waiting
    },
    sleep: (ms) => unlessDead(clock.sleep(ms)),
    whileWaiting: (wait) => unlessDead(clock.whileWaiting(wait)),
    at: (moment, act) =>
      clock.at(moment, () => {
        if (isAlive()) act()
      }),
    during: async (work) => {
      let working: ReturnType<typeof work> | null = null
      // begun inside: what it sleeps must count as its own sleep
      await clock.during(() => {
        working = work()
        return Promise.race([working, killed]).catch(() => undefined)
      })
      return isAlive() && working !== null ? working : silence
    },
  }
}
