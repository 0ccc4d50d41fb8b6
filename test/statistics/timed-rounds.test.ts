import { expect, test } from 'vitest'
import { orderStatisticInterval } from '../../src/statistics/order-statistic-interval.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { percentileOfCalls, ratioOfCalls, timingNoise } from '../../src/statistics/timed-rounds.ts'

const REPEATS = process.env.WEIGHBRIDGE_DEEP === undefined ? 200 : 2000

/** Calls of a queue: most take 1, some much longer. */
function rounds(stream: string, slower = 1, count = 40, calls = 50): readonly Float64Array[] {
  const generator = pcg32(7, stream)
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: calls }, () => slower * (1 - 0.3 * Math.log(1 - generator.uniform()))),
  )
}

test('the interval of a quantile ends at the ranks of the binomial', () => {
  const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1)

  // qbinom(0.025, 100, 0.5) = 40 and qbinom(0.975, 100, 0.5) = 60: the 40th and the 61st value
  expect(orderStatisticInterval(sorted, 0.5, 0.95)).toEqual([40, 61])
  expect(orderStatisticInterval(sorted, 0.99, 0.9)).toBe(null)
})

test.each([
  [0.9, 299],
  [0.95, 368],
])('at %d the 99th percentile has an interval from %d calls on', (confidence, needed) => {
  const calls = (count: number) => Float64Array.from({ length: count }, (_, index) => index)

  expect(orderStatisticInterval(calls(needed - 1), 0.99, confidence)).toBe(null)
  expect(orderStatisticInterval(calls(needed), 0.99, confidence)?.[1]).toBe(needed - 1)
})

test('it holds the true percentile as often as it says, whatever the distribution', () => {
  const truth = 1 - 0.3 * Math.log(1 - 0.95)
  let held = 0
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const [low, high] = percentileOfCalls(rounds(`coverage ${repeat}`, 1, 10, 60), 0.95, 0.9).interval!
    if (low <= truth && truth <= high) held++
  }

  expect(held / REPEATS).toBeGreaterThan(0.87)
  expect(held / REPEATS).toBeLessThan(0.97)
})

test('a model that takes 1.3 times as long is told from the incumbent, and one that is alike is not', () => {
  const incumbent = rounds('incumbent')
  const [slower, alike] = [rounds('slower', 1.3), rounds('alike')]
  const slow = ratioOfCalls({ candidate: slower, incumbent }, 0.99, 0.9)
  const same = ratioOfCalls({ candidate: alike, incumbent }, 0.99, 0.9)

  expect(slow.interval![0]).toBeGreaterThan(1)
  expect(slow.interval![0]).toBeLessThan(1.3)
  expect(slow.interval![1]).toBeGreaterThan(1.2)
  expect(same.interval![0]).toBeLessThan(1)
  expect(same.interval![1]).toBeGreaterThan(1)
  expect(ratioOfCalls({ candidate: incumbent, incumbent }, 0.99, 0.9)).toEqual({ value: 1, interval: [1, 1] })
})

test('what slows both down alike is no difference between them', () => {
  const disturbed = (own: readonly Float64Array[]) => own.map((round, at) => round.map((ms) => ms * (at < 20 ? 1 : 3)))
  const both = { candidate: disturbed(rounds('a')), incumbent: disturbed(rounds('b')) }

  const { interval } = ratioOfCalls(both, 0.5, 0.9)

  expect(interval![0]).toBeLessThan(1)
  expect(interval![1]).toBeGreaterThan(1)
  expect(timingNoise(both.candidate)).toMatchObject({ is_quiet: false })
})

test('a quiet machine is quiet, and one that swings is told with its reason', () => {
  const swinging = rounds('swing').map((round, at) => (at % 2 === 0 ? round : round.map((ms) => 2 * ms)))

  expect(timingNoise(rounds('quiet')).is_quiet).toBe(true)
  expect(timingNoise(swinging).because).toMatch(/the median of the same model differs by \d+ % between odd and even/)
})
