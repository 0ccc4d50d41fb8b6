import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../src/registry/canonical-json.ts'

test('the order of keys does not change the text', () => {
  expect(canonicalJson({ b: 1, a: [true, null] })).toBe('{"a":[true,null],"b":1}')
  expect(canonicalJson({ a: [true, null], b: 1 })).toBe('{"a":[true,null],"b":1}')
})

test('numbers and texts are written as RFC 8785 has them', () => {
  const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001, -0]
  const text = '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/'
  expect(canonicalJson({ numbers, text, literals: [null, true, false] })).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"text":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('keys are sorted by UTF-16 code units', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
  const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [`k${key}`, 0])))))
  expect(sorted.map((key) => key.slice(1))).toEqual(['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'])
})

test('any JSON value survives, and its text is the text of its text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

test('what has no one JSON form is refused', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  for (const value of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    [undefined],
    1n,
    new Date(0),
    new Map(),
    () => 1,
    cycle,
    Symbol('x'),
  ])
    expect(() => canonicalJson(value)).toThrow(TypeError)
})

test('an undefined member is left out, and a member named __proto__ is a member', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}')
})
