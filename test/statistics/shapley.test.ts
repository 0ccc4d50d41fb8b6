import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerInquiry } from '../../src/statistics/inquiry.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { shapley } from '../../src/statistics/shapley.ts'
import { codesOfPool, modelOver, rowsFrom } from './composed-models.ts'

type Row = readonly number[]
type Model = (row: Row) => number

/** Values of the first rows of a pool against the others. */
function explain(model: Model, rows: readonly Row[], background: readonly Row[], exactBudget?: number, seed = 0) {
  const pool = [...rows, ...background]
  const { score, asked } = modelOver(pool, model)
  const ask = {
    codes: codesOfPool(pool),
    rows: rowsFrom(0, rows.length),
    background: rowsFrom(rows.length, pool.length),
    seed,
    ...(exactBudget === undefined ? {} : { exactBudget }),
  }
  return { ...answerInquiry(shapley(ask), score), asked }
}

/** The definition, word for word: all coalitions, each the mean over the background. */
function byDefinition(model: Model, row: Row, background: readonly Row[]): readonly number[] {
  const columns = row.length
  const worth = (mask: number): number =>
    background.reduce((sum, other) => sum + model(row.map((own, at) => ((mask >> at) & 1 ? own : other[at]!))), 0) /
    background.length
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
  return row.map((_, column) => {
    let value = 0
    for (let mask = 0; mask < 2 ** columns; mask++) {
      if ((mask >> column) & 1) continue
      const size = [...row.keys()].filter((at) => (mask >> at) & 1).length
      const weight = (factorial(size) * factorial(columns - size - 1)) / factorial(columns)
      value += weight * (worth(mask | (1 << column)) - worth(mask))
    }
    return value
  })
}

const small = fc.integer({ min: 0, max: 3 })
const table = (columns: number) =>
  fc.array(fc.array(small, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 })
const tangled: Model = (row) => Math.sin(row[0]! * 3 + row[1]!) * (row[2]! + 1) + row[3]! ** 2 * row[0]!

test('exact values are those of the definition, whatever agrees with the background', () => {
  fc.assert(
    fc.property(table(4), table(4), (rows, background) => {
      const { rows: found, method } = explain(tangled, rows, background)
      expect(method).toBe('exact')
      found.forEach(({ values }, at) => {
        byDefinition(tangled, rows[at]!, background).forEach((value, column) => {
          expect(values[column]).toBeCloseTo(value, 12)
        })
      })
    }),
    { numRuns: 60 },
  )
})

test('values sum to score - base to 1e-9, exact and sampled', () => {
  fc.assert(
    fc.property(table(4), table(4), fc.constantFrom(undefined, 0), (rows, background, budget) => {
      const { rows: found, base } = explain(tangled, rows, background, budget)
      for (const { values, score } of found)
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score - base, 9)
    }),
    { numRuns: 60 },
  )
})

test('a column that the model ignores is worth exactly 0, exact and sampled', () => {
  fc.assert(
    fc.property(table(4), table(4), fc.constantFrom(undefined, 0), (rows, background, budget) => {
      const { rows: found } = explain((row) => Math.exp(row[0]! * row[1]!) + row[3]!, rows, background, budget)
      for (const { values } of found) expect(values[2]).toBe(0)
    }),
    { numRuns: 40 },
  )
})

test('columns that the model cannot tell apart are worth the same', () => {
  const even: Model = (row) => Math.exp((row[0]! + row[1]!) / 3) * row[2]!
  const { rows } = explain(
    even,
    [[2, 2, 1]],
    [
      [0, 0, 3],
      [1, 1, 2],
    ],
  )

  expect(rows[0]!.values[0]).toBeCloseTo(rows[0]!.values[1]!, 12)
})

