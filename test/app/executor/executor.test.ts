import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openInbox } from '../../../src/adapters/inbox/inbox.ts'
import { openExclusive } from '../../../src/app/executor/exclusive.ts'
import { type ExecutorOptions, type JobWatch, openExecutor } from '../../../src/app/executor/executor.ts'
import type { Outcome } from '../../../src/app/executor/outcome.ts'
import { HostFailure } from '../../../src/ports/host-failure.ts'
import type { Lane, Leased, Work } from '../../../src/ports/inbox.ts'
import { virtualClock } from '../../../src/world/clock.ts'
import { commentWork, delivered, pullWork } from '../../adapters/inbox/support.ts'

const DONE: Outcome = { is: 'done' }
const deep = process.env.WEIGHBRIDGE_DEEP !== undefined

/** An executor in virtual time that writes down what ran when. */
function openHouse(
  act: (leased: Leased, signal: AbortSignal) => Promise<Outcome> | Outcome,
  more: Partial<ExecutorOptions> = {},
) {
  const clock = virtualClock()
  const inbox = openInbox({ path: ':memory:', now: () => new Date(clock.now()) })
  const start = clock.now()
  const runs: { key: string; lane: Lane; fromS: number; toS: number }[] = []
  const running = new Set<string>()
  const ends: Parameters<JobWatch['ended']>[0][] = []
  const troubles: unknown[] = []
  const dead: string[] = []
  let most = 0
  const executor = openExecutor({
    inbox,
    clock,
    chance: () => 0.5,
    watches: [{ ended: (line) => ends.push(line), failed: (line) => troubles.push(line) }],
    onDead: async (work) => void dead.push(work.key),
    work: (leased, signal) =>
      clock.during(async () => {
        const { key, lane } = leased.work
        expect(running).not.toContain(key)
        running.add(key)
        most = Math.max(most, running.size)
        const fromS = (clock.now() - start) / 1000
        try {
          return await act(leased, signal)
        } finally {
          running.delete(key)
          runs.push({ key, lane, fromS, toS: (clock.now() - start) / 1000 })
        }
      }),
    ...more,
  })
  return {
    clock,
    inbox,
    executor,
    runs,
    ends,
    dead,
    troubles,
    most: () => most,
    receive: (work: Work) => inbox.receive(delivered(), [work]),
    /** Lets time jump until nothing waits or runs. */
    async settles() {
      let isOver = false
      const over = executor.settle().then(() => {
        isOver = true
      })
      await clock.settle({ until: () => isOver })
      await over
    },
  }
}

test('an executor that is held starts nothing, however old the work, before it is told to', async () => {
  const house = openHouse(() => DONE, { isHeld: true })
  await house.receive(pullWork(7))
  await house.clock.settle()
  const before = house.runs.length

  house.executor.start()
  await house.settles()

  expect(before).toBe(0)
  expect(house.runs.map(({ key }) => key)).toEqual([pullWork(7).key])
})

test('work is done by itself, once, and settle says when nothing is left', async () => {
  const house = openHouse(async () => {
    await house.clock.sleep(1000)
    return DONE
  })
  await house.receive(pullWork(7))
  await house.settles()

  expect(house.runs).toEqual([{ key: '42/#7', lane: 'interactive', fromS: 0, toS: 1 }])
  expect(house.ends).toMatchObject([{ is: 'done', attempt: 1, ms: 1000, sinceEventMs: 1000 }])
})

test('an event during a run is answered by one more run, however many came', async () => {
  const house = openHouse(async () => {
    await house.clock.sleep(10_000)
    return DONE
  })
  await house.receive(pullWork(7, { head: 'a' }))
  house.clock.at(house.clock.now() + 5000, () => {
    for (const head of ['b', 'c', 'd']) void house.receive(pullWork(7, { head }))
  })
  await house.settles()

  expect(house.runs.map((run) => [run.fromS, run.toS])).toEqual([
    [0, 10],
    [10, 20],
  ])
})

test('what fails is tried 8 times over half an hour, then it is dead, somebody is told, and the rest goes on', async () => {
  const house = openHouse(({ work }) => {
    if (work.key === '42/#7') throw new Error('a bug')
    return DONE
  })
  await house.receive(pullWork(7))
  await house.receive(pullWork(8))
  await house.settles()

  const tries = house.runs.filter((run) => run.key === '42/#7').map((run) => run.fromS)
  expect(tries).toHaveLength(8)
  expect(tries.map((at, index) => at - (tries[index - 1] ?? 0)).slice(1, 4)).toEqual([3.75, 11.25, 33.75])
  expect(tries.at(-1)).toBeGreaterThan(1200)
  expect(house.dead).toEqual(['42/#7'])
  expect(house.ends.at(-1)).toMatchObject({ is: 'dead', attempt: 8, because: 'Error: a bug' })
  expect(house.inbox.counts().jobs).toEqual({ waiting: 0, running: 0, dead: 1 })
})

test('telling that a job is dead may fail itself, and stops nothing', async () => {
  const fail = async () => {
    throw new Error('no')
  }
  const house = openHouse(fail, { onDead: fail })
  await house.receive(pullWork(7))
  await house.settles()

  expect(house.troubles).toMatchObject([{ where: 'telling that a job is dead' }])
})

