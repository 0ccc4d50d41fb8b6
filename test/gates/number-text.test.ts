import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countText,
  intervalText,
  listText,
  numberText,
  numberTextBeside,
  percentText,
  roundedDown,
  roundedUp,
} from '../../src/gates/number-text.ts'

describe('numbers as people read them', () => {
  test.each([
    [0.871234, '0.8712'],
    [0.9, '0.9'],
    [12345.6, '12,350'],
    [-0.00012345, '-0.0001234'],
    [1e-9, '1e-9'],
    [0, '0'],
    [-0, '0'],
    [Number.NaN, 'undefined'],
  ])('%d reads %s', (value, text) => {
    expect(numberText(value)).toBe(text)
  })

  test('a number under its limit never reads like the limit', () => {
    expect(numberTextBeside(0.879999999, 0.88)).toBe('0.879999999')
    expect(numberTextBeside(0.88, 0.88)).toBe('0.88')
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (value, limit) => {
          fc.pre(Math.abs(value - limit) > 1e-12)
          expect(numberTextBeside(value, limit)).not.toBe(numberTextBeside(limit, limit))
        },
      ),
    )
  })

  test('an interval has the same decimals at both ends', () => {
    expect(intervalText([0.0000793, 0.0050242])).toBe('[0.000079, 0.005024]')
    expect(intervalText([-0.02, 0.01])).toBe('[-0.02, 0.01]')
    expect(intervalText([0, 0])).toBe('[0, 0]')
  })

  test('counts, shares and lists', () => {
    expect(countText(4600, 'rows')).toBe('4,600 rows')
    expect(countText(1, 'more positives')).toBe('1 more positive')
    expect(percentText(0.045)).toBe('4.5 %')
    expect(listText(['a'])).toBe('a')
    expect(listText(['a', 'b', 'c'])).toBe('a, b and c')
    expect(
      listText(
        Array.from({ length: 20 }, (_, i) => `c${i}`),
        2,
      ),
    ).toBe('c0, c1 and 18 more')
    expect(listText([])).toBe('none')
  })

  test('what is rounded up is never smaller, and rounded down never larger', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 6 }), (value, digits) => {
        const slack = Math.abs(value) * 1e-12
        expect(roundedUp(value, digits)).toBeGreaterThanOrEqual(value - slack)
        expect(roundedDown(value, digits)).toBeLessThanOrEqual(value + slack)
      }),
    )
    expect(roundedUp(4528, 2)).toBe(4600)
    expect(roundedDown(0.86, 4)).toBe(0.86)
  })
})
