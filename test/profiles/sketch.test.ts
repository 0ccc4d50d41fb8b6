import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitted, MOST_BUCKETS, NO_VALUES, type QuantileSketch } from '../../src/profiles/quantile-sketch.ts'
import { quantilesOf, sketchError } from '../../src/profiles/sketch-quantile.ts'
import { parseSketch, sketchText } from '../../src/profiles/sketch-text.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { quantile } from '../../src/statistics/quantile.ts'
import { profileOfNumbers } from './profiles.ts'

const draw = pcg32(11, 0)
const normal = () => Math.sqrt(-2 * Math.log(1 - draw.uniform())) * Math.cos(2 * Math.PI * draw.uniform())

const SAMPLES: Readonly<Record<string, () => number>> = {
  'normal numbers': normal,
  'uniform numbers': () => draw.uniform(),
  'incomes with a long tail': () => Math.exp(10 + normal()),
  'numbers over 600 orders of magnitude': () => (draw.integer(2) === 0 ? 1 : -1) * 10 ** (600 * draw.uniform() - 300),
  'times within a day, in milliseconds': () => 1.7e12 + Math.floor(86_400_000 * draw.uniform()),
  'numbers of which half is one value': () => (draw.integer(2) === 0 ? 42 : normal()),
  'numbers next to each other': () => 1 + draw.integer(1e6) * 2 ** -52,
  'numbers that are hardly more than zero': () => 5e-324 * draw.integer(1e6),
}

for (const [name, sample] of Object.entries(SAMPLES)) {
  test(`quantiles of ${name} lie within the stated error`, () => {
    const rows = Array.from({ length: 40_000 }, sample)
    const { sketch, ends } = numberProfile(rows)
    const { relative, rank } = sketchError(sketch)
    const sorted = Float64Array.from(rows).sort()

    const shares = [0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1]
    const found = quantilesOf(sketch, ends!, shares)

    expect(sketch.keys.length).toBeLessThanOrEqual(MOST_BUCKETS)
    for (const [index, share] of shares.entries()) {
      const value = found[index]!
      const place = Math.floor((sorted.length - 1) * share)
      const around = [sorted[place]!, sorted[Math.min(sorted.length - 1, place + 1)]!]
      const reach = relative * Math.max(...around.map(Math.abs)) + 5e-324 * 2 ** 52
      expect(Math.abs(value - quantile(sorted, share)), `${name} ${share}`).toBeLessThanOrEqual(reach)
      const below = sorted.filter((x) => x < value).length / sorted.length
      const upTo = sorted.filter((x) => x <= value).length / sorted.length
      expect(below - rank - 1 / sorted.length).toBeLessThanOrEqual(share)
      expect(upTo + rank + 1 / sorted.length).toBeGreaterThanOrEqual(share)
    }
  })
}

test('columns of up to 4,096 different values are kept exactly, whatever they are', () => {
  const values = [...Array.from({ length: 4090 }, () => normal()), 0, 5e-324, -5e-324, 1.7e308, -1.7e308]
  const rows = [...values, ...values, 1, 1]
  const { sketch, ends } = numberProfile(rows)

  expect(sketchError(sketch)).toEqual({ relative: 0, rank: 0 })
  const sorted = Float64Array.from(rows).sort()
  for (const share of [0, 0.1, 0.3, 0.9, 1])
    expect(quantilesOf(sketch, ends!, [share])).toEqual([quantile(sorted, share)])
})

test('-0 is 0, infinite numbers and NaN are counted apart and in no other number', () => {
  const { sketch, infinite, nan, missing, ends } = numberProfile([
    -0,
    0,
    Infinity,
    Infinity,
    -Infinity,
    Number.NaN,
    null,
    3,
  ])

  expect([...sketch.keys]).toEqual([0, 3])
  expect([...sketch.counts]).toEqual([2, 1])
  expect(infinite).toEqual({ negative: 1, positive: 2 })
  expect({ nan, missing, ends }).toEqual({ nan: 1, missing: 2, ends: { min: 0, max: 3 } })
})

test('a sketch has one text, and comes back from it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 }),
      fc.integer({ min: 12, max: 64 }),
      (values, bits) => {
        const sketch = cutTo(values, bits)
        const text = sketchText(sketch)

        expect(parseSketch(text)).toEqual(sketch)
        expect(sketchText(parseSketch(text) as QuantileSketch)).toEqual(text)
      },
    ),
  )
})

test('no bytes make a sketch that is none: it is refused, or written again as it was', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 60 }),
      fc.integer({ min: 10, max: 66 }),
      fc.boolean(),
      (bytes, bits, exact) => {
        const text = { exact, bits, buckets: Buffer.from(bytes).toString('base64') }
        const read = parseSketch(text)

        if (typeof read === 'string') return
        expect(sketchText(read)).toEqual(text)
        expect(read.keys.every(Number.isFinite)).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})

function cutTo(values: readonly number[], bits: number): QuantileSketch {
  if (values.length === 0) return NO_VALUES
  const all = fitted(
    values.map((value) => value + 0),
    values.map(() => 1),
    64,
  )
  return bits === 64 ? all : { ...fitted(all.keys, all.counts, 64), ...coarse(all, bits) }
}

function coarse(sketch: QuantileSketch, bits: number): QuantileSketch {
  const words = new Uint32Array(sketch.keys.slice().buffer)
  const mask = (count: number) => (count <= 0 ? 0 : (0xffffffff << (32 - Math.min(32, count))) >>> 0)
  for (let i = 0; i < words.length; i += 2) {
    words[i]! &= mask(bits - 32)
    words[i + 1]! &= mask(bits)
  }
  return fitted(new Float64Array(words.buffer), sketch.counts, bits)
}

function numberProfile(rows: readonly (number | null)[]) {
  const profile = profileOfNumbers(rows)
  if (profile.kind !== 'number') throw new Error('no numbers')
  return profile
}
