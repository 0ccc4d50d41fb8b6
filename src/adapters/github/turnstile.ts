import type { HostClock } from './host-clock.ts'

/** Lets at most so many pass at once, the rest in the order that they came. */
export interface Turnstile {
  pass<T>(run: () => Promise<T>): Promise<T>
}

/** @param whileWaiting  told of every wait for somebody else to come through */
export function openTurnstile(places: number, whileWaiting: HostClock['whileWaiting']): Turnstile {
  let free = places
  const waiting: (() => void)[] = []
  return {
    pass: async (run) => {
      if (free > 0) free--
      else {
        const turn = new Promise<void>((resolve) => {
          waiting.push(resolve)
        })
        await (whileWaiting?.(turn) ?? turn)
      }
      try {
        return await run()
      } finally {
        const next = waiting.shift()
        if (next === undefined) free++
        else next()
      }
    },
  }
}
