import fc from 'fast-check'
import { dump, load } from 'js-yaml'
import { expect, test } from 'vitest'
import { parseDotted, printDotted } from '../../src/registry/dotted-path.ts'
import { readYaml } from '../../src/registry/yaml-document.ts'

const refused = (text: string) => {
  const reading = readYaml('f.yml', text)
  return reading.ok ? [] : reading.mistakes.map(({ line, column, what }) => `${line}:${column} ${what}`)
}

test('each trick of YAML is refused by name and place, all of them at once (S20)', () => {
  expect(refused('a: &x !!str b\nc: [1, {d: *x}]\n<<: {e: 1}\n__proto__: 3\na: 2\nf: 010\n')).toEqual([
    '1:4 holds an anchor (&)',
    '1:7 holds a tag (!)',
    '2:12 holds an alias (*)',
    '3:1 holds a merge key (<<), which only some parsers obey',
    '4:1 __proto__ cannot be a key',
    '5:1 the key a stands here a second time',
    '6:4 010 is another number in YAML 1.1 than in YAML 1.2',
  ])
})

test('an alias bomb ends with a named error and never with a value (S20)', () => {
  const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(',')}]`)
  const bomb = `l0: &l0 ha\n${levels.join('\n')}\n`
  expect(refused(bomb)[0]).toBe('1:5 holds an anchor (&)')
})

test.each([
  ['constructor: 1', '1:1 constructor cannot be a key'],
  ['a: {prototype: 1}', '1:5 prototype cannot be a key'],
  ['"__proto__": {x: 1}', '1:1 __proto__ cannot be a key'],
  ['a: 1\n"a": 2', '2:1 the key a stands here a second time'],
  ['1: a\n0x1: b', null],
  ['a: 1\n---\nb: 2', '3:1 a second document begins here'],
  ['%YAML 1.1\n---\na: 1', '1:1 holds a % directive'],
  ['? [1, 2]\n: x', '1:3 a key must be plain text'],
  [
    'a: "\\u202e"',
    '1:4 holds a bidirectional control character U+202E, which shows people another text than parsers read, written as an escape',
  ],
  ['"a\\u200b": 1', '1:1 holds a zero-width or invisible character U+200B, written as an escape'],
  ['a: 0o17', '1:4 0o17 is another number in YAML 1.1 than in YAML 1.2'],
  ['a: -007', '1:4 -007 is another number in YAML 1.1 than in YAML 1.2'],
  ['', '1:1 is empty'],
  ['# nothing\n', '1:1 is empty'],
  ['a: [1', '1:6 is not readable as YAML: unexpected end of the stream within a flow collection'],
  ['a: 1\n\tb: 2', null],
  ['!!js/function x', '1:1 holds a tag (!)'],
])('%j is refused', (text, message) => {
  if (message === null) expect(refused(text).length).toBeGreaterThan(0)
  else expect(refused(text)[0]).toBe(message)
})

test('numbers that all parsers read alike, quoted digits and yes, no, on, off stay what people wrote', () => {
  const reading = readYaml('f.yml', 'a: [0, 0.5, -0.1, 10, 1e3, "010", yes, no, on, off, 2026-10-01, 1.4.0]\n')
  expect(reading.ok && reading.document.value).toEqual({
    a: [0, 0.5, -0.1, 10, 1000, '010', 'yes', 'no', 'on', 'off', '2026-10-01', '1.4.0'],
  })
})

test('32 levels may be nested, 33 may not', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`
  expect(refused(nested(32))).toEqual([])
  expect(refused(nested(33))).toEqual(['1:33 is nested deeper than 32 levels'])
  expect(refused('['.repeat(100_000))[0]).toContain('is nested deeper than 32 levels')
})

test('10,000 values may stand in a file, more may not, and 1 MB is refused unread', () => {
  expect(refused(`[${Array(9_998).fill(1).join(',')}]`)).toEqual([])
  expect(refused(`[${Array(10_001).fill(1).join(',')}]`)[0]).toContain('holds more than 10000 values')
  expect(refused('- 1\n'.repeat(1 << 18))).toEqual([
    expect.stringContaining('files of ours hold at most 262144 (256 KB)'),
  ])
})

test.each([
  '&a\n',
  '&a !x\n ',
  '? - ',
  '[a: ',
  '- &a\n',
  '---\n',
  '"\\',
  'a: &b\n !c\n',
  '!<x>\n&a\n',
  '{a: [',
  '|\n',
  '- [a: b, c]\n',
])('256 KB of %j is answered in under a second', (unit) => {
  const started = performance.now()
  readYaml('f.yml', unit.repeat(Math.floor(250_000 / unit.length)))
  expect(performance.now() - started).toBeLessThan(1000)
})

test('a place is that of the value, or of the key, or of the nearest thing that is there', () => {
  const text = '# c\nartifact:\n  digest: "sha"\n  list:\n    - {x: 1,\n       y: two}\n  none:\n'
  const reading = readYaml('f.yml', text)
  const at = (field: string, part?: 'key' | 'value') => {
    if (!reading.ok) throw new Error('unreadable')
    const { line, column } = reading.document.place(parseDotted(field), part)
    return `${line}:${column}`
  }
  expect(at('artifact.digest')).toBe('3:11')
  expect(at('artifact.digest', 'key')).toBe('3:3')
  expect(at('artifact.list[0].y')).toBe('6:11')
  expect(at('artifact.none')).toBe('7:3')
  expect(at('artifact.absent.deeper')).toBe('2:1')
})

test('a dotted field reads back as the path that wrote it, also with dots, brackets and quotes in its keys', () => {
  expect(printDotted(['gates', 'metrics', 1, 'max_drop'])).toBe('gates.metrics[1].max_drop')
  expect(parseDotted('labels["a.b"][0]')).toEqual(['labels', 'a.b', 0])
  const step = fc.oneof(fc.nat({ max: 99 }), fc.string({ minLength: 1, unit: 'grapheme' }))
  fc.assert(
    fc.property(fc.array(step), (path) => {
      expect(parseDotted(printDotted(path))).toEqual(path)
    }),
  )
})

test('plain data written by any writer reads back as js-yaml alone would read it', () => {
  const key = fc
    .string({ minLength: 1 })
    .filter((word) => !['__proto__', 'constructor', 'prototype', '<<'].includes(word))
  const leaf = fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.constant(null))
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree')),
      fc.dictionary(key, tie('tree'), { noNullPrototype: true }),
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      const text = dump(value, { noRefs: true })
      const reading = readYaml('f.yml', text)
      if (reading.ok) expect(reading.document.value).toEqual(load(text))
      else expect(text).toMatch(/[^\x20-\x7e\n]|\\|(^|[^\d.])[-+]?0[\dob]|__proto__/)
    }),
  )
})
