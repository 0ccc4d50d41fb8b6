import type { Clock } from './executor/clock.ts'

/** The machine's own time. */
export interface MachineClock extends Clock {
  /** From now on nothing that sleeps keeps the process from ending: a job of tomorrow is the next process's. */
  rest(): void
}

export function machineClock(): MachineClock {
  const sleeping = new Set<NodeJS.Timeout>()
  let rests = false
  return {
    now: () => Date.now(),
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          sleeping.delete(timer)
          resolve()
        }, ms)
        if (rests) timer.unref()
        sleeping.add(timer)
      }),
    rest: () => {
      rests = true
      for (const timer of sleeping) timer.unref()
    },
  }
}
