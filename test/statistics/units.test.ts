import { expect, test } from 'vitest'
import { measureUnitDifference, measureUnits } from '../../src/statistics/units.ts'
import { expectClose } from './close.ts'

const at = { confidence: 0.95 }
const first = Float64Array.from({ length: 40 }, (_, unit) => Math.sin(unit) / 3 + 0.5)
const second = Float64Array.from({ length: 40 }, (_, unit) => Math.sin(unit + 0.3) / 3 + 0.45)

test('the mean of units has the t interval of SciPy', () => {
  // scipy.stats.t.interval(0.95, 39, numpy.mean(x), scipy.stats.sem(x)) and ttest_rel(x, y)
  const one = measureUnits(first, at)
  expect(one).toMatchObject({ confidence: 0.95, method: 't', support: { rows: 40, units: 40 } })
  expectClose(one.value, 0.5096091520592928, 1e-12)
  expectClose(one.interval?.[0], 0.433556904459319, 1e-10)
  expectClose(one.interval?.[1], 0.5856613996592666, 1e-10)
  expect(one).not.toHaveProperty('p_value')

  const difference = measureUnitDifference(first, second, at)
  expectClose(difference.value, 0.04669717869248648, 1e-12)
  expectClose(difference.p_value, 0.00017674219082783096, 1e-9)
})

test('fewer than thirty units have a mean and no interval', () => {
  const few = measureUnits(first.slice(0, 29), at)
  expect(few.value).not.toBeNull()
  expect(few).toMatchObject({ interval: null, method: null, because: 'there are 29 units; an interval needs 30' })
  expect(measureUnitDifference(first.slice(0, 29), second.slice(0, 29), at).interval).toBeNull()
})

test('no units, or a unit without a number, have no mean', () => {
  expect(measureUnits(new Float64Array(), at)).toMatchObject({
    value: null,
    interval: null,
    because: 'there are no units',
  })
  expect(measureUnits(Float64Array.of(1, Number.NaN), at)).toMatchObject({ value: null, interval: null })
  expect(measureUnitDifference(first, first.with(3, Number.POSITIVE_INFINITY), at).value).toBeNull()
})

test('units that are equal in every number differ by nothing, for certain', () => {
  expect(measureUnitDifference(first, first.slice(), at)).toMatchObject({
    value: 0,
    interval: [0, 0],
    se: 0,
    p_value: 1,
  })
})

test('different numbers of units are refused', () => {
  expect(() => measureUnitDifference(first, second.slice(1), at)).toThrow(RangeError)
})
