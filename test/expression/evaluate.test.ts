import { expect, test } from 'vitest'
import { evaluate, type Scope } from '../../src/expression/evaluate.ts'
import { parseExpression } from '../../src/expression/parse-expression.ts'

const say = (text: string, scope: Scope = {}) => {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.mistake.what}`)
  const answer = evaluate(parsed.expression, scope)
  return 'value' in answer ? answer.value : `undefined: ${answer.undefined}`
}

const world = {
  model: { model: 'churn', risk_class: 'high', owner: null, labels: { team: 'growth', 'cost.center': 7 } },
  candidate: { training: { compute: { cost_usd: 2.1 } } },
  fairness: 'passed',
  sensitive: ['sex', 'race'],
}

test.each([
  ['model.risk_class == "high"', true],
  ['candidate.training.compute.cost_usd < 100.0', true],
  ['fairness != "passed"', false],
  ['model.labels["team"] == \'growth\'', true],
  ['model.labels["cost.center"] == 7', true],
  ['sensitive[1] == "race"', true],
  ['"sex" in sensitive && !("age" in sensitive)', true],
  ['"team" in model.labels', true],
  ['model.owner == null', true],
  ['has(model.owner)', false],
  ['has(model.nothing.at.all)', false],
  ['has(model.risk_class)', true],
  ['size(sensitive) == 2 && model.labels.size() == 2 && size("é😀") == 2', true],
  ['1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 - 2 - 1 == 4', true],
  ['7 / 2 == 3.5 && -7 % 3 == -1', true],
  ['"a" + "b" == "ab"', true],
  ['model.model.startsWith("ch") && model.model.endsWith("rn") && model.model.contains("ur")', true],
  ['true ? 1 : 2', 1],
  ['false ? 1 : true ? 2 : 3', 2],
  ['"\\u00e9\\n" == "é\\n"', true],
  ['2 in [1, 2]', true],
  ['"\\uffff" < "\\U0001F600"', true],
])('%s', (text, value) => {
  expect(say(text, world)).toBe(value)
})

test.each([
  ['model.task == "binary"', 'model.task is not there'],
  ['nothing > 1', 'nothing is not there'],
  ['has(nothing)', 'nothing is not there'],
  ['model.owner == "x"', 'model.owner is null'],
  ['model.risk_class == 3', '== does not go with text and a number'],
  ['model.risk_class < 3', '< does not go with text and a number'],
  ['model == "x"', 'model is not a single value'],
  ['sensitive == "x"', 'sensitive is a list'],
  ['true < false', '< does not go with a boolean and a boolean'],
  ['1 && true', '&& does not go with a number'],
  ['!1', '! does not go with a number'],
  ['1 / 0 > 1', '1 / 0 is not a finite number'],
  ['5 % 0 > 1', '5 % 0 is not a finite number'],
  ['1e308 * 10 > 1', '1e+308 * 10 is not a finite number'],
  ['model.risk_class.size > 2', 'model.risk_class.size is not there'],
  ['sensitive.length > 0', 'sensitive.length is not there'],
  ['model.__proto__ == null', 'model.__proto__ is not there'],
  ['model["constructor"] == null', 'model.constructor is not there'],
  ['toString == null', 'toString is not there'],
])('%s has no value, and says why', (text, because) => {
  expect(say(text, world)).toBe(`undefined: ${because}`)
})

test('an undefined side is absorbed when the other side decides, and only then', () => {
  expect(say('gone == 1 && false')).toBe(false)
  expect(say('false && gone == 1')).toBe(false)
  expect(say('gone == 1 || true')).toBe(true)
  expect(say('true || gone == 1')).toBe(true)
  expect(say('gone == 1 && true')).toContain('undefined')
  expect(say('gone == 1 || false')).toContain('undefined')
  expect(say('3 in [gone, 3]')).toBe(true)
  expect(say('3 in [gone, 4]')).toContain('undefined')
})

test('NaN is never a value, so no comparison with it holds', () => {
  expect(say('x == x', { x: Number.NaN })).toBe('undefined: x is not a number (NaN)')
  expect(say('x > 1', { x: Number.POSITIVE_INFINITY })).toBe(true)
})

test('a hostile record reaches no prototype, also when it plants the key itself', () => {
  const planted = JSON.parse('{"labels": {"__proto__": {"admin": true}, "constructor": "mine"}}')
  expect(say('labels["__proto__"].admin', planted)).toBe('undefined: labels.__proto__ is not there')
  expect(say('labels.constructor == "mine"', planted)).toBe(true)
  expect(say('admin', planted)).toBe('undefined: admin is not there')
  expect(say('"__proto__" in labels', planted)).toBe(false)
})
