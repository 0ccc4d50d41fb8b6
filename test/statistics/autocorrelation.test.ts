import { expect, test } from 'vitest'
import { lagOneAutocorrelation } from '../../src/statistics/autocorrelation.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'

test('a random walk remembers, white noise does not, an alternating series turns back', () => {
  const random = pcg32(1, 'autocorrelation')
  const noise = Float64Array.from({ length: 5000 }, () => random.uniform() - 0.5)
  let at = 0
  const walk = noise.map((step) => (at = 0.9 * at + step))
  expect(Math.abs(lagOneAutocorrelation(noise) ?? 1)).toBeLessThan(0.05)
  expect(lagOneAutocorrelation(walk)).toBeGreaterThan(0.85)
  expect(lagOneAutocorrelation(walk)).toBeLessThan(0.95)
  expect(lagOneAutocorrelation([1, -1, 1, -1, 1, -1])).toBeLessThan(-0.8)
})

test('a constant series, and one of two values, have none', () => {
  expect(lagOneAutocorrelation([2, 2, 2, 2])).toBeNull()
  expect(lagOneAutocorrelation([1, 2])).toBeNull()
})