test('GitHub’s wish to wait is obeyed to the second, also when new events come (S53)', async () => {
  const house = openHouse(({ attempt }) => {
    if (attempt > 1 || house.runs.length > 0) return DONE
    throw new HostFailure('slow down', { operation: 'weigh', status: 403, retryable: true, retryAfterS: 1800 })
  })
  await house.receive(pullWork(7))
  house.clock.at(house.clock.now() + 60_000, () => void house.receive(pullWork(7)))
  await house.settles()

  expect(house.runs.map((run) => run.fromS)).toEqual([0, 1800.5])
})

test.each([
  { status: 401, operation: 'read the pull request', message: 'Bad credentials', ends: true },
  { status: 403, operation: 'get a token', message: 'This installation has been suspended', ends: true },
  { status: 404, operation: 'get an installation token', message: 'Not Found', ends: true },
  { status: 404, operation: 'read the pull request', message: 'Not Found', ends: false },
  { status: 403, operation: 'merge', message: 'Resource not accessible by integration', ends: false },
])('$status of "$operation" ends the installation’s jobs: $ends', async ({ status, operation, message, ends }) => {
  const house = openHouse(
    ({ work }) => {
      if (work.key !== '42/#1') return DONE
      throw new HostFailure(message, { operation, status, retryable: false })
    },
    { limits: { atOnce: 1, perRepository: 1, reserved: 0, comments: 0 } },
  )
  await Promise.all([1, 2, 3].map((number) => house.receive(pullWork(number))))
  await house.settles()

  expect(house.ends[0]?.is).toBe(ends ? 'installation-gone' : 'failed')
  expect(house.runs.some((run) => run.key === '42/#2')).toBe(!ends)
})

test('work that GitHub is not ready for is done later, and that is no failure', async () => {
  const house = openHouse(() =>
    house.runs.length < 20 ? { is: 'later', at: new Date(house.clock.now() + 2000).toISOString() } : DONE,
  )
  await house.receive(pullWork(7))
  await house.settles()

  expect(house.runs).toHaveLength(21)
  expect(house.runs.at(-1)?.fromS).toBe(40)
  expect(house.dead).toEqual([])
})

test('a flood of one repository keeps no other waiting, and never takes more than its share', async () => {
  const house = openHouse(async () => {
    await house.clock.sleep(10_000)
    return DONE
  })
  await Promise.all(Array.from({ length: 40 }, (_, number) => house.receive(pullWork(number + 1, { repositoryId: 1 }))))
  await Promise.all([2, 3].map((repositoryId) => house.receive(pullWork(1, { repositoryId }))))
  await house.settles()

  for (const key of ['2/#1', '3/#1']) expect(house.runs.find((run) => run.key === key)?.fromS).toBe(0)
  for (const { fromS } of house.runs) {
    const atOnce = house.runs.filter((run) => run.key.startsWith('1/') && run.fromS <= fromS && fromS < run.toS)
    expect(atOnce.length).toBeLessThanOrEqual(2)
  }
})

test('work put off starts on time, though older work of a busy repository waits before it', async () => {
  const house = openHouse(async ({ work }) => {
    await house.clock.sleep(work.key.startsWith('1/') ? 3_600_000 : 1000)
    return DONE
  })
  for (const number of [1, 2, 3]) await house.receive(pullWork(number, { repositoryId: 1 }))
  house.inbox.enqueue(pullWork(1, { repositoryId: 2 }), new Date(house.clock.now() + 60_000).toISOString())
  await house.settles()

  expect(house.runs.find((run) => run.key === '2/#1')?.fromS).toBe(60)
})

test('a rollback starts at once, though the house is full', async () => {
  const house = openHouse(async () => {
    await house.clock.sleep(60_000)
    return DONE
  })
  for (let repositoryId = 1; repositoryId <= 20; repositoryId++) await house.receive(pullWork(1, { repositoryId }))
  house.clock.at(house.clock.now() + 1000, () => void house.receive(pullWork(2, { repositoryId: 1, lane: 'rollback' })))
  await house.settles()

  expect(house.runs.find((run) => run.lane === 'rollback')?.fromS).toBe(1)
  expect(house.most()).toBe(9)
})

