/** Time for pacing, retries and tokens; a test's clock runs ahead of the machine's. */
export interface HostClock {
  /** Milliseconds since 1970 UTC. */
  now(): number
  sleep(ms: number): Promise<void>
  /** Told of a wait for other work of ours, for a clock that must know who runs and who only waits. */
  whileWaiting?(wait: Promise<void>): Promise<void>
}

export const machineClock: HostClock = {
  now: () => Date.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms)
    }),
}
