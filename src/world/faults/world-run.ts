import { openJobFolder } from '../../adapters/job-folder.ts'
import { type VirtualClock, virtualClock } from '../clock.ts'
import type { Courier } from '../github/github-state.ts'
import { fromSnapshot, type World, type WorldSnapshot } from '../world.ts'
import { addressing } from './call-address.ts'
import type { Fault } from './fault.ts'
import { type FaultyTransport, faultyTransport } from './faulty-transport.ts'
import { mortalClock } from './mortal-clock.ts'
import type { FaultRun } from './sweep.ts'

/** A running app, as one that can be killed. */
export interface Instance {
  readonly courier: Courier
  /** When nothing is left to do that time alone would not bring. */
  settle(): Promise<void>
  /** An orderly end. */
  close(): Promise<void>
}

/** What an instance is given. */
export interface InstancePlace {
  readonly world: World
  readonly clock: VirtualClock
  /** Reaches GitHub until the instance is killed. */
  readonly fetch: typeof fetch
  /** When the instance is dead: here it closes its files, as the system would, and finishes nothing. */
  readonly killed: Promise<void>
  /** Its own folder, which the next instance finds as this one left it. */
  readonly folder: string
}

export interface WorldStory {
  /** Where every run begins. */
  readonly snapshot: WorldSnapshot
  readonly start: (place: InstancePlace) => Promise<Instance>
  /** What people do; `settled` waits until the app has done its part. */
  readonly tell: (world: World, settled: () => Promise<void>) => Promise<void>
  /** What is seen in the end, as plain JSON without ids and moments. */
  readonly endOf: (world: World) => Promise<unknown>
  /** Sees the app's own folder when all is over, before it goes. */
  readonly atEnd?: (folder: string) => void
  /** Lists and queries are this old. */
  readonly lagMs?: number
  /** From its death to the next instance. */
  readonly restartsAfterMs?: number
  /** How much time may pass after each act of people: pauses, retries, sweeps. */
  readonly settlesWithinMs?: number
}

/** Turns of "webhooks, app, time" after which something goes round in circles. */
const MOST_ROUNDS = 200

/** A story as the sweep tells it: each time in a world of its own, with these faults, and a new instance after a kill. */
export function worldRun(story: WorldStory): (faults: readonly Fault[]) => Promise<FaultRun> {
  return async (faults) => {
    const clock = virtualClock(story.snapshot.now)
    const folder = openJobFolder()
    const life = lives(story, { faults, clock, folder: folder.path })
    const world = await fromSnapshot(story.snapshot, { clock, courier: life.courier })
    try {
      life.begin(world)
      await life.settled()
      await story.tell(world, life.settled)
      await life.settled()
      const transports = life.transports
      return {
        calls: transports.flatMap((one) => one.calls),
        fired: transports.flatMap((one) => one.fired),
        refused: transports.flatMap((one) => one.epoch.refused),
        end: await story.endOf(world),
      }
    } finally {
      await life.end()
      await world.close()
      story.atEnd?.(folder.path)
      folder.close()
    }
  }
}

interface Living {
  readonly instance: Promise<Instance>
  readonly killed: Promise<void>
  isUp: boolean
}

/** One instance after another, in one world. */
function lives(
  { start, lagMs = 0, restartsAfterMs = 1000, settlesWithinMs = 120_000 }: WorldStory,
  {
    faults,
    clock,
    folder,
  }: { readonly faults: readonly Fault[]; readonly clock: VirtualClock; readonly folder: string },
) {
  const transports: FaultyTransport[] = []
  const names = addressing()
  let world: World | null = null
  let living: Living | null = null
  let failure: { readonly error: unknown } | null = null

  const begin = (of: World): void => {
    world = of
    const fired = transports.flatMap((one) => one.fired)
    const { promise: killed, resolve: tellKilled } = Promise.withResolvers<void>()
    const transport = faultyTransport(lagMs > 0 ? of.lagging(lagMs) : of.fetch, {
      clock,
      faults: faults.filter((fault) => !fired.includes(fault)),
      addressing: names,
      onKill: () => {
        living = null
        clock.at(clock.now() + restartsAfterMs, () => begin(of))
        tellKilled()
      },
    })
    transports.push(transport)
    const mortal = mortalClock(clock, { isAlive: () => transport.epoch.isOpen, killed })
    const instance = start({ world: of, clock: mortal, fetch: transport.fetch, folder, killed })
    const mine: Living = { instance, killed, isUp: false }
    living = mine
    instance.then(
      () => {
        mine.isUp = true
      },
      (error: unknown) => {
        failure = { error }
      },
    )
  }
  const progress = () => `${transports.map((one) => one.calls.length).join()} ${world?.github.state.deliveries.size}`
  const settled = async (): Promise<void> => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = progress()
      await world?.settles(settlesWithinMs)
      if (failure !== null) throw failure.error
      const here = living
      if (here?.isUp === true) await Promise.race([here.instance.then((one) => one.settle()), here.killed])
      await world?.settles()
      if (living?.isUp === true && progress() === before) return
    }
    throw new Error(`the story was not settled after ${MOST_ROUNDS} rounds`)
  }
  const courier: Courier = {
    async deliver(delivery) {
      const here = living
      // a program that is still starting has not opened its door
      if (here?.isUp !== true) throw new Error('failed to connect')
      const answered = here.instance.then((one) => one.courier.deliver(delivery))
      return Promise.race([answered, here.killed.then(() => Promise.reject(new Error('the connection broke')))])
    },
  }
  const end = async () => {
    if (living?.isUp === true) await (await living.instance).close()
  }
  return { begin, settled, courier, end, transports }
}
