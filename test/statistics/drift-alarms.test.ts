import { expect, test } from 'vitest'
import type { DriftInput } from '../../src/statistics/drift-column.ts'
import { measureDrift } from '../../src/statistics/measure-drift.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { categories, normals, numbers, windowsOfFiles } from './windows.ts'

const DEFAULT = { test: 'default', min_effect: 0.05 } as const
const isDeep = process.env.WEIGHBRIDGE_DEEP !== undefined

/** 70 columns whose windows have one law: normal, skewed, whole numbers, mostly zero, and categories of 2 to 30 values. */
function cleanColumns(seed: number, rows: number, reference = 5000): DriftInput[] {
  return Array.from({ length: 70 }, (_, index) => {
    const draw = (stream: string, n: number) => normals(seed, `${stream} ${index}`, n)
    const shape = index % 7
    const kind = shape < 4 ? 'number' : 'category'
    const read = kind === 'number' ? numbers : categories
    const cells = (z: number[]) => z.map((x) => shaped(shape, x))
    return {
      column: `c${index}`,
      kind,
      reference: read(cells(draw('reference', reference))),
      current: read(cells(draw('current', rows))),
    }
  })
}

function shaped(shape: number, z: number): number {
  if (shape === 0) return z
  if (shape === 1) return Math.exp(2 * z)
  if (shape === 2) return Math.round(3 * z)
  if (shape === 3) return z > 1.3 ? z : 0
  if (shape === 4) return z > 0.8 ? 1 : 0
  if (shape === 5) return Math.floor(2 * z)
  return Math.floor(Math.exp(1.2 * z))
}

test('of seventy columns that did not change, almost none is called drifted, whatever the rows', () => {
  for (const rows of [30, 100, 500, 5000]) {
    let drifted = 0
    const runs = isDeep ? 100 : 3
    for (let seed = 0; seed < runs; seed++) {
      const { dataset } = measureDrift({ columns: cleanColumns(seed, rows), ...DEFAULT })
      expect(dataset.drifted, `${rows} rows`).toBeLessThanOrEqual(2)
      drifted += dataset.drifted
    }
    expect(drifted / runs, `${rows} rows`).toBeLessThanOrEqual(isDeep ? 0.06 : 0.34)
  }
}, 900_000)

test('thirty clean rows never alarm: every column says that they are too few', () => {
  const { columns, dataset } = measureDrift({ columns: cleanColumns(7, 30), ...DEFAULT })
  expect(dataset).toEqual({ columns: 0, drifted: 0, share: null })
  for (const column of columns) {
    expect(column.is_drifted).toBeNull()
    expect(column.reason).toBe('too_few_rows')
    expect(column.notes.map((note) => note.code)).toEqual([])
  }
})

test('clean columns raise no finding of any other kind either', () => {
  const { columns } = measureDrift({ columns: cleanColumns(3, 500), ...DEFAULT })
  expect(columns.flatMap((column) => column.notes)).toEqual([])
})

test('half a standard deviation is found in a thousand rows, in every column that has it', () => {
  for (let seed = 0; seed < 20; seed++) {
    const moved = (name: string, by: number): DriftInput => ({
      column: name,
      kind: 'number',
      reference: numbers(normals(seed, `${name} before`, 5000)),
      current: numbers(normals(seed, `${name} after`, 1000).map((x) => x + by)),
    })
    const columns = [moved('a', 0.5), moved('b', 0.5), moved('c', 0.5), moved('d', 0), moved('e', 0)]
    const drift = measureDrift({ columns, ...DEFAULT })
    expect(drift.columns.slice(0, 3).map((column) => column.is_drifted)).toEqual([true, true, true])
    expect(drift.columns[0]?.score).toBeGreaterThan(drift.columns[0]!.threshold!)
  }
})

test('half a standard deviation is mostly found in a hundred rows too', () => {
  let found = 0
  for (let seed = 0; seed < 60; seed++) {
    const columns = ['a', 'b', 'c'].map((name) => ({
      column: name,
      kind: 'number' as const,
      reference: numbers(normals(seed, `${name} before`, 5000)),
      current: numbers(normals(seed, `${name} after`, 100).map((x) => x + 0.5)),
    }))
    found += measureDrift({ columns, ...DEFAULT }).dataset.drifted
  }
  expect(found / 180).toBeGreaterThan(0.8)
})

const adult = {
  age: 'number',
  workclass: 'category',
  education: 'category',
  education_num: 'number',
  marital_status: 'category',
  occupation: 'category',
  relationship: 'category',
  race: 'category',
  sex: 'category',
  capital_gain: 'number',
  capital_loss: 'number',
  hours_per_week: 'number',
  native_country: 'category',
} as const

test('the census windows drift in the columns that were moved, and the untouched ones stay silent', async () => {
  const expected = [
    ['w01', []],
    ['w02', []],
    ['w03', ['age']],
    ['w04', ['workclass']],
    ['w06', ['hours_per_week']],
  ] as const
  for (const [window, moved] of expected) {
    const columns = await windowsOfFiles('adult/train.parquet', `adult/production/${window}.parquet`, adult)
    const drift = measureDrift({ columns, ...DEFAULT })
    const drifted = drift.columns.filter((column) => column.is_drifted).map((column) => column.column)
    expect(drifted).toEqual(expect.arrayContaining([...moved]))
    if (moved.length === 0) {
      expect(drifted).toEqual([])
      for (const column of drift.columns) expect(column.score).toBeLessThan(0.04)
    }
  }
})

