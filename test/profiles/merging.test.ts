import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Profile } from '../../src/profiles/column-profile.ts'
import { mergeProfiles } from '../../src/profiles/merge-profiles.ts'
import { parseProfile } from '../../src/profiles/parse-profile.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { type Cells, profileOf, profileOfNumbers, profileOfTexts, textOf } from './profiles.ts'

/** Numbers that floating point gets wrong when they are added in another order, and all that are none. */
const cell = fc.oneof(
  { weight: 6, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 4, arbitrary: fc.double({ min: -1000, max: 1000, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN, Infinity, -Infinity, -0, 5e-324, -5e-324, 1e308, -1e308) },
)

/** The rows cut into parts at random places, and these in another order. */
function parts<T>(rows: readonly T[], seed: number, pieces: number): readonly (readonly T[])[] {
  const draw = pcg32(seed, 0)
  const found: T[][] = Array.from({ length: pieces }, () => [])
  for (const row of rows) found[draw.integer(pieces)]!.push(row)
  return found.filter((part) => part.length > 0)
}

const merged = (profiles: readonly Profile[]): Profile =>
  mergeProfiles(profiles.map((profile, index) => ({ called: `part ${index}`, profile })))

test('a profile is the same to the byte whichever way the rows lie, are chunked, parted and merged', () => {
  fc.assert(
    fc.property(
      fc.array(cell, { minLength: 1, maxLength: 60 }),
      fc.nat(),
      fc.integer({ min: 1, max: 7 }),
      (rows, seed, pieces) => {
        const edges = [-1, 0, 2.5]
        const whole = textOf(profileOf(profileOfNumbers(rows, edges)))
        const profiles = parts(rows, seed, pieces).map((part) =>
          profileOf(profileOfNumbers(part, edges, 1 + (seed % 9))),
        )

        expect(textOf(merged(profiles))).toBe(whole)
        expect(textOf(merged(profiles.toReversed()))).toBe(whole)
      },
    ),
    { numRuns: 150 },
  )
})

test('merging is associative and commutative, also where values no longer have buckets of their own', () => {
  const draw = pcg32(7, 0)
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw.uniform())) * Math.cos(2 * Math.PI * draw.uniform())
  const samples: readonly Cells[] = [
    Array.from({ length: 9000 }, normal),
    Array.from({ length: 5000 }, () => Math.exp(20 * normal())),
    Array.from({ length: 300 }, () => draw.integer(10)),
  ]
  const [a, b, c] = samples.map((rows) => profileOf(profileOfNumbers(rows)))

  const whole = textOf(profileOf(profileOfNumbers(samples.flat())))
  expect(textOf(merged([merged([a!, b!]), c!]))).toBe(whole)
  expect(textOf(merged([a!, merged([b!, c!])]))).toBe(whole)
  expect(textOf(merged([merged([c!, a!]), b!]))).toBe(whole)
})

test('profiling 100 partitions and merging gives the profile of the whole, to the byte', () => {
  const draw = pcg32(1, 0)
  const numbers = Array.from({ length: 60_000 }, () => 1.7e12 + 1000 * draw.uniform())
  const texts = Array.from({ length: 60_000 }, () => (draw.integer(50) === 0 ? null : `plan ${draw.integer(3000)}`))
  const rows = numbers.map((number, index) => ({ number, text: texts[index]! }))
  const profileRows = (part: typeof rows) =>
    profileOf(profileOfNumbers(part.map(({ number }) => number)), profileOfTexts(part.map(({ text }) => text)))

  const pieces = parts(rows, 3, 100).map((part) => profileRows([...part]))

  expect(pieces).toHaveLength(100)
  expect(textOf(merged(pieces))).toBe(textOf(profileRows(rows)))
})

test('what was written and read again merges as if it had never left', () => {
  const draw = pcg32(2, 0)
  const rows = Array.from({ length: 12_000 }, () => draw.uniform() - 0.5)
  const halves = [rows.slice(0, 5000), rows.slice(5000)].map((part) => profileOf(profileOfNumbers(part)))

  const read = halves.map((half) => parseProfile(textOf(half), 'half.json'))

  expect(textOf(merged(read))).toBe(textOf(profileOf(profileOfNumbers(rows))))
})

test('a partition in which a column has no value takes the type that it has elsewhere', () => {
  const none = profileOf({ ...profileOfTexts([null, null]), column: 'x' })
  const some = profileOf(profileOfNumbers([1, 2]))

  const [column] = merged([none, some]).columns
  expect(column).toMatchObject({ type: 'number', rows: 4, missing: 2 })
  expect(textOf(merged([some, none]))).toBe(textOf(merged([none, some])))
})

test('profiles of other columns, types or references are not merged, and the message says what differs', () => {
  const x = profileOf(profileOfNumbers([1]))
  const named = (profile: Profile) => [
    { called: 'monday.json', profile: x },
    { called: 'tuesday.json', profile },
  ]

  expect(() => mergeProfiles(named(profileOf(profileOfTexts(['a']))))).toThrow(
    'tuesday.json has no column x, which monday.json has',
  )
  expect(() => mergeProfiles(named(profileOf(profileOfNumbers([1]), profileOfTexts(['a']))))).toThrow(
    'tuesday.json has a column t, which monday.json has not',
  )
  expect(() => mergeProfiles(named(profileOf({ ...profileOfTexts(['a']), column: 'x' })))).toThrow(
    'tuesday.json and monday.json: column x is of type category and of type number',
  )
  expect(() => mergeProfiles(named(profileOf(profileOfNumbers([1], [0]))))).toThrow(
    'column x has the edges of a reference in one of them only',
  )
})