test('the order of the columns changes nothing', () => {
  const turned: Model = (row) => tangled(row.toReversed())
  const [rows, background] = [
    [[1, 2, 3, 0]],
    [
      [0, 0, 1, 2],
      [3, 1, 0, 1],
      [2, 2, 2, 2],
    ],
  ]

  const there = explain(tangled, rows, background).rows[0]!
  const back = explain(
    turned,
    rows.map((row) => row.toReversed()),
    background.map((row) => row.toReversed()),
  ).rows[0]!
  for (const column of [0, 1, 2, 3]) expect(back.values[3 - column]).toBeCloseTo(there.values[column]!, 12)
})

test('values of a sum of models are the sums of their values, and of a linear model w (x - mean)', () => {
  const weights = [0.5, -2, 3, 0.25]
  const linear: Model = (row) => row.reduce((sum, value, at) => sum + weights[at]! * value, 7)
  const [rows, background] = [
    [[3, 1, 0, 2]],
    [
      [0, 0, 1, 2],
      [3, 1, 0, 1],
      [2, 2, 2, 2],
    ],
  ]

  const [one, other, both] = [linear, tangled, (row: Row) => linear(row) + tangled(row)].map(
    (model) => explain(model, rows, background).rows[0]!.values,
  )
  weights.forEach((weight, at) => {
    const mean = background.reduce((sum, row) => sum + row[at]!, 0) / 3
    expect(one![at]).toBeCloseTo(weight * (rows[0]![at]! - mean), 12)
    expect(both![at]).toBeCloseTo(one![at]! + other![at]!, 12)
  })
})

test('equal rows are asked once, and agreeing columns are no players', () => {
  const background = Array.from({ length: 50 }, (_, at) => [at % 2, 1, 0, 0])
  const { asked } = explain(tangled, [[5, 1, 7, 0]], background)

  expect(asked.rows).toBe(2 * 2 + 2)
})

/** Twelve columns that interact by threes, all different from the background: of pairs antithetic orders are exact. */
function wide(seed: number, rows: number): readonly Row[] {
  const chance = pcg32(seed, 'wide')
  return Array.from({ length: rows }, () => Array.from({ length: 12 }, () => chance.uniform()))
}
const wavy: Model = (row) =>
  row.reduce((sum, value, at) => sum + Math.sin(3 * value + at) * row[(at + 5) % 12]! * row[(at + 2) % 12]!, 0)

test('sampled values lie within their standard errors of the exact ones', () => {
  const [rows, background] = [wide(1, 6), wide(2, 20)]
  const exact = explain(wavy, rows, background)
  const sampled = explain(wavy, rows, background, 0)

  const gaps = sampled.rows.flatMap(({ values, se }, at) =>
    [...values].map((value, column) => (value - exact.rows[at]!.values[column]!) / se![column]!),
  )
  const meanSquare = gaps.reduce((sum, gap) => sum + gap ** 2, 0) / gaps.length
  expect([exact.method, sampled.method]).toEqual(['exact', 'sampled'])
  expect(meanSquare).toBeGreaterThan(0.6)
  expect(meanSquare).toBeLessThan(1.6)
  expect(gaps.filter((gap) => Math.abs(gap) > 2).length / gaps.length).toBeLessThan(0.12)
})

test('the same seed samples the same values, another seed others', () => {
  const of = (seed: number) => explain(wavy, wide(1, 2), wide(2, 5), 0, seed).rows.map(({ values }) => [...values])

  expect(of(3)).toEqual(of(3))
  expect(of(3)).not.toEqual(of(4))
})

test('a model of 120 columns is explained by sampling, and its values still sum up', () => {
  const rows = Array.from({ length: 6 }, (_, at) => Array.from({ length: 120 }, (_, column) => (at * 7 + column) % 11))
  const model: Model = (row) => row.reduce((sum, value, at) => sum + value * ((at % 3) - 1), 0)
  const { rows: found, base, method } = explain(model, rows.slice(0, 1), rows.slice(1))

  expect(method).toBe('sampled')
  expect(found[0]!.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(found[0]!.score - base, 8)
})

test('without rows or background there is nothing to explain', () => {
  expect(() => explain(tangled, [], [[1, 2, 3, 4]])).toThrow('no rows or no background')
})
