import { expect, test } from 'vitest'
import { shortValue } from '../../src/profiles/category-builder.ts'
import { categoryBuilder, FREQUENT, mergedCounts } from '../../src/profiles/category-counts.ts'
import { chunkOf } from '../../src/profiles/chunk.ts'
import {
  DISTINCT_ERROR,
  distinctIn,
  emptyRegisters,
  mergedRegisters,
  noteNumbers,
  noteText,
} from '../../src/profiles/hyperloglog.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'

test('the number of different values is right within the stated error, from a few to a million', () => {
  for (const distinct of [0, 1, 10, 1000, 5000, 20_000, 100_000, 1_000_000]) {
    const errors = Array.from({ length: distinct > 50_000 ? 1 : 10 }, (_, seed) => {
      const registers = emptyRegisters()
      for (let start = 0; start < distinct; start += 2048)
        noteNumbers(
          registers,
          chunkOf(Array.from({ length: Math.min(2048, distinct - start) }, (_, i) => seed * 1e9 + start + i)),
        )
      return distinct === 0 ? distinctIn(registers) : distinctIn(registers) / distinct - 1
    })
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    expect(spread, `${distinct}`).toBeLessThanOrEqual((errors.length === 1 ? 3 : 1.6) * DISTINCT_ERROR)
  }
})

test('texts that differ in one character are told apart as well as numbers', () => {
  const registers = emptyRegisters()
  for (let i = 0; i < 50_000; i++) noteText(registers, `customer-${i}`)

  expect(Math.abs(distinctIn(registers) / 50_000 - 1)).toBeLessThan(3 * DISTINCT_ERROR)
  expect(mergedRegisters(registers, emptyRegisters())).toEqual(registers)
})

test('of a hundred thousand categories the frequent ones stay, counted within the stated shortfall', () => {
  const draw = pcg32(3, 0)
  const truth = new Map<string, number>()
  const halves = [categoryBuilder(), categoryBuilder()]
  const rows = 200_000
  for (let row = 0; row < rows; row++) {
    const value = `v${Math.floor(100_000 ** draw.uniform())}`
    truth.set(value, (truth.get(value) ?? 0) + 1)
    halves[row % 2]!.add(value, 1)
  }
  const counts = mergedCounts(halves[0]!.counts(), halves[1]!.counts())

  expect(counts.shortfall).toBeLessThanOrEqual((3 * rows) / (FREQUENT + 1))
  expect(counts.values.size).toBeLessThanOrEqual(FREQUENT)
  expect([...counts.values.values()].reduce((sum, one) => sum + one, 0) + counts.others).toBe(rows)
  for (const [value, true_] of truth) {
    const counted = counts.values.get(value) ?? 0
    expect(counted).toBeLessThanOrEqual(true_)
    expect(true_).toBeLessThanOrEqual(counted + counts.shortfall)
  }
})

test('a column in which every row is another text is no larger than one with a few', () => {
  const builder = categoryBuilder()
  for (let row = 0; row < 50_000; row++) builder.add(`id ${row}`, 1)
  const counts = builder.counts()

  expect(counts.values.size).toBe(0)
  expect(counts.others).toBe(50_000)
})

test('long texts stay apart, and half a character does no harm', () => {
  const long = 'a'.repeat(5000)

  expect(shortValue(long).length).toBeLessThan(120)
  expect(shortValue(`${long}b`)).not.toBe(shortValue(`${long}c`))
  expect(shortValue('a\ud800')).toBe('a\ufffd')
})