test('merges into one branch happen one after the other, into two at the same time, and a failed one frees the branch', async () => {
  const clock = virtualClock()
  const exclusive = openExclusive()
  const order: string[] = []
  const merge = (name: string, branch: string) =>
    exclusive(branch, async () => {
      order.push(`${name} begins`)
      await clock.sleep(1000)
      order.push(`${name} ends`)
      if (name === 'A') throw new Error('refused')
      return name
    })
  const merges = Promise.allSettled([merge('A', '42@main'), merge('B', '42@main'), merge('C', '42@release')])
  await clock.advance(3000)

  expect((await merges).map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual(['failed', 'B', 'C'])
  expect(order).toEqual(['A begins', 'C begins', 'A ends', 'B begins', 'C ends', 'B ends'])
})

test('a stop waits for what nearly is done, gives back the rest, and starts nothing', async () => {
  let wasAborted = false
  const house = openHouse(async ({ work }, signal) => {
    signal.addEventListener('abort', () => {
      wasAborted = work.key === '2/#1'
    })
    await house.clock.sleep(work.key === '1/#1' ? 5000 : 60_000)
    return DONE
  })
  await house.receive(pullWork(1, { repositoryId: 1 }))
  await house.receive(pullWork(1, { repositoryId: 2 }))
  await house.clock.advance(1000)
  let isOver = false
  const drained = house.executor.drain(20_000).then(() => {
    isOver = true
  })
  await house.receive(pullWork(1, { repositoryId: 3 }))
  await house.clock.settle({ until: () => isOver })
  await drained

  expect(house.runs.map((run) => run.key)).toEqual(['1/#1'])
  expect(wasAborted).toBe(true)
  expect(house.inbox.counts().jobs).toEqual({ waiting: 2, running: 0, dead: 0 })
  expect(house.inbox.lease(new Date(house.clock.now()).toISOString())?.attempt).toBe(1)
})

test('when the inbox does not take an end, it is offered again, and nothing is done twice', async () => {
  const house = openHouse(() => DONE)
  const { done } = house.inbox
  let refusals = 2
  house.inbox.done = (leased) => {
    if (refusals-- > 0) throw new Error('disk full')
    done(leased)
  }
  await house.receive(pullWork(7))
  await house.settles()

  expect(house.runs).toHaveLength(1)
  expect(house.troubles).toHaveLength(2)
  expect(house.inbox.counts().deliveries.done).toBe(1)
})

test('whatever comes in whatever lane and however it ends: one of a key at once, nothing lost, nobody starves', async () => {
  const event = fc.record({
    repositoryId: fc.integer({ min: 1, max: 5 }),
    number: fc.integer({ min: 1, max: 3 }),
    lane: fc.constantFrom<Lane>('rollback', 'interactive', 'sweep'),
    atS: fc.nat(120),
    takesS: fc.nat(20),
    fails: fc.nat(3),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 40 }), async (events) => {
      const lastCame = new Map<string, number>()
      const failures = new Map<string, number>()
      const takes = new Map<string, number>()
      const house = openHouse(async ({ work }) => {
        await house.clock.sleep(1000 * (takes.get(work.key) ?? 0))
        const left = failures.get(work.key) ?? 0
        failures.set(work.key, left - 1)
        if (left > 0) throw new Error('not yet')
        return DONE
      })
      const start = house.clock.now()
      for (const { atS, takesS, fails, ...of } of events)
        house.clock.at(start + 1000 * atS, () => {
          const work = pullWork(of.number, of)
          takes.set(work.key, takesS)
          failures.set(work.key, fails)
          lastCame.set(work.key, atS)
          void house.receive(work)
        })
      await house.clock.advance(121_000)
      await house.settles()

      for (const [key, atS] of lastCame)
        expect(house.runs.some((run) => run.key === key && run.fromS >= atS)).toBe(true)
      expect(house.inbox.counts()).toMatchObject({
        deliveries: { done: events.length },
        jobs: { waiting: 0, running: 0, dead: 0 },
      })
      expect(house.most()).toBeLessThanOrEqual(10)
      expect(Math.max(...house.runs.map((run) => run.toS))).toBeLessThan(900)
      house.inbox.close()
    }),
    { numRuns: deep ? 2000 : 100 },
  )
})

test('a house that is full of weighings still answers comments, four at once', async () => {
  const house = openHouse(async () => {
    await house.clock.sleep(10_000)
    return DONE
  })
  for (let repositoryId = 1; repositoryId <= 9; repositoryId++) await house.receive(pullWork(1, { repositoryId }))
  for (let repositoryId = 1; repositoryId <= 6; repositoryId++) await house.receive(commentWork(1, { repositoryId }))
  await house.settles()

  const atOnce = house.runs.filter(({ fromS }) => fromS === 0).map(({ key }) => key)
  expect(atOnce.filter((key) => key.includes('#'))).toHaveLength(8)
  expect(atOnce.filter((key) => key.includes('comment'))).toHaveLength(4)
})

test('under rollbacks and people without end, a sweep has its turn after ten minutes, of every repository', async () => {
  const house = openHouse(
    async () => {
      await house.clock.sleep(5000)
      return DONE
    },
    { limits: { atOnce: 2, perRepository: 2, reserved: 1, comments: 0 } },
  )
  const start = house.clock.now()
  for (const repositoryId of [1, 2, 3]) await house.receive(pullWork(99, { repositoryId, lane: 'sweep' }))
  for (let second = 0; second < 1200; second += 2)
    house.clock.at(start + 1000 * second, () => {
      void house.receive(pullWork(1 + (second % 40), { repositoryId: 1 + (second % 3) }))
    })
  await house.settles()

  const sweeps = house.runs.filter((run) => run.lane === 'sweep')
  expect(sweeps).toHaveLength(3)
  for (const { fromS } of sweeps) expect(fromS).toBeLessThan(700)
})
