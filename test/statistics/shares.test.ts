import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newcombe } from '../../src/statistics/newcombe.ts'
import { wilson } from '../../src/statistics/wilson.ts'
import { reference } from '../support/fixtures.ts'
import { expectClose } from './close.ts'

const counts = fc.integer({ min: 1, max: 5000 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
const level = fc.constantFrom(0.8, 0.9, 0.95, 0.99)

test('the interval of a share is that of statsmodels, and stays closed at its ends', () => {
  const { n, accuracy, ci95_wilson_accuracy } = reference('adult').versions['1.1.0'].metrics
  const [low, high] = wilson(Math.round(accuracy * n), n, 0.95)
  expectClose(low, ci95_wilson_accuracy[0], 1e-12)
  expectClose(high, ci95_wilson_accuracy[1], 1e-12)
  expect(wilson(36, 50, 0.95)[0]).toBeCloseTo(0.5833488, 7)
  expect(wilson(36, 50, 0.95)[1]).toBeCloseTo(0.8252583, 7)
  expect(wilson(0, 7, 0.9)[0]).toBe(0)
  expect(wilson(7, 7, 0.9)[1]).toBe(1)
})

test('the difference of two independent shares has the intervals that Newcombe printed', () => {
  // Newcombe (1998), Table II, method 10
  const printed = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
  ] as const
  for (const [x1, n1, x2, n2, low, high] of printed) {
    const interval = newcombe(x1, n1, x2, n2, 0.95)
    expect(interval[0]).toBeCloseTo(low, 4)
    expect(interval[1]).toBeCloseTo(high, 4)
  }
})

test('the difference of two shares has the interval of statsmodels', () => {
  const { x_a, x_b, n, ci95_newcombe } = reference('adult').tests['1.0.0|1.1.0'].accuracy_two_proportion
  const [low, high] = newcombe(x_a, n, x_b, n, 0.95)
  expectClose(low, ci95_newcombe[0], 1e-9)
  expectClose(high, ci95_newcombe[1], 1e-9)
})

test('intervals hold the share they are of, mirror when it is turned round, and widen with confidence', () => {
  fc.assert(
    fc.property(counts, counts, level, ([x1, n1], [x2, n2], confidence) => {
      const [low, high] = wilson(x1, n1, confidence)
      expect(0 <= low && low <= x1 / n1 && x1 / n1 <= high && high <= 1).toBe(true)
      const mirrored = wilson(n1 - x1, n1, confidence)
      expect(mirrored[0]).toBeCloseTo(1 - high, 12)
      const wider = wilson(x1, n1, (1 + confidence) / 2)
      expect(wider[0] <= low && high <= wider[1]).toBe(true)

      const difference = newcombe(x1, n1, x2, n2, confidence)
      const turned = newcombe(x2, n2, x1, n1, confidence)
      expect(difference[0]).toBeCloseTo(-turned[1], 12)
      expect(difference[0] >= -1 && difference[1] <= 1 && difference[0] <= x1 / n1 - x2 / n2).toBe(true)
    }),
  )
})

test('a share of nothing, more successes than rows, or an impossible level is refused', () => {
  expect(() => wilson(0, 0, 0.95)).toThrow(RangeError)
  expect(() => wilson(5, 4, 0.95)).toThrow(RangeError)
  expect(() => wilson(-1, 4, 0.95)).toThrow(RangeError)
  expect(() => wilson(Number.NaN, 4, 0.95)).toThrow(RangeError)
  expect(() => wilson(1, 4, 1)).toThrow(RangeError)
  expect(() => newcombe(1, 2, 0, 0, 0.95)).toThrow(RangeError)
})
