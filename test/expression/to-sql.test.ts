import { BOOLEAN, DOUBLE, DuckDBInstance, INTEGER, VARCHAR } from '@duckdb/node-api'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluate } from '../../src/expression/evaluate.ts'
import { parseExpression } from '../../src/expression/parse-expression.ts'
import { quoteIdentifier } from '../../src/expression/quote-identifier.ts'
import { type SqlColumn, toSql } from '../../src/expression/to-sql.ts'
import { didYouMean } from '../../src/registry/did-you-mean.ts'

const hostile = 'a"b; drop table t --'
const columns: readonly SqlColumn[] = [
  { name: 'n', type: 'number' },
  { name: 'm', type: 'number', as: 'c1' },
  { name: 't', type: 'category' },
  { name: hostile, type: 'category' },
  { name: 'b', type: 'boolean' },
  { name: 'nested', type: 'nested' },
]

const compile = (text: string) => {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.mistake.what}`)
  return { expression: parsed.expression, compiled: toSql(parsed.expression, columns, didYouMean) }
}
const mistakeOf = (text: string) => {
  const { compiled } = compile(text)
  return 'mistake' in compiled
    ? `${compiled.mistake.column}: ${compiled.mistake.what}. ${compiled.mistake.mend}`
    : compiled.sql
}

test.each([
  ['t < 3', '3: t is a text, 3 is a number: < does not go with them. Compare like with like.'],
  ['3 == b', '3: 3 is a number, b is true or false'],
  ['b < true', '3: b is true or false, true is true or false: < does not go with them. Use == or !=.'],
  ['n', '1: n is a number. Write a condition such as age < 25 here.'],
  ['n && b', '1: n is a number. Write a condition here.'],
  ['-t > 1', '2: t is a text. Write a number here.'],
  ['t in ["a", 1]', '12: 1 is a number. Write a text here.'],
  ['t in n', '3: a table has no list n'],
  ['n.startsWith("a")', '1: n is a number. Write a text here.'],
  ['N < 3', '1: there is no column N. Did you mean n?'],
  ['n.x < 3', '1: a column has no fields, as in n.x'],
  ['nested == "a"', '1: column nested is nested'],
  ['(b ? 1 : "a") == 1', '6: 1 is a number. Write a text, as after the colon, here.'],
])('%s is a mistake with its place', (text, said) => {
  expect(mistakeOf(text)).toContain(said)
})

test('no text of the user becomes SQL', () => {
  const { compiled } = compile(`\`${hostile}\` == "'; copy (select 1) to 'x'; --" && n < 25`)
  if ('mistake' in compiled) throw new Error(compiled.mistake.what)
  expect(compiled.sql.replaceAll(quoteIdentifier(hostile), '<name>')).not.toMatch(/copy|drop|25/)
  expect(compiled.parameters).toEqual(["'; copy (select 1) to 'x'; --", 25])
  expect(() => quoteIdentifier('a\0b')).toThrow(RangeError)
})

test('SQL grows with the expression and not faster', () => {
  const nested = Array.from({ length: 12 }).reduce<string>((inner) => `((${inner} < 1 ? n : m) + 1)`, 'n')
  const { compiled } = compile(`${nested} > 2`)
  expect('sql' in compiled && compiled.sql.length).toBeLessThan(5000)
})

// Rows and expressions at random: the two readings of the language must agree.
const row = fc.record({
  n: fc.constantFrom(null, 0, -0, 1, 2.5, -3, 1e308, Number.NaN, Number.POSITIVE_INFINITY, 0.1),
  m: fc.constantFrom(null, 0, 1, 2, 7, -1e308, 0.2),
  t: fc.constantFrom(null, '', 'a', 'ab', 'é', 'e\u0301', '😀', '\uffff', "'", '%'),
  [hostile]: fc.constantFrom(null, 'a', 'b'),
  b: fc.constantFrom(null, true, false),
})
type Row = Record<string, number | string | boolean | null>

const { condition } = fc.letrec<{ condition: string; number: string; text: string }>((tie) => {
  const [condition, number, text] = [tie('condition'), tie('number'), tie('text')]
  const sign = fc.constantFrom('<', '<=', '>', '>=', '==', '!=')
  const join = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((words) => `(${words.join(' ')})`)
  const list = (of: fc.Arbitrary<string>) =>
    fc.array(of, { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(', ')}]`)
  const word = (text: string) => fc.constant(text)
  return {
    condition: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'd' },
      fc.constantFrom('b', 'true', 'false', 'has(n)', 'has(t)', 'n == null', 't != null', 'null == b'),
      join(number, sign, number),
      join(text, sign, text),
      join(condition, fc.constantFrom('&&', '||', '==', '!='), condition),
      condition.map((inner) => `!(${inner})`),
      join(number, word('in'), list(number)),
      join(text, word('in'), list(text)),
      join(condition, word('?'), condition, word(':'), condition),
      fc
        .tuple(text, fc.constantFrom('startsWith', 'endsWith', 'contains'), text)
        .map(([of, name, part]) => `(${of}).${name}(${part})`),
    ),
    number: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'd' },
      fc.constantFrom('n', 'm', '0', '1', '2.5', '-3', '1e308'),
      join(number, fc.constantFrom('+', '-', '*', '/', '%'), number),
      text.map((inner) => `size(${inner})`),
      number.map((inner) => `-(${inner})`),
      join(condition, word('?'), number, word(':'), number),
    ),
    text: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'd' },
      fc.constantFrom('t', `\`${hostile}\``, '"a"', '""', '"é"', '"😀"', '"\'"', '"%"'),
      join(text, word('+'), text),
      join(condition, word('?'), text, word(':'), text),
    ),
  }
})

let duck: DuckDBInstance
beforeAll(async () => {
  duck = await DuckDBInstance.create(':memory:', { threads: '1' })
})
afterAll(() => duck.closeSync())

test('a table and a row give the same answer to the same question', { timeout: 60_000 }, async () => {
  const connection = await duck.connect()
  await connection.run(
    `create table t ("n" double, "c1" double, "t" varchar, ${quoteIdentifier(hostile)} varchar, "b" boolean, nr integer)`,
  )
  const rows = fc.sample(row, { numRuns: 60, seed: 7 }) as Row[]
  for (const [nr, { n, m, t, b, [hostile]: h }] of rows.entries()) {
    await connection.run(
      'insert into t values (?, ?, ?, ?, ?, ?)',
      [n ?? null, m ?? null, t ?? null, h ?? null, b ?? null, nr],
      [DOUBLE, DOUBLE, VARCHAR, VARCHAR, BOOLEAN, INTEGER],
    )
  }
  let asked = 0
  await fc.assert(
    fc.asyncProperty(condition, async (text) => {
      const parsed = parseExpression(text)
      fc.pre(parsed.ok)
      if (!parsed.ok) return
      const compiled = toSql(parsed.expression, columns)
      if ('mistake' in compiled) throw new Error(`${text}: ${compiled.mistake.what}`)
      const result = await connection.runAndReadAll(
        `select ${compiled.sql} from t order by nr`,
        [...compiled.parameters],
        compiled.parameters.map((value) => (typeof value === 'number' ? DOUBLE : VARCHAR)),
      )
      const answers = rows
        .map((one) => evaluate(parsed.expression, one))
        .map((answer) => ('value' in answer ? answer.value : null))
      expect(result.getColumnsJS()[0]).toEqual(answers)
      asked += 1
    }),
    { numRuns: process.env.WEIGHBRIDGE_DEEP ? 20_000 : 1000, seed: 20_241_120 },
  )
  expect(asked).toBeGreaterThan(500)
  connection.closeSync()
})
