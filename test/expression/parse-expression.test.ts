import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkNames, namesIn } from '../../src/expression/names-in.ts'
import { parseExpression } from '../../src/expression/parse-expression.ts'
import { didYouMean } from '../../src/registry/did-you-mean.ts'

const mistakeOf = (text: string) => {
  const parsed = parseExpression(text)
  return parsed.ok ? 'no mistake' : `${parsed.mistake.column}: ${parsed.mistake.what}. ${parsed.mistake.mend}`
}
const expressionOf = (text: string) => {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(mistakeOf(text))
  return parsed.expression
}

describe('a mistake says where, what and how to mend it', () => {
  test.each([
    ['', '1: an empty expression'],
    ['age = 3', '5: unexpected "=". Compare with ==.'],
    ['age < 25; drop table x', '9: unexpected ";". One expression only.'],
    ["age < 25' or 1", '9: this string never ends'],
    ['age <', '6: expected a value, found the end'],
    ['(age < 25', '10: expected ), found the end'],
    ['plan in []', '9: an empty list holds nothing'],
    ['plan in "basic"', '9: "in" needs a list'],
    ['[1, 2]', '1: a list stands only after "in"'],
    ['null', '1: null has no value'],
    ['age + 1 == null', '9: null is only compared with a name'],
    ['plan.matches("a.*")', '6: matches takes a regular expression, and there are none here'],
    ['read_csv("/etc/passwd")', '1: there is no function read_csv. Functions: startsWith'],
    ['plan.startsWith()', '6: startsWith takes 1 value in its parentheses, found 0'],
    ['has(age + 1)', '9: has() asks for a name'],
    ['age < 1e999', '7: 1e999 is too large'],
    ['id == 9007199254740993', '7: 9007199254740993 is beyond 2^53'],
    ['age < 25yrs', '7: 25yrs is not a number'],
    ['name == "\\ud800"', '10: \\u is no escape'],
    ['аge < 25', '1: unexpected U+0430. Names with other characters go between backticks'],
    ['labels[team] == 1', '8: an index that is not written out'],
    ["r'raw' == x", '1: raw strings and bytes are not part of this language'],
    ['`never ends', '1: this name never ends'],
    ['a ? b', '6: expected :, found the end'],
  ])('%s', (text, said) => {
    expect(mistakeOf(text)).toContain(said)
    expect(parseExpression(text).ok).toBe(false)
  })
})

test('an expression that is too long, too large or too deep is refused, and in time', () => {
  expect(mistakeOf(`x == "${'a'.repeat(2000)}"`)).toContain('longer than 2000 characters')
  expect(mistakeOf(Array.from({ length: 101 }, () => 'a').join(' || '))).toContain('more than 200 parts')
  expect(mistakeOf('('.repeat(900))).toContain('nested more than 32 levels deep')
  expect(mistakeOf(`${'!'.repeat(900)}a`)).toContain('nested more than 32 levels deep')
  expect(parseExpression(Array.from({ length: 100 }, () => 'a').join(' || ')).ok).toBe(true)
})

test('names are found with their paths and places, also inside has and null tests', () => {
  const { roots, paths } = namesIn(expressionOf('has(model.owner) && labels["team"] == "a" || x in y.z && size(x) > 1'))
  expect(roots).toEqual(['model', 'labels', 'x', 'y'])
  expect(paths.map((path) => [[path.root, ...path.keys].join('/'), path.column])).toEqual([
    ['model/owner', 5],
    ['labels/team', 21],
    ['x', 46],
    ['y/z', 51],
    ['x', 63],
  ])
})

test('an unknown name is a mistake that suggests the known one', () => {
  const mistakes = checkNames(
    expressionOf('modle.task == "x" && environment.name == "y"'),
    ['model', 'environment'],
    didYouMean,
  )
  expect(mistakes).toEqual([{ column: 1, what: 'there is no modle here', mend: 'Did you mean model?' }])
})

test('no text makes the parser throw', () => {
  const words = fc.constantFrom(
    'a',
    'in',
    '(',
    ')',
    '[',
    ']',
    '.',
    '==',
    '<',
    '&&',
    '!',
    '-',
    '?',
    ':',
    '"x"',
    '1',
    'null',
    '`',
    "'",
    '\\',
    'has',
    ',',
    '😀',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        fc.array(words).map((list) => list.join(' ')),
      ),
      (text) => {
        const parsed = parseExpression(text)
        if (!parsed.ok) expect(parsed.mistake.column).toBeGreaterThan(0)
      },
    ),
    { numRuns: 2000 },
  )
})
