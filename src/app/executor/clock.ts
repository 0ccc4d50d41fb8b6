/** Time as the app reads it; a test's or a world's clock may run ahead of the machine's. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number
  sleep(ms: number): Promise<void>
}

/** The clock's moment as the inbox writes it. */
export function momentOf(clock: Clock, laterMs = 0): string {
  return new Date(clock.now() + laterMs).toISOString()
}
