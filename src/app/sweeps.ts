import type { Inbox, Work } from '../ports/inbox.ts'
import { type Clock, momentOf } from './executor/clock.ts'

export interface SweepOptions {
  readonly inbox: Inbox
  readonly clock: Clock
  /** Ids of the installations that are not suspended. */
  readonly installations: () => Promise<readonly number[]>
  /** A sweep that failed; it comes again. */
  readonly failed: (line: { readonly where: string; readonly error: unknown }) => void
}

export interface Sweeps {
  /** Enqueues whatever is due now. */
  tick(): Promise<void>
  stop(): void
}

type SweepName = 'wake-ups' | 'deliveries' | 'pulls' | 'merges' | 'prune'

/** How often each sweep comes, seconds; each comes at the start as well. */
const SWEEP_EVERY_S: Readonly<Record<SweepName, number>> = {
  'wake-ups': 1,
  deliveries: 300,
  pulls: 600,
  merges: 120,
  prune: 3600,
}

/**
 * Heals what was lost, by the queue only: deliveries that failed, open pull requests, moments at which time alone changes
 * a verdict, merges that wait. The first tick is over when this resolves, so that what came due while the app was down is
 * queued before the door opens.
 *
 * @param loop  false: only `tick` sweeps, for a clock that somebody else moves
 */
export async function startSweeps(options: SweepOptions, loop = true): Promise<Sweeps> {
  const last = new Map<SweepName, number>()
  let isStopped = false
  const tick = async () => {
    const now = options.clock.now()
    for (const name of dueSweeps(last, now)) {
      last.set(name, now)
      await sweepSafely(options, name)
    }
  }
  const run = async () => {
    while (!isStopped) {
      await options.clock.sleep(1000 * SWEEP_EVERY_S['wake-ups'])
      if (!isStopped) await tick()
    }
  }
  await tick()
  if (loop) void run()
  return {
    tick,
    stop: () => {
      isStopped = true
    },
  }
}

/** Sweeps whose time has come, in the order of the table. */
export function dueSweeps(last: ReadonlyMap<SweepName, number>, nowMs: number): readonly SweepName[] {
  const names = Object.keys(SWEEP_EVERY_S) as SweepName[]
  return names.filter((name) => nowMs - (last.get(name) ?? Number.NEGATIVE_INFINITY) >= 1000 * SWEEP_EVERY_S[name])
}

async function sweepSafely(options: SweepOptions, name: SweepName): Promise<void> {
  try {
    await SWEEPS[name](options)
  } catch (error) {
    options.failed({ where: `sweep of ${name}`, error })
  }
}

const SWEEPS: Readonly<Record<SweepName, (options: SweepOptions) => unknown>> = {
  'wake-ups': ({ inbox, clock }) => inbox.wake(momentOf(clock)),
  deliveries: ({ inbox }) => inbox.enqueue(appWork('app/deliveries', { kind: 'deliveries' })),
  pulls: async ({ inbox, installations }) => {
    for (const id of await installations())
      inbox.enqueue(appWork(`installation:${id}`, { kind: 'installation', id, is: 'here' }))
  },
  merges: ({ inbox }) => {
    for (const work of inbox.waitingMerges()) inbox.enqueue({ ...work, lane: 'sweep' })
  },
  prune: ({ inbox, clock }) => inbox.prune(momentOf(clock)),
}

function appWork(key: string, subject: Work['subject']): Work {
  return { key, lane: 'sweep', repository: null, subject, force: false, head: null }
}
