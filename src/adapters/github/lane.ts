import { AsyncLocalStorage } from 'node:async_hooks'
import type { Lane } from '../../ports/inbox.ts'

const lanes = new AsyncLocalStorage<Lane>()

/** Everything that `work` writes goes in this lane, however deep the call lies. */
export function withLane<T>(lane: Lane, work: () => T): T {
  return lanes.run(lane, work)
}

/** The lane that the caller runs in; work that says nothing waits behind people. */
export function currentLane(): Lane {
  return lanes.getStore() ?? 'sweep'
}
