import fc from 'fast-check'
import { expect, test } from 'vitest'
import { importanceShares, importanceShift } from '../../src/statistics/importance-shift.ts'
import { answerInquiry } from '../../src/statistics/inquiry.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { type ColumnImportance, permutationImportance } from '../../src/statistics/permutation-importance.ts'
import { shuffled } from '../../src/statistics/shuffled.ts'
import { codesOfPool, modelOver, rowsFrom } from './composed-models.ts'

type Row = readonly number[]
const model = (row: Row): number => row[0]! * 2 + (row[1]! > 1 ? row[2]! : 0)

function world(rows: number, seed = 5) {
  const chance = pcg32(seed, 'importance world')
  const pool = Array.from({ length: rows }, () => [
    chance.uniform(),
    chance.integer(3),
    chance.uniform(),
    chance.integer(2),
  ])
  const label = Float64Array.from(pool, (row) => model(row) + chance.uniform() / 10)
  const squared = (scores: Float64Array): number =>
    scores.reduce((sum, score, at) => sum + (score - label[at]!) ** 2, 0) / scores.length
  return { pool, squared }
}

function importanceOf(names: readonly string[], { repeats = 12, seed = 0 } = {}, rows = 300) {
  const all = ['a', 'b', 'c', 'd']
  const { pool, squared } = world(rows)
  const order = names.map((name) => all.indexOf(name))
  const own = pool.map((row) => order.map((at) => row[at]!))
  const { score, asked } = modelOver(own, (row) => model(all.map((_, at) => row[order.indexOf(at)]!)))
  const ask = { columns: names, codes: codesOfPool(own), metric: squared, better: 'lower' as const, repeats, seed }
  return { ...answerInquiry(permutationImportance(ask), score), asked, pool, squared }
}

test('importance is the mean loss over the permutations, also where values are remembered', () => {
  const { columns, baseline, pool, squared } = importanceOf(['a', 'b', 'c', 'd'])

  const plain = columns.map(({ column }, at) => {
    const chance = pcg32(0, `importance ${column}`)
    return Array.from({ length: 12 }, () => {
      const donors = shuffled(rowsFrom(0, pool.length), chance)
      return squared(Float64Array.from(pool, (row, own) => model(row.with(at, pool[donors[own]!]![at]!)))) - baseline!
    })
  })
  columns.forEach(({ repeats, mean }, at) => {
    expect([...repeats]).toEqual(plain[at])
    expect(mean).toBeCloseTo(plain[at]!.reduce((sum, loss) => sum + loss, 0) / 12, 12)
  })
})

test('a column of few values costs one question a row and value, whatever the repeats', () => {
  const few = importanceOf(['a', 'b', 'c', 'd'], { repeats: 3 }).asked.rows
  const many = importanceOf(['a', 'b', 'c', 'd'], { repeats: 103 }).asked.rows

  expect(many - few).toBeLessThan(100 * 300 * 2 + 300 * 3)
})

test('a column that the model ignores has an importance of exactly 0', () => {
  const { columns } = importanceOf(['a', 'b', 'c', 'd'])

  expect(columns[3]).toMatchObject({ column: 'd', mean: 0, std: 0, se: 0, interval: [0, 0] })
})

test('one number a class says of a column what one number a row does', () => {
  const { pool } = world(120)
  const share = (row: Row) => model(row) / 4
  const squared = (scores: Float64Array) => scores.reduce((sum, score) => sum + (score - 0.5) ** 2, 0)
  const ask = { columns: ['a', 'b', 'c', 'd'], codes: codesOfPool(pool), better: 'lower' as const, repeats: 4, seed: 0 }
  const { score } = modelOver(pool, share)
  const one = answerInquiry(permutationImportance({ ...ask, metric: squared }), score)
  const both = answerInquiry(
    permutationImportance({ ...ask, width: 2, metric: (scores) => squared(scores) / 2 }),
    (rows) => Float64Array.from([...score(rows)].flatMap((p) => [1 - p, p])),
    2,
  )

  both.columns.forEach(({ mean, movement }, at) => {
    expect(mean).toBeCloseTo(one.columns[at]!.mean!, 10)
    expect(movement).toBeCloseTo(one.columns[at]!.movement, 10)
  })
  expect(both.columns[0]!.movement).toBeGreaterThan(0)
})

test('a column that misleads the model loses nothing and still moves it', () => {
  const pool = Array.from({ length: 40 }, (_, at) => [at % 2, 7])
  const label = pool.map((row) => 1 - row[0]!)
  const squared = (scores: Float64Array) => scores.reduce((sum, score, at) => sum + (score - label[at]!) ** 2, 0) / 40
  const { score } = modelOver(pool, (row) => row[0]!)
  const ask = { columns: ['a', 'b'], codes: codesOfPool(pool), metric: squared, better: 'lower' as const, seed: 0 }
  const [misleading, idle] = answerInquiry(permutationImportance({ ...ask, repeats: 20 }), score).columns

  expect(misleading!.mean).toBeLessThan(0)
  expect(misleading!.movement).toBeGreaterThan(0.4)
  expect(idle).toMatchObject({ mean: 0, movement: 0 })
})

