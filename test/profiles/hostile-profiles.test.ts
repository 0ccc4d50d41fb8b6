import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BadProfile } from '../../src/profiles/bad-profile.ts'
import type { Profile } from '../../src/profiles/column-profile.ts'
import { parseProfile } from '../../src/profiles/parse-profile.ts'
import { profileOf, profileOfNumbers, profileOfTexts, textOf } from './profiles.ts'

const draw = Array.from({ length: 5000 }, (_, index) => Math.sin(index) * 10)
const SOUND = profileOf(profileOfNumbers([...draw, null]), {
  ...profileOfTexts([...draw.map((x) => `v${Math.round(x)}`), null]),
})

/** The sound profile with one place of its first or second column set to something else. */
function tampered(at: number, path: readonly string[], value: unknown): string {
  const document = JSON.parse(textOf(SOUND))
  const last = path[path.length - 1]!
  const place = path.slice(0, -1).reduce((inner, key) => inner[key], document.columns[at])
  place[last] = value
  return JSON.stringify(document)
}

function refusal(text: string): string {
  try {
    parseProfile(text, 'p.json')
  } catch (error) {
    if (error instanceof BadProfile) return error.message
    throw error
  }
  return 'it was read'
}

test('a sound profile comes back as it was written', () => {
  expect(textOf(parseProfile(textOf(SOUND), 'p.json'))).toBe(textOf(SOUND))
})

const LIES: readonly (readonly [at: number, path: readonly string[], value: unknown, said: string])[] = [
  [0, ['mean'], 5, 'columns[0] x.mean: the rest of the column gives'],
  [0, ['quantiles', 'p50'], 5, 'x.quantiles: the rest of the column gives'],
  [0, ['distinct', 'value'], 5, 'x.distinct: the rest of the column gives'],
  [0, ['min'], -11, 'min and max do not lie in the first and the last bucket'],
  [0, ['missing'], 0, '5000 rows are counted, the table has 5001'],
  [0, ['nan'], 2, 'nan is more than missing'],
  [0, ['missing'], 6000, 'missing is more than the rows'],
  [0, ['sum'], '0x1p900', 'sum_of_squares is too small for the sum'],
  [0, ['sum'], '5', 'sum is no exact number such as 0x3p-1'],
  [0, ['sum_of_squares'], '0x1p-90', 'sum_of_squares is too small for the sum'],
  [0, ['sketch', 'buckets'], 'AAAA', 'sketch:'],
  [0, ['sketch', 'bits'], 4, 'sketch: bits must be 12 to 64'],
  [0, ['distinct', 'registers'], null, 'distinct.registers stands where the sketch is not exact'],
  [0, ['histogram'], { edges: [2, 1], counts: [5000, 0, 0] }, 'histogram does not count every number on rising edges'],
  [0, ['extra'], 1, 'columns[0] '],
  [0, ['column'], 't', 'column t is there twice'],
  [1, ['values', '0', 'rows'], 1, 'rows are counted, the table has 5001'],
  [1, ['others'], -1, 'columns[1] others'],
  [1, ['values', '0', 'value'], 'v9', 'columns[1] t'],
]

test('a profile that does not agree with itself is refused, with the place', () => {
  for (const [at, path, value, said] of LIES) expect(refusal(tampered(at, path, value)), path.join('.')).toContain(said)
})

test('what is no profile is refused in words', () => {
  expect(refusal('nonsense')).toBe('p.json is not JSON')
  expect(refusal('[]')).toContain('p.json: ')
  expect(refusal('{"schema":"weighbridge.drift/v1","engine":"","rows":0,"columns":[],"warnings":[]}')).toContain(
    'p.json: schema is "weighbridge.drift/v1", not weighbridge.profile/v1',
  )
  expect(refusal(JSON.stringify({ ...JSON.parse(textOf(SOUND)), columns: [null] }))).toContain('columns[0]')
})

test('whatever single thing is changed in a profile, it is refused or is another sound profile', () => {
  const small = profileOf(profileOfNumbers([1, 2.5, 2.5, null], [2]), { ...profileOfTexts(['a', 'b', 'b', null]) })
  const paths = pathsOf(JSON.parse(textOf(small)).columns)
  const values = fc.oneof(fc.constantFrom(null, -1, 0, 1e308, '', '__proto__', [], {}, true), fc.double(), fc.string())
  fc.assert(
    fc.property(fc.constantFrom(...paths), values, (path, value) => {
      const document = JSON.parse(textOf(small))
      const place = path.slice(0, -1).reduce((inner, key) => inner[key], document.columns)
      place[path[path.length - 1]!] = value
      const text = JSON.stringify(document)
      let read: Profile
      try {
        read = parseProfile(text, 'p.json')
      } catch (error) {
        expect(error).toBeInstanceOf(BadProfile)
        return
      }
      expect(JSON.parse(textOf(read)).columns).toEqual(JSON.parse(text).columns)
    }),
    { numRuns: 500 },
  )
})

function pathsOf(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...at]]
  return Object.entries(value).flatMap(([key, inner]) => (Number(key) > 3 ? [] : pathsOf(inner, [...at, key])))
}
