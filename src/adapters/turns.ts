/** Runs work when its turn has come. */
export type Turns = <Value>(run: () => Promise<Value>) => Promise<Value>

/**
 * At most so many at once, the others in the order in which they came.
 *
 * @param whileWaiting  told of every wait for somebody else to end, for a clock that must know who runs and who waits
 */
export function turns(atOnce: number, whileWaiting?: (wait: Promise<void>) => Promise<void>): Turns {
  const waiting: (() => void)[] = []
  let free = atOnce
  return async (run) => {
    if (free > 0) free--
    else {
      const turn = new Promise<void>((resolve) => void waiting.push(resolve))
      await (whileWaiting?.(turn) ?? turn)
    }
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
