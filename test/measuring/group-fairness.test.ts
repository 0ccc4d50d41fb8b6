import fc from 'fast-check'
import { expect, test } from 'vitest'
import { determined, type Equation } from '../../src/gates/shared-determined.ts'
import { mergedAttributes } from '../../src/jobs/measure/fairness-public.ts'
import { measureClusteredDifference } from '../../src/measuring/clustered-fairness.ts'
import { type Attribute, type FairnessRows, groupFairness } from '../../src/measuring/group-fairness.ts'
import { groupRows } from '../../src/statistics/group-rows.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { expectClose } from '../statistics/close.ts'
import { groupColumn } from '../statistics/groups.ts'

const TERMS = { confidence: 0.9, minRows: 1, minCell: null }

interface Row {
  readonly label: number
  readonly prediction: number
  readonly sex: string | null
  readonly race: string
  readonly weight: number
}

const row: fc.Arbitrary<Row> = fc.record({
  label: fc.constantFrom(0, 1),
  prediction: fc.constantFrom(0, 1),
  sex: fc.constantFrom('F', 'M', null),
  race: fc.constantFrom('a', 'b', 'c', 'd'),
  weight: fc.integer({ min: 1, max: 3 }),
})

function rowsOf(table: readonly Row[], isWeighted = false): FairnessRows {
  return {
    task: 'binary',
    label: Float64Array.from(table, ({ label }) => label),
    prediction: Float64Array.from(table, ({ prediction }) => prediction),
    score: null,
    unit: null,
    weight: isWeighted ? Float64Array.from(table, ({ weight }) => weight) : null,
  }
}

function attribute(table: readonly Row[], ...columns: readonly ('sex' | 'race')[]): Attribute {
  const grouping = groupRows(
    columns.map((name) =>
      groupColumn(
        name,
        table.map((one) => one[name]),
      ),
    ),
  )
  return { name: columns.join(','), grouping, privileged: null }
}

const measured = (table: readonly Row[], isWeighted = false) =>
  groupFairness(rowsOf(table, isWeighted), attribute(table, 'sex', 'race'), TERMS).fairness

test('the order of the rows changes no number', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), (table) => {
      expect(measured(table.toReversed())).toEqual(measured(table))
    }),
    { numRuns: 60 },
  )
})

test('a row of weight 2 moves values as the same row twice does', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), (table) => {
      const weighted = measured(table, true)
      const same = (a: number | null, b: number | null) => (b === null ? expect(a).toBeNull() : expectClose(a, b, 1e-9))
      const repeated = measured(table.flatMap((one) => Array.from({ length: one.weight }, () => one)))
      for (const [index, { metrics }] of repeated.groups.entries())
        for (const [rate, value] of Object.entries(metrics)) same(weighted.groups[index]!.metrics[rate]!, value)
      for (const [name, { value }] of Object.entries(repeated.disparities))
        same(weighted.disparities[name]!.value, value)
    }),
    { numRuns: 25 },
  )
})

test('renaming groups renames them, and nothing else', () => {
  const table = Array.from(
    { length: 90 },
    (_, i): Row => ({
      label: i % 2,
      prediction: (i >> 1) % 2,
      sex: i % 3 ? 'F' : 'M',
      race: 'a',
      weight: 1,
    }),
  )
  const renamed = table.map((one) => ({ ...one, sex: one.sex === 'F' ? 'A long name' : 'Z' }))
  const values = (all: readonly Row[]) =>
    Object.values(measured(all).disparities).map(({ value, interval }) => [value, interval])

  expect(values(renamed)).toEqual(values(table))
})

