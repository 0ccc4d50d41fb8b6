import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NothingLeft, virtualClock } from '../../../src/world/clock.ts'

test('timers fire at their own moment, the earlier first, of two of one moment the one made first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 20 }), async (delays) => {
      const clock = virtualClock(1000)
      const fired: { readonly index: number; readonly moment: number }[] = []
      for (const [index, delay] of delays.entries())
        clock.at(1000 + delay, () => fired.push({ index, moment: clock.now() }))

      await clock.advance(50)

      const expected = delays
        .map((delay, index) => ({ index, moment: 1000 + delay }))
        .sort((a, b) => a.moment - b.moment || a.index - b.index)
      expect(fired).toEqual(expected)
      expect(clock.now()).toBe(1050)
    }),
    { numRuns: 50 },
  )
})

test('what follows from a timer happens before the next one, also when it makes timers of its own', async () => {
  const clock = virtualClock(0)
  const told: string[] = []
  const walk = async (name: string, stepMs: number) => {
    for (let step = 1; step <= 3; step++) {
      await clock.sleep(stepMs)
      told.push(`${name}${step}@${clock.now()}`)
    }
  }
  void walk('a', 10)
  void walk('b', 15)

  await clock.advance(100)

  expect(told).toEqual(['a1@10', 'b1@15', 'a2@20', 'b2@30', 'a3@30', 'b3@45'])
})

test('time stands still while work runs, however long it takes, and goes on when it sleeps', async () => {
  const clock = virtualClock(0)
  const seen: number[] = []
  void clock.during(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen.push(clock.now())
    await clock.sleep(60_000)
    await new Promise((resolve) => setTimeout(resolve, 20))
    seen.push(clock.now())
  })
  clock.at(60_000, () => undefined)
  clock.at(90_000, () => seen.push(clock.now()))

  await clock.settle()

  expect(seen).toEqual([0, 60_000, 90_000])
})

test('settling jumps to what was waited for, and says when it can never come', async () => {
  const clock = virtualClock(0)
  let isDone = false
  clock.at(5000, () => {
    isDone = true
  })
  clock.at(9000, () => undefined)

  await clock.settle({ until: () => isDone })
  expect(clock.now()).toBe(5000)
  await expect(clock.settle({ until: () => clock.now() > 10_000 })).rejects.toThrow(NothingLeft)
  expect(clock.waiting).toEqual([])
})

test('what lies beyond the horizon waits, and what was called off never comes', async () => {
  const clock = virtualClock(0)
  const fired: string[] = []
  clock.at(100, () => fired.push('near'))
  clock.at(500, () => fired.push('far'))
  const callOff = clock.at(50, () => fired.push('never'))
  callOff()

  await clock.settle({ withinMs: 200 })

  expect(fired).toEqual(['near'])
  expect(clock.waiting).toEqual([500])
})
