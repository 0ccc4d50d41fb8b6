/** Remembers until it is full, then forgets what was asked for longest ago. */
export interface BoundedMemory<Value> {
  get(key: string): Value | undefined
  /** @param sizeBytes  roughly what it takes; larger than a quarter of the whole is not kept */
  set(key: string, value: Value, sizeBytes: number): void
  readonly bytes: number
}

const OVERHEAD_BYTES = 200

export function openBoundedMemory<Value>(maxBytes: number): BoundedMemory<Value> {
  const kept = new Map<string, { readonly value: Value; readonly size: number }>()
  let bytes = 0
  const forget = (key: string) => {
    bytes -= kept.get(key)?.size ?? 0
    kept.delete(key)
  }
  return {
    get: (key) => {
      const found = kept.get(key)
      if (found === undefined) return undefined
      kept.delete(key)
      kept.set(key, found)
      return found.value
    },
    set: (key, value, sizeBytes) => {
      forget(key)
      const size = sizeBytes + 2 * key.length + OVERHEAD_BYTES
      if (size > maxBytes / 4) return
      kept.set(key, { value, size })
      bytes += size
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes) break
        forget(oldest)
      }
    },
    get bytes() {
      return bytes
    },
  }
}