test('the order of the columns changes nothing', () => {
  const there = importanceOf(['a', 'b', 'c', 'd']).columns
  const back = importanceOf(['d', 'c', 'b', 'a']).columns

  expect(back.toReversed()).toEqual(there)
})

test('the same seed gives the same numbers, another seed others', () => {
  const means = (seed: number) => importanceOf(['a', 'b', 'c', 'd'], { seed }).columns.map(({ mean }) => mean)

  expect(means(1)).toEqual(means(1))
  expect(means(1)).not.toEqual(means(2))
})

test('the interval covers the mean over very many permutations about as often as it says', () => {
  const truth = importanceOf(['a', 'b', 'c', 'd'], { repeats: 800, seed: 999 }, 60).columns.slice(0, 3)
  const runs = Array.from({ length: 60 }, (_, seed) => importanceOf(['a', 'b', 'c', 'd'], { repeats: 8, seed }, 60))

  const covered = runs.flatMap(({ columns }) =>
    truth.map(({ mean }, at) => columns[at]!.interval![0] <= mean! && mean! <= columns[at]!.interval![1]),
  )
  const share = covered.filter(Boolean).length / covered.length
  expect(share).toBeGreaterThan(0.9)
  expect(share).toBeLessThan(0.99)
})

test('a metric that does not exist on a permutation leaves no importance, and never NaN', () => {
  const { pool } = world(20)
  const { score } = modelOver(pool, model)
  const ask = { columns: ['a', 'b', 'c', 'd'], codes: codesOfPool(pool), better: 'higher' as const, seed: 0 }
  const none = answerInquiry(permutationImportance({ ...ask, repeats: 3, metric: () => null }), score)
  const once = answerInquiry(permutationImportance({ ...ask, repeats: 1, metric: (all) => all[0]! }), score)

  expect(none.columns[0]).toMatchObject({ mean: null, std: null, se: null, interval: null })
  expect(once.columns[0]).toMatchObject({ std: null, se: null, interval: null })
  expect(once.columns[0]!.mean).not.toBeNull()
})

const column = (name: string, ...repeats: readonly number[]): ColumnImportance => {
  const mean = repeats.reduce((sum, one) => sum + one, 0) / repeats.length
  const std = Math.sqrt(repeats.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (repeats.length - 1))
  const se = std / Math.sqrt(repeats.length)
  return { column: name, mean, std, se, interval: null, movement: 0, repeats: Float64Array.from(repeats) }
}

test('the shift is half the summed change of shares', () => {
  const now = [column('age', 0.3, 0.3), column('sex', 0.1, 0.1)]
  const before = [column('age', 0.2, 0.2), column('sex', 0, 0)]

  const { value, interval } = importanceShift(now, before)

  expect(value).toBeCloseTo(0.25, 12)
  expect(interval!.map((end) => Math.round(end * 1e9) / 1e9)).toEqual([0.25, 0.25])
  expect(importanceShift(now, now).value).toBe(0)
})

test('a column whose importance is not told from 0 in either version does not count', () => {
  const noise = column('noise', 0.05, -0.05, 0.02)
  const shift = importanceShift([column('age', 1, 1, 1), noise], [column('age', 1, 1, 1), column('noise', 0, 0, 0)])

  expect(shift).toMatchObject({ value: 0, columns: [{ counts: true }, { column: 'noise', counts: false }] })
})

test('where no column matters nothing can be told, and the reason says which version', () => {
  const idle = [column('age', 0, 0)]

  expect(importanceShift([column('age', 1, 1)], idle)).toMatchObject({
    value: null,
    because: 'no column of the incumbent has an importance that can be told from 0',
  })
  expect(importanceShares(idle)).toBeNull()
})

test('a column that only one version has counts whole', () => {
  expect(importanceShift([column('new', 1, 1)], [column('old', 2, 2)]).value).toBe(1)
})

test('the shift lies between 0 and 1, is the same both ways, and does not know the unit of the metric', () => {
  const loss = fc.float({ min: Math.fround(0.01), max: 1, noNaN: true })
  const version = fc.array(fc.tuple(loss, loss, loss), { minLength: 3, maxLength: 3 })
  const columns = (losses: readonly (readonly number[])[], times = 1) =>
    losses.map((own, at) => column('abc'[at]!, ...own.map((one) => one * times)))
  fc.assert(
    fc.property(version, version, (a, b) => {
      const there = importanceShift(columns(a), columns(b)).value
      if (there === null) return
      expect(there).toBeGreaterThanOrEqual(0)
      expect(there).toBeLessThanOrEqual(1)
      expect(importanceShift(columns(b), columns(a)).value).toBeCloseTo(there, 12)
      expect(importanceShift(columns(a, 1000), columns(b)).value).toBeCloseTo(there, 9)
    }),
    { numRuns: 25 },
  )
})