test('thirty thousand rows of weight 1 have the intervals of rows that count alike, within a tenth', () => {
  const generator = pcg32(9, 'weights')
  const table = Array.from(
    { length: 30_000 },
    (_, i): Row => ({
      label: generator.uniform() < 0.3 ? 1 : 0,
      prediction: generator.uniform() < (i % 2 ? 0.3 : 0.2) ? 1 : 0,
      sex: i % 2 ? 'M' : 'F',
      race: 'a',
      weight: 1,
    }),
  )
  const gap = (isWeighted: boolean) => measured(table, isWeighted).disparities.statistical_parity_difference!
  const [rows, weights] = [gap(false), gap(true)]
  const width = ({ interval }: typeof rows) => interval![1] - interval![0]

  expect(weights.value).toBeCloseTo(rows.value!, 12)
  expect(Math.abs(width(weights) / width(rows) - 1)).toBeLessThan(0.1)
})

test('weights move the comparison with the incumbent too, and a version beside itself has not moved', () => {
  const table = Array.from(
    { length: 400 },
    (_, i): Row => ({
      label: i % 2,
      prediction: (i >> 1) % 2,
      sex: i % 4 < 2 ? 'F' : 'M',
      race: 'a',
      weight: 1 + (i % 2),
    }),
  )
  const { label, prediction, weight } = rowsOf(table, true)
  const { grouping } = attribute(table, 'sex')
  const incumbent = prediction.map((value, row) => (row % 8 === 3 ? 1 - value : value))
  const options = {
    metric: 'statistical_parity_difference',
    confidence: 0.9,
    min_rows: 30,
    small_groups: 'report',
  } as const
  const of = (weights: Float64Array | null, before: Float64Array) =>
    measureClusteredDifference({ grouping, unit: null, weight: weights, label, prediction }, before, options)

  expect(of(weight, prediction)).toMatchObject({ value: 0, interval: [0, 0], method: 'bootstrap' })
  expect(of(weight, incumbent).value).not.toBeCloseTo(of(null, incumbent).value!, 3)
})

const FLOOR = 5
const lopsided = fc
  .array(fc.tuple(row, fc.integer({ min: 1, max: 25 })), { minLength: 4, maxLength: 30 })
  .map((parts) => parts.flatMap(([one, times]) => Array.from({ length: times }, () => one)))

test('what is written for the public gives no small cell away: not shown, not by adding and subtracting', () => {
  fc.assert(
    fc.property(lopsided, (table) => {
      const rows = rowsOf(table)
      const asked = [attribute(table, 'sex'), attribute(table, 'race'), attribute(table, 'sex', 'race')]
      const { attributes } = mergedAttributes(asked, rows, FLOOR)
      for (const isIn of [() => true, ...cellsOf(rows)]) {
        const finest = asked[2]!.grouping
        const size = sizes(finest.indexOf, finest.groups.length, isIn)
        const equations = attributes.flatMap(({ grouping }) => published(grouping, finest.indexOf))
        const known = determined(finest.groups.length, equations)
        // All rows fall into one pool when nothing else hides them: then only totals are told, which everybody knows
        if (attributes.every(({ grouping }) => grouping.groups.length === 1)) return
        for (const cell of known) expect(size[cell] === 0 || size[cell]! >= FLOOR).toBe(true)
      }
    }),
    { numRuns: process.env.WEIGHBRIDGE_DEEP === undefined ? 200 : 3000 },
  )
})

type IsIn = (at: number) => boolean

function cellsOf({ label, prediction }: FairnessRows): readonly IsIn[] {
  return [0, 1].flatMap((y) =>
    [0, 1].map(
      (c): IsIn =>
        (at) =>
          label[at] === y && prediction[at] === c,
    ),
  )
}

function sizes(indexOf: Int32Array, groups: number, isIn: IsIn): readonly number[] {
  const counts = Array.from({ length: groups }, () => 0)
  for (const [at, group] of indexOf.entries()) if (isIn(at)) counts[group]! += 1
  return counts
}

/** Every published group is the sum of those cells of the finest crossing that its rows stand in. */
function published({ groups, indexOf }: Attribute['grouping'], finest: Int32Array): readonly Equation[] {
  const parts = groups.map(() => new Map<number, number>())
  for (const [at, group] of indexOf.entries()) parts[group]!.set(finest[at]!, 1)
  return parts
}
