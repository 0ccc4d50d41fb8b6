import { expect, test } from 'vitest'
import { dueSweeps, startSweeps } from '../../../src/app/sweeps.ts'
import { openTimed, pullWork } from '../../adapters/inbox/support.ts'

/** Sweeps over an inbox whose time a test moves. */
async function openSweeps(before: (timed: ReturnType<typeof openTimed>) => void = () => undefined) {
  const timed = openTimed()
  before(timed)
  const failures: string[] = []
  const house = { installations: async (): Promise<readonly number[]> => [9] }
  const sweeps = await startSweeps(
    {
      inbox: timed.inbox,
      clock: { now: () => Date.parse(timed.now()), sleep: async () => undefined },
      installations: () => house.installations(),
      failed: ({ where }) => failures.push(where),
    },
    false,
  )
  const leaseAll = () => {
    const keys: string[] = []
    for (let leased = timed.inbox.lease(timed.now()); leased !== null; leased = timed.inbox.lease(timed.now())) {
      keys.push(`${leased.work.lane} ${leased.work.key}`)
      timed.inbox.done(leased)
    }
    return keys
  }
  return { ...timed, sweeps, house, failures, leaseAll }
}

test('what came due while the app was down is queued before anything else can happen', async () => {
  const { leaseAll } = await openSweeps(({ inbox, now }) => inbox.wakeAt('42/#7', now(-3600), pullWork(7)))

  expect(leaseAll()).toEqual(['interactive 42/#7', 'sweep app/deliveries', 'sweep installation:9'])
})

test('failed deliveries every 5 minutes, open pull requests every 10, wake-ups each second; all of it only queued', async () => {
  const { sweeps, pass, leaseAll, inbox, now } = await openSweeps()
  leaseAll()
  const came = new Map<string, number>()
  inbox.wakeAt('42/#7', now(90), pullWork(7))
  let wokenAt = 0
  for (let second = 1; second <= 1200; second++) {
    pass(1)
    await sweeps.tick()
    for (const key of leaseAll()) {
      came.set(key, (came.get(key) ?? 0) + 1)
      if (key.endsWith('42/#7')) wokenAt = second
    }
  }

  expect(Object.fromEntries(came)).toEqual({
    'sweep app/deliveries': 4,
    'sweep installation:9': 2,
    'interactive 42/#7': 1,
  })
  expect(wokenAt).toBe(90)
})

test('a merge that waits is tried again by the sweep when nobody’s check wakes it', async () => {
  const { sweeps, pass, leaseAll, inbox } = await openSweeps()
  leaseAll()
  inbox.waitToMerge(pullWork(7), 'a')
  pass(120)
  await sweeps.tick()

  expect(leaseAll()).toEqual(['sweep 42/#7'])
})

test('one sweep that fails is told, and keeps no other from coming', async () => {
  const { sweeps, house, pass, leaseAll, failures } = await openSweeps()
  leaseAll()
  house.installations = async () => {
    throw new Error('GitHub is away')
  }
  pass(600)
  await sweeps.tick()

  expect(failures).toEqual(['sweep of pulls'])
  expect(leaseAll()).toEqual(['sweep app/deliveries'])
})

test('a sweep is due when its time has passed since the last one, not before', () => {
  const names = ['wake-ups', 'deliveries', 'pulls', 'merges', 'prune'] as const
  const last = new Map(names.map((name) => [name, 0]))

  expect(dueSweeps(new Map(), 0)).toEqual(names)
  expect(dueSweeps(last, 999)).toEqual([])
  expect(dueSweeps(last, 1000)).toEqual(['wake-ups'])
  expect(dueSweeps(last, 3_600_000)).toEqual(names)
})
