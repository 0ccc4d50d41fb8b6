import { expect, test } from 'vitest'
import { openBoundedMemory } from '../../../src/adapters/github/bounded-memory.ts'
import { withLane } from '../../../src/adapters/github/lane.ts'
import { openThrottle } from '../../../src/adapters/github/throttle.ts'
import { githubLimits } from '../../../src/adapters/github/throttle-settings.ts'
import type { Lane } from '../../../src/ports/inbox.ts'
import { jumpingClock } from './recorded-github.ts'

const SECOND = 1000
const HOUR = 3_600_000

function openPaced(settings: Partial<typeof githubLimits> = {}) {
  const clock = jumpingClock(0)
  const throttle = openThrottle(clock, { ...githubLimits, ...settings })
  const started: { readonly lane: Lane; readonly at: number }[] = []
  const write = (lane: Lane) =>
    withLane(lane, () => throttle.write(async () => void started.push({ lane, at: clock.now() })))
  const writes = (lane: Lane, many: number) => Promise.all(Array.from({ length: many }, () => write(lane)))
  return { clock, throttle, started, writes }
}

const inWindow = (times: readonly number[], from: number, ms: number) =>
  times.filter((at) => at >= from && at < from + ms).length

test('writes start a second apart, at most 70 a minute and 440 an hour for all but rollbacks', async () => {
  const { started, writes } = openPaced()

  await writes('interactive', 600)

  const times = started.map(({ at }) => at)
  expect(Math.min(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBe(SECOND)
  for (const from of times) {
    expect(inWindow(times, from, 60 * SECOND)).toBeLessThanOrEqual(70)
    expect(inWindow(times, from, HOUR)).toBeLessThanOrEqual(440)
  }
})

test('a rollback waits for nobody: 10 a minute and 60 an hour are never given to other work', async () => {
  const { started, writes, throttle } = openPaced({ spacingMs: 0 })
  await writes('sweep', 70)
  expect(started.at(-1)?.at).toBe(0)

  const late = writes('interactive', 1)
  await writes('rollback', 10)

  expect(started.slice(70).map(({ lane, at }) => [lane, at])).toEqual(Array(10).fill(['rollback', 0]))
  expect(throttle.state()).toMatchObject({ waitingWrites: 1, writesInLastHour: 80 })
  await late
  expect(started.at(-1)).toEqual({ lane: 'interactive', at: 60 * SECOND })
})

test('lanes go before arrival, and all limits of GitHub hold for rollbacks too', async () => {
  const { started, writes } = openPaced()
  await Promise.all([writes('sweep', 2), writes('interactive', 1), writes('rollback', 1)])
  expect(started.map(({ lane }) => lane)).toEqual(['sweep', 'rollback', 'interactive', 'sweep'])

  const alone = openPaced({ spacingMs: 0 })
  await alone.writes('rollback', 90)
  expect(alone.started.filter(({ at }) => at < 60 * SECOND)).toHaveLength(80)
})

test('what GitHub asks to wait for holds everything, reads too', async () => {
  const { clock, throttle, started, writes } = openPaced()
  throttle.blockUntil(5 * SECOND)
  expect(throttle.state().blockedUntil).toBe(5 * SECOND)

  const read = throttle.read(async () => clock.now())
  await writes('rollback', 1)

  expect([await read, started[0]?.at]).toEqual([5 * SECOND, 5 * SECOND])
})

test('reads are not paced, and never more than a hundred at once', async () => {
  const { throttle } = openPaced()
  let now = 0
  let most = 0
  const read = () =>
    throttle.read(async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
    })

  await Promise.all(Array.from({ length: 350 }, read))

  expect(most).toBe(100)
})

test('memory stays within its bytes and forgets what was not asked for longest', () => {
  const memory = openBoundedMemory<string>(10_000)
  for (let count = 0; count < 50; count++) {
    memory.set(`k${count}`, 'v', 1000)
    memory.get('k0')
    expect(memory.bytes).toBeLessThanOrEqual(10_000)
  }
  memory.set('huge', 'v', 9000)

  expect([memory.get('k0'), memory.get('k49'), memory.get('k30'), memory.get('huge')]).toEqual([
    'v',
    'v',
    undefined,
    undefined,
  ])
})
