/** One at a time for a name, in the order of asking: merges into one branch, above all. */
export type Exclusive = <Value>(name: string, run: () => Promise<Value>) => Promise<Value>

/** Wraps a wait for other work of ours, for a clock that must know who runs and who only waits. */
export type WhileWaiting = (wait: Promise<void>) => Promise<void>

/** Locks within this process, which is the only one that has the inbox. A run that throws lets the next one go on. */
export function openExclusive(whileWaiting: WhileWaiting = (wait) => wait): Exclusive {
  const last = new Map<string, Promise<void>>()
  return async (name, run) => {
    const before = last.get(name)
    let free: () => void = () => undefined
    const mine = new Promise<void>((resolve) => {
      free = resolve
    })
    last.set(name, mine)
    if (before !== undefined) await whileWaiting(before)
    try {
      return await run()
    } finally {
      if (last.get(name) === mine) last.delete(name)
      free()
    }
  }
}
