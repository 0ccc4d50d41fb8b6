import { expect, test } from 'vitest'
import { type Alternative, counterfactual } from '../../src/statistics/counterfactual.ts'
import { answerInquiry } from '../../src/statistics/inquiry.ts'
import { partialDependence } from '../../src/statistics/partial-dependence.ts'
import { modelOver, rowsFrom } from './composed-models.ts'

type Row = readonly number[]
/** Row 0 is to be turned; the others hold what may stand instead, in steps of a tenth. */
const POOL: readonly Row[] = [
  [0, 0, 0, 0],
  ...Array.from({ length: 10 }, (_, at) => [1, 1, 1, 1].map((v) => (v * (at + 1)) / 10)),
]

function turn(model: (row: Row) => number, { maxColumns = 4, fixed = [] as readonly number[] } = {}) {
  const { score, asked } = modelOver(POOL, model)
  const values: readonly Alternative[] = Array.from(rowsFrom(1, 11), (donor) => ({ donor, distance: donor / 10 }))
  const alternatives = [0, 1, 2, 3].map((column) => (fixed.includes(column) ? [] : values))
  const found = answerInquiry(counterfactual({ row: 0, alternatives, threshold: 0.5, maxColumns }), score)
  return { ...found, asked: asked.rows, told: found.asked }
}

test('one column that is enough is found, at the smallest distance that turns the decision', () => {
  const { found, asked, told } = turn((row) => row[1]! * 0.8 + row[2]! * 0.6)

  expect(found).toMatchObject({ changes: [{ column: 1, donor: 7 }], distance: 0.7, smallest: 'all' })
  expect(asked).toBe(told)
})

test('two columns are taken when none alone is enough, the pair that is nearest', () => {
  const { found } = turn((row) => row[0]! * 0.4 + row[3]! * 0.4)

  expect(found?.changes.map(({ column }) => column)).toEqual([0, 3])
  expect(found?.distance).toBeCloseTo(1.3, 12)
  expect(found?.smallest).toBe('all')
})

test('three columns are found greedily, and none of them is idle', () => {
  const { found } = turn((row) => row[0]! * 0.2 + row[1]! * 0.2 + row[2]! * 0.2 + row[3]! * 0.01)

  expect(found?.changes.map(({ column }) => column).toSorted()).toEqual([0, 1, 2])
  expect(found?.score).toBeGreaterThan(0.5)
  expect(found?.smallest).toBe('searched')
})

test('a column that may not change is left alone, and what cannot be turned is said so', () => {
  const model = (row: Row) => row[1]! * 0.8

  expect(turn(model, { fixed: [1] }).found).toBeNull()
  expect(turn(() => 0.1).found).toBeNull()
})

test('a positive decision is turned down as a negative is turned up', () => {
  const { found, score } = turn((row) => 0.9 - row[2]! * 0.5)

  expect(score).toBe(0.9)
  expect(found).toMatchObject({ changes: [{ column: 2 }] })
  expect(found!.score).toBeLessThanOrEqual(0.5)
})

test('the curve of a column in a model without interactions is the column itself', () => {
  const pool = [
    [0, 5],
    [1, 1],
    [2, 3],
    [4, 9],
  ]
  const { score } = modelOver(pool, (row) => row[0]! ** 2 + row[1]!)
  const points = answerInquiry(partialDependence(0, rowsFrom(0, 4), Int32Array.of(0, 1, 2, 3)), score)

  expect(points.map(({ mean }) => mean)).toEqual([4.5, 5.5, 8.5, 20.5])
  for (const { low, mean, high } of points) {
    expect(low).toBeLessThanOrEqual(mean)
    expect(mean).toBeLessThanOrEqual(high)
  }
})
