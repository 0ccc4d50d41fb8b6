import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  marginRoundedUp,
  passChanceOfEqual,
  rowsThatDecide,
  smallestPassableMargin,
} from '../../src/statistics/margin.ts'
import { quantile } from '../../src/statistics/quantile.ts'

const SE = 0.00622

test('on 500 rows an equally good model passes 20 times in 100; a margin of 0.015, or 4,700 rows, would make it 4 of 5', () => {
  expect(passChanceOfEqual(0.005, SE, 0.9)).toBeCloseTo(0.2, 2)
  expect(passChanceOfEqual(0.015, SE, 0.9)).toBeCloseTo(0.78, 2)
  expect(smallestPassableMargin(SE, 0.9)).toBeCloseTo(0.01547, 5)
  expect(rowsThatDecide(500, SE, 0.005, 0.9)).toBe(4786)
})

test('the smallest passable margin is passed 4 times of 5, and the rows asked for make the margin passable', () => {
  const positive = fc.double({ min: 1e-4, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      positive,
      positive,
      fc.constantFrom(0.8, 0.9, 0.95, 0.99),
      fc.integer({ min: 30, max: 10_000 }),
      (se, margin, confidence, n) => {
        expect(passChanceOfEqual(smallestPassableMargin(se, confidence), se, confidence)).toBeCloseTo(0.8, 3)
        const rows = rowsThatDecide(n, se, margin, confidence) ?? Number.NaN
        const then = se * Math.sqrt(n / rows)
        expect(passChanceOfEqual(margin, then, confidence)).toBeGreaterThan(0.799)
      },
    ),
  )
})

test('more rows decide nothing for a value that is not inside its limit', () => {
  expect(rowsThatDecide(500, SE, 0, 0.9)).toBeNull()
  expect(rowsThatDecide(500, SE, -0.01, 0.9)).toBeNull()
  expect(rowsThatDecide(500, SE, Number.NaN, 0.9)).toBeNull()
})

test('a difference without spread passes for certain', () => {
  expect(passChanceOfEqual(0, 0, 0.9)).toBe(1)
  expect(passChanceOfEqual(0, 0.01, 0.9)).toBeCloseTo(0.05, 12)
})

test('margins are rounded up to what a person would write', () => {
  const written = [0, 0.005, 0.0051, 0.011, 0.02, 0.04, 0.07, 0.11, 0.3, 0.51].map(marginRoundedUp)
  expect(written).toEqual([0.005, 0.005, 0.01, 0.02, 0.02, 0.05, 0.1, 0.2, 0.5, null])
})

test('quantiles are interpolated as NumPy does', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
  expect(quantile([1, 2, 3, 4], 0.9)).toBeCloseTo(3.7, 12)
  expect([0, 1].map((share) => quantile([1, 2, 3, 4], share))).toEqual([1, 4])
  expect(quantile([7], 0.3)).toBe(7)
})
