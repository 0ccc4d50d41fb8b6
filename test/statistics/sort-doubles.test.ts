import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { sortDoubles } from '../../src/statistics/sort-doubles.ts'

const ROWS = 6000

function numbersOf(shape: number): Float64Array {
  const { uniform } = pcg32(7, `shape ${shape}`)
  return Float64Array.from({ length: ROWS }, () => {
    const u = uniform() - 0.5
    if (shape === 0) return u * 10 ** Math.floor(40 * uniform() - 20)
    if (shape === 1) return Math.round(200 * u)
    if (shape === 2) return u < 0 ? -0 : 0
    if (shape === 3) return [Infinity, -Infinity, 5e-324, -5e-324, 0, -0, 1.7e308][Math.floor(7 * uniform())]!
    return -Math.abs(u)
  })
}

test('many numbers come out in the very order of the engine: signs of zero, infinities and the smallest numbers too', () => {
  for (const shape of [0, 1, 2, 3, 4]) {
    const numbers = numbersOf(shape)
    const expected = numbers.slice().sort()
    const sorted = sortDoubles(numbers, new Float64Array(ROWS))
    expect(sorted).toBe(numbers)
    expect(sorted.every((value, i) => Object.is(value, expected[i]))).toBe(true)
  }
})

test('any bits that are a number are sorted, in part of an array as well', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 4100, maxLength: 4200 }), (cells) => {
      const room = Float64Array.from([0, ...cells, 0])
      const expected = Float64Array.from(cells).sort()
      const sorted = sortDoubles(room.subarray(1, cells.length + 1))
      for (let i = 0; i < cells.length; i++) if (!Object.is(sorted[i], expected[i])) return false
      return room[0] === 0 && room.at(-1) === 0
    }),
    { numRuns: 10 },
  )
})

test('what is no number is refused, in few rows and in many', () => {
  expect(() => sortDoubles(new Float64Array([1, Number.NaN]))).toThrow(RangeError)
  const many = new Float64Array(ROWS)
  many[17] = Number.NaN
  expect(() => sortDoubles(many)).toThrow(RangeError)
})
