import { expect, test } from 'vitest'
import { type MultivariateDrift, measureMultivariate } from '../../src/measuring/multivariate-drift.ts'
import type { DriftInput, WindowColumn } from '../../src/statistics/drift-column.ts'
import { measureDrift } from '../../src/statistics/measure-drift.ts'
import { takeFromColumn } from '../../src/statistics/settled-rows.ts'
import { DEEP, type Draws, drawsFor, shareOf } from '../statistics/draws.ts'
import { numbers, windows, windowsOfFiles } from '../statistics/windows.ts'
import { multivariateReference } from '../support/multivariate-reference.ts'

const TERMS = { time: null, confidence: 0.95, seed: 0 } as const

/** Columns of normal numbers; the first two of the current window go together by rho. */
function columnsOf(draws: Draws, rows: readonly [number, number], columns: number, rho = 0): DriftInput[] {
  const window = (n: number) => Array.from({ length: columns }, () => Array.from({ length: n }, draws.normal))
  const [before, now] = [window(rows[0]), window(rows[1])]
  now[1] = now[1]!.map((z, row) => rho * now[0]![row]! + Math.sqrt(1 - rho * rho) * z)
  return before.map((cells, c) => ({
    ...{ column: `c${c}`, kind: 'number' as const },
    ...{ reference: numbers(cells), current: numbers(now[c]!) },
  }))
}

function measure(columns: readonly DriftInput[], permutations = 0): MultivariateDrift {
  return measureMultivariate({ ...TERMS, columns, permutations }).multivariate
}

const SIZES = [
  [300, 200],
  [800, 60],
  [60, 1000],
] as const

test.each(SIZES)(
  'windows of one law are not told apart: %i rows against %i',
  (before, now) => {
    const draws = drawsFor(`multivariate null ${before} ${now}`)
    const counts = { domain: 0, reconstruction: 0 }
    const repeats = DEEP ? 1000 : 40
    for (let repeat = 0; repeat < repeats; repeat++) {
      const found = measure(columnsOf(draws, [before, now], 5))
      if (found.domain_classifier.is_drifted === true) counts.domain += 1
      if (found.reconstruction.is_drifted === true) counts.reconstruction += 1
    }
    console.info(`${before}/${now}: false alarms ${counts.domain}, ${counts.reconstruction} of ${repeats}`)
    expect(counts.domain / repeats).toBeLessThanOrEqual(0.07)
    expect(counts.reconstruction / repeats).toBeLessThanOrEqual(0.07)
  },
  600_000,
)

test('the p-value of the permutations rejects about one clean pair of windows in twenty', () => {
  const draws = drawsFor('multivariate permutations')
  const rejected = shareOf(DEEP ? 400 : 30, () => {
    const found = measure(columnsOf(draws, [120, 80], 3), 19)
    return found.domain_classifier.p_value! <= 0.05
  })
  console.info(`rejected ${rejected}`)
  expect(rejected).toBeLessThanOrEqual(DEEP ? 0.08 : 0.14)
}, 600_000)

test('a relation that appears between two columns is found, though each column by itself stayed the same', () => {
  const draws = drawsFor('multivariate correlation')
  let byThemselves = 0
  const found = shareOf(20, () => {
    const columns = columnsOf(draws, [1000, 700], 8, 0.7)
    const alone = measureDrift({ columns, test: 'default', min_effect: 0.05 }).columns.slice(0, 2)
    byThemselves += alone.filter((column) => column.is_drifted === true).length
    const { domain_classifier: domain } = measure(columns)
    return domain.is_drifted === true && domain.contributions[0]!.columns.join() === 'c0,c1'
  })
  expect(byThemselves / 40).toBeLessThanOrEqual(0.1)
  expect(found).toBeGreaterThanOrEqual(0.95)
}, 60_000)

test('among 25 columns, in windows of unequal size, the relation is found and named, with its null', () => {
  const columns = columnsOf(drawsFor('multivariate wide'), [3000, 800], 25, 0.7)
  const { domain_classifier: domain } = measure(columns, 6)
  expect(domain.is_drifted).toBe(true)
  expect(domain.contributions[0]!.columns).toEqual(['c0', 'c1'])
  expect(domain.null).toMatchObject({ permutations: 6, rows: 2000 })
  expect(domain.null!.q95).toBeLessThan(0.55)
  expect(domain.p_value).toBeCloseTo(1 / 7, 12)
}, 60_000)

test('neither order of rows nor order of columns changes a digit', () => {
  const columns = columnsOf(drawsFor('multivariate order'), [200, 150], 4, 0.5)
  const turned = [...columns].reverse().map((one) => ({
    ...one,
    reference: takeFromColumn(
      one.reference,
      Uint32Array.from({ length: 200 }, (_, row) => (row * 77 + 3) % 200),
    ),
    current: takeFromColumn(
      one.current,
      Uint32Array.from({ length: 150 }, (_, row) => (row * 77 + 3) % 150),
    ),
  }))
  expect(JSON.stringify(measure(turned, 5))).toBe(JSON.stringify(measure(columns, 5)))
})

