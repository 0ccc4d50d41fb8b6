/** Things kept for a while, by name; the oldest goes when there are too many. */
export interface Expiring<Value> {
  set(name: string, value: Value): void
  get(name: string): Value | null
  /** Gives it out once. */
  take(name: string): Value | null
}

/**
 * @param of.forMs  how long something is kept
 * @param of.atMost  how many at once, so that nobody can fill the memory
 */
export function expiring<Value>(of: {
  readonly forMs: number
  readonly atMost: number
  readonly now: () => number
}): Expiring<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>()
  const get = (name: string): Value | null => {
    const found = kept.get(name)
    if (found !== undefined && found.until > of.now()) return found.value
    kept.delete(name)
    return null
  }
  return {
    get,
    set: (name, value) => {
      kept.delete(name)
      kept.set(name, { value, until: of.now() + of.forMs })
      const [oldest] = kept.keys()
      if (kept.size > of.atMost && oldest !== undefined) kept.delete(oldest)
    },
    take: (name) => {
      const value = get(name)
      kept.delete(name)
      return value
    },
  }
}
