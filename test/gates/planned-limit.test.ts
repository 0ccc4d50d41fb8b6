import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PlannedNumbers, plannedLimits } from '../../src/gates/planned-limit.ts'
import type { Estimate } from '../../src/statistics/estimate.ts'

const estimate = (value: number, se: number): Estimate => ({
  value,
  interval: [value - 1.645 * se, value + 1.645 * se],
  confidence: 0.9,
  method: 't',
  support: { rows: 500 },
  se,
})
const numbers = (limits: PlannedNumbers['limits'], more: Partial<PlannedNumbers> = {}): PlannedNumbers => ({
  limits,
  better: 'higher',
  estimate: estimate(0.85, 0.01),
  differenceSe: 0.00622,
  n: 500,
  of: 'rows',
  ...more,
})

test('500 rows and a margin of 0.005: an equally good model passes 20 times in 100, and the line says what would do', () => {
  const [limit] = plannedLimits(numbers({ against: 'incumbent', max_drop: 0.005, confidence: 0.9 }))

  expect(Math.floor(100 * limit!.chance)).toBe(20)
  expect(limit!.text).toMatch(
    /^500 rows: an equally good model passes this rule 20 times in 100; max_drop 0\.015 would make it 77; or 4,800 rows\.$/,
  )
})

test('the limit that would do is kept 4 times of 5, and so is the limit as it is on as many rows as would do', () => {
  const margin = fc.double({ min: 0.001, max: 0.1, noNaN: true })
  const error = fc.double({ min: 0.0005, max: 0.1, noNaN: true })
  fc.assert(
    fc.property(
      margin,
      error,
      fc.constantFrom(0.9, 0.95, undefined),
      fc.boolean(),
      (gap, se, confidence, isRelative) => {
        const level = confidence === undefined ? {} : { confidence }
        const limitsAt = (limit: number) =>
          isRelative ? { against: 'incumbent' as const, max_drop: limit, ...level } : { min: limit, ...level }
        const at = (limit: number, spread: number, n: number) =>
          plannedLimits(numbers(limitsAt(limit), { estimate: estimate(0.85, spread), differenceSe: spread, n }))[0]!
        const limit = isRelative ? gap : 0.85 - gap
        const asIs = at(limit, se, 500)

        expect(at(asIs.passable, se, 500).chance).toBeCloseTo(0.8, 3)
        const rows = asIs.enough!
        expect(at(limit, se * Math.sqrt(500 / rows), rows).chance).toBeGreaterThan(0.799)
      },
    ),
  )
})

test('a wider margin and a smaller error never make it harder, and a model that sits outside its floor has no number of rows', () => {
  const chance = (max_drop: number, differenceSe: number) =>
    plannedLimits(numbers({ against: 'incumbent', max_drop, confidence: 0.9 }, { differenceSe }))[0]!.chance
  expect(chance(0.02, 0.01)).toBeGreaterThan(chance(0.01, 0.01))
  expect(chance(0.01, 0.005)).toBeGreaterThan(chance(0.01, 0.01))
  expect(chance(0, 0)).toBe(1)

  const [outside] = plannedLimits(numbers({ min: 0.9, confidence: 0.9 }))
  expect(outside).toMatchObject({ enough: null })
  expect(outside!.chance).toBeLessThan(0.001)
})

test('without a standard error nothing is planned, rather than anything', () => {
  const unknown = { ...estimate(0.85, 0.01), interval: null, se: null }
  expect(plannedLimits(numbers({ min: 0.8 }, { estimate: unknown }))).toEqual([])
  expect(plannedLimits(numbers({ against: 'incumbent', max_drop: 0.1 }, { differenceSe: null }))).toEqual([])
})
