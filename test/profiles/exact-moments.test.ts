import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dividedBy, dyadicOf, dyadicText, parseDyadic, rootOfQuotient } from '../../src/profiles/dyadic.ts'
import { moments } from '../../src/profiles/moments.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { profileOfNumbers } from './profiles.ts'

function momentsOf(rows: readonly number[]) {
  const profile = profileOfNumbers(rows)
  if (profile.kind !== 'number') throw new Error('no numbers')
  return moments(profile.sums, rows.length)
}

test('mean and standard deviation are right to the last digit far from zero, where textbook sums have none', () => {
  const shift = 2 ** 49
  const steps = Array.from({ length: 1001 }, (_, index) => (index - 500) / 8)
  const { mean, sd } = momentsOf(steps.map((step) => shift + step))

  expect(mean).toBe(shift)
  expect(sd).toBeCloseTo(Math.sqrt((1001 ** 2 - 1) / 12) / 8, 11)
})

test('numbers that cancel leave what is left of them', () => {
  expect(momentsOf([1e300, 1, -1e300]).mean).toBe(1 / 3)
  expect(momentsOf([1e16, 1, -1e16, 1]).mean).toBe(0.5)
  expect(momentsOf([1.7e308, 1.7e308, -1.7e308, -1.7e308])).toEqual({ mean: 0, sd: 1.7e308 })
  expect(momentsOf([5e-324, 5e-324])).toEqual({ mean: 5e-324, sd: 0 })
})

test('the order of 200,000 numbers is not to be seen in any digit', () => {
  const draw = pcg32(5, 0)
  const rows = Array.from({ length: 200_000 }, () => (draw.uniform() - 0.5) * 10 ** draw.integer(30))

  expect(momentsOf(rows)).toEqual(momentsOf(rows.toSorted((a, b) => a - b)))
  expect(momentsOf(rows)).toEqual(momentsOf(rows.toReversed()))
})

test('an exact number is written in one way, and rounds to the double that it came from', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      const exact = dyadicOf(number)
      expect(parseDyadic(dyadicText(exact))).toEqual(exact)
      expect(dividedBy(exact, 1n)).toBe(number + 0)
      if (number > 0) expect(rootOfQuotient(exact, 1n) / Math.sqrt(number)).toBeCloseTo(1, 15)
    }),
    { numRuns: 1000 },
  )
  for (const text of ['0x2p0', '0x0p1', '0x', '1p1', '0x1p', '-0x0p0', '0x1p99999', '0x1P1', `0x${'1'.repeat(2000)}p0`])
    expect(parseDyadic(text), text).toBeUndefined()
})