test('an occupation that a third of the rows lost is a finding of its own', async () => {
  const [column] = await windowsOfFiles('adult/train.parquet', 'adult/production/w05.parquet', {
    occupation: 'category',
  })
  const measured = measureDrift({ columns: [column!], ...DEFAULT }).columns[0]!
  expect(measured.notes.map((note) => note.code)).toEqual(['missing-share'])
  expect(measured.notes[0]?.message).toContain('before 5.7 %')
})

test('a column that lost every value has no distances, and says so', async () => {
  const [column] = await windowsOfFiles('adult/train.parquet', 'edge/all-null-column.csv', { occupation: 'category' })
  const drift = measureDrift({ columns: [column!], ...DEFAULT })
  const measured = drift.columns[0]!
  expect(measured).toMatchObject({
    score: null,
    p_value: null,
    threshold: null,
    is_drifted: null,
    reason: 'all_missing',
  })
  expect(measured.statistics).toEqual({
    psi: null,
    jensen_shannon: null,
    kl: null,
    chi_squared: { statistic: null, p_value: null },
    total_variation: null,
  })
  expect(measured.missing_share.current).toBe(1)
  expect(measured.notes.map((note) => note.code)).toEqual(['all-missing', 'missing-share'])
  expect(drift.dataset.share).toBeNull()
})

test('a column that froze drifts by every distance, and is named', async () => {
  const [column] = await windowsOfFiles('adult/train.parquet', 'edge/constant-column.csv', { hours_per_week: 'number' })
  const measured = measureDrift({ columns: [column!], ...DEFAULT }).columns[0]!
  expect(measured.is_drifted).toBe(true)
  expect(measured.statistics.psi).toBeGreaterThan(0.2)
  expect(measured.statistics.wasserstein).toBeLessThan(10)
  expect(measured.notes).toEqual([{ code: 'constant-changed', message: 'is one value in every row, before it varied' }])
})

test('a new category keeps every number finite, and is named', async () => {
  const [column] = await windowsOfFiles('adult/train.parquet', 'edge/unseen-category.csv', { workclass: 'category' })
  const measured = measureDrift({ columns: [column!], ...DEFAULT }).columns[0]!
  expect(measured.unseen_values).toEqual(['Gig-worker'])
  expect(measured.unseen_share).toBeCloseTo(10 / 190, 1)
  expect(measured.notes.map((note) => note.code)).toEqual(['unseen'])
  expect(measured.statistics.psi).toBeLessThan(10)
  const { chi_squared } = measured.statistics as never as { chi_squared: { statistic: number } }
  expect(Number.isFinite(chi_squared.statistic)).toBe(true)
})

test('a named test compares its raw score with max, and warns when rows are few', () => {
  const columns = cleanColumns(1, 500)
  const { columns: judged } = measureDrift({ columns, test: 'ks', min_effect: 0.05, max: 0.02 })
  for (const column of judged.filter(({ type }) => type === 'number')) {
    expect(column.is_drifted).toBe(column.score! > 0.02)
    expect(column.threshold).toBe(0.02)
    expect(column.notes.map((note) => note.code)).toContain('few-rows')
  }
  const category = judged.find(({ type }) => type === 'category')
  expect(category).toMatchObject({ score: null, is_drifted: null, reason: 'test_of_another_type' })
})

test('a named test without max decides nothing', () => {
  const [column] = measureDrift({ columns: cleanColumns(1, 500), test: 'wasserstein', min_effect: 0.05 }).columns
  expect(column).toMatchObject({ is_drifted: null, reason: 'no_max', threshold: null })
  expect(column?.score).toBeGreaterThan(0)
})

test('the limit of the stability index rises to what chance alone shows, and under 100 rows there is none', () => {
  const psi = { test: 'psi', min_effect: 0.05, max: 0.1 } as const
  const [few] = measureDrift({ columns: cleanColumns(1, 99), ...psi }).columns
  expect(few).toMatchObject({ threshold: null, is_drifted: null, reason: 'too_few_rows' })
  expect(few?.statistics.psi).toBeGreaterThan(0)
  const [some] = measureDrift({ columns: cleanColumns(1, 100), ...psi }).columns
  expect(some?.threshold).toBeCloseTo(0.22099, 4)
  const [many] = measureDrift({ columns: cleanColumns(1, 5000), ...psi }).columns
  expect(many?.threshold).toBe(0.1)
})

test('the raised limit of the stability index alarms on few of the clean columns of a hundred rows', () => {
  const { uniform } = pcg32(5, 'psi')
  let alarms = 0
  for (let run = 0; run < 400; run++) {
    const draw = (rows: number) => numbers(Array.from({ length: rows }, uniform))
    const columns = [{ column: 'x', kind: 'number' as const, reference: draw(5000), current: draw(100) }]
    alarms += measureDrift({ columns, test: 'psi', min_effect: 0.05, max: 0.1 }).dataset.drifted
  }
  expect(alarms / 400).toBeLessThan(0.045)
})
