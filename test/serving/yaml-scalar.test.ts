import { expect, test } from 'vitest'
import { notText, plainValue } from '../../src/serving/yaml-scalar.ts'

test.each([
  ['12', 12],
  ['-0.5', -0.5],
  ['true', true],
  ['~', null],
  ['', null],
  ['1.4.0', '1.4.0'],
  ['010', '010'],
  ['0o10', '0o10'],
  ['yes', 'yes'],
  ['1:30', '1:30'],
  ['1_000', '1_000'],
  ['2026-01-01', '2026-01-01'],
  ['12345678901234567890', '12345678901234567890'],
  ['.nan', '.nan'],
  ['.inf', '.inf'],
])('%s is a value only where every reader reads the same', (text, value) => {
  expect(plainValue(text)).toBe(value)
})

test.each([
  ['churn', null],
  ['1.4.0', null],
  ['fraud-2', null],
  ['010', '10 for YAML 1.2 and 8 for YAML 1.1'],
  ['1.10', 'the number 1.1'],
  ['1e3', 'the number 1000'],
  ['0b11', 'the number 3'],
  ['y', 'a truth value'],
  ['No', 'a truth value'],
  ['null', 'nothing'],
  ['', 'nothing'],
  ['2026-01-01', 'a date'],
])('without quotes, %s is text everywhere or named for what it is', (text, meaning) => {
  expect(notText(text)).toBe(meaning)
})