const CENSUS = {
  age: 'number',
  fnlwgt: 'number',
  education_num: 'number',
  capital_gain: 'number',
  capital_loss: 'number',
  hours_per_week: 'number',
  workclass: 'category',
  occupation: 'category',
  sex: 'category',
  race: 'category',
  education: 'category',
} as const

test('on the census, the windows that moved are told apart by the column that moved, as well as boosted trees can', async () => {
  const { domain } = multivariateReference()
  const seen: Record<string, MultivariateDrift> = {}
  for (const window of ['w01', 'w03', 'w04'] as const) {
    const columns = await windowsOfFiles('adult/evaluation.parquet', `adult/production/${window}.parquet`, CENSUS)
    seen[window] = measure(columns)
    expect(Math.abs(seen[window].domain_classifier.auc! - domain[window])).toBeLessThan(0.03)
  }
  expect(Object.values(seen).map((found) => found.domain_classifier.is_drifted)).toEqual([false, true, true])
  expect(seen.w03!.domain_classifier.contributions[0]!.columns).toEqual(['age'])
  expect(seen.w04!.domain_classifier.contributions[0]!.columns).toEqual(['workclass'])
  expect(seen.w01!.reconstruction.is_drifted).toBe(false)
}, 60_000)

test('identifiers, times and columns that lost all values are left out and named: they would give any window away', () => {
  const draws = drawsFor('multivariate left out')
  const plain = columnsOf(draws, [100, 100], 2)
  const ids = Array.from({ length: 100 }, (_, row) => row)
  const when: WindowColumn = { type: 'time', values: Float64Array.from(ids), nulls: new Uint8Array(100) }
  const { multivariate, warnings } = measureMultivariate({
    ...{ ...TERMS, permutations: 0 },
    columns: [
      ...plain,
      windows(
        'id',
        'number',
        ids,
        ids.map((row) => row + 100),
      ),
      { column: 'at', kind: 'number', reference: when, current: when },
      windows(
        'gone',
        'number',
        ids.map((row) => row % 7),
        ids.map(() => null),
      ),
    ],
  })
  expect(multivariate.columns).toEqual(['c0', 'c1'])
  expect(warnings.map((warning) => warning.column)).toEqual(['at', 'gone', 'id'])
})

test('too few rows, or nothing to compare, is said and is no number', () => {
  const few = measure(columnsOf(drawsFor('multivariate few'), [500, 49], 3))
  expect(few.domain_classifier).toMatchObject({ auc: null, interval: null, is_drifted: null, reason: 'too_few_rows' })
  expect(few.reconstruction).toMatchObject({ error: null, is_drifted: null, reason: 'too_few_rows' })
  expect(measure([]).domain_classifier).toMatchObject({ auc: null, reason: 'no_columns' })
})

const DAY = 86_400_000

/** A level that wanders from day to day: rows of one day are alike, and no day is like another. */
function wandering(days: number, from: number, draws: Draws): { readonly cells: number[]; readonly time: number[] } {
  const levels = Array.from({ length: days }, draws.normal)
  const cells = levels.flatMap((level) => Array.from({ length: 40 }, () => level + 0.3 * draws.normal()))
  return { cells, time: cells.map((_, row) => (from + Math.floor(row / 40)) * DAY + 1) }
}

test('days that differ among themselves are no drift: whole days are dealt again where the table has a time', () => {
  const draws = drawsFor('multivariate days')
  const alarms = { rows: 0, days: 0 }
  const repeats = DEEP ? 200 : 15
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [before, now] = [wandering(20, 0, draws), wandering(8, 20, draws)]
    const columns = [windows('level', 'number', before.cells, now.cells)]
    const time = { reference: Float64Array.from(before.time), current: Float64Array.from(now.time) }
    const byDay = measureMultivariate({ ...TERMS, columns, time, permutations: 20 }).multivariate.domain_classifier
    expect(byDay.exchanged).toBe('blocks')
    if (byDay.is_drifted === true) alarms.days += 1
    if (measure(columns, 5).domain_classifier.is_drifted === true) alarms.rows += 1
  }
  console.info(`days dealt: ${alarms.days}, rows dealt: ${alarms.rows} of ${repeats}`)
  expect(alarms.rows / repeats).toBeGreaterThan(0.9)
  expect(alarms.days / repeats).toBeLessThanOrEqual(0.08)
}, 600_000)

test('windows of the same days are dealt within each day', () => {
  const draws = drawsFor('multivariate same days')
  const [a, b] = [wandering(10, 0, draws), wandering(10, 0, draws)]
  const time = { reference: Float64Array.from(a.time), current: Float64Array.from(b.time) }
  const { multivariate } = measureMultivariate({
    ...{ ...TERMS, time, permutations: 5 },
    columns: [windows('level', 'number', a.cells, b.cells)],
  })
  expect(multivariate.domain_classifier.exchanged).toBe('within')
})
