import { expect, test } from 'vitest'
import { gatherDrift } from '../../src/jobs/gather-drift.ts'
import type { Job } from '../../src/jobs/job.ts'
import {
  blocksOfTime,
  chunksOfRows,
  millisecondsOf,
  type PeriodTerms,
  seasonRows,
} from '../../src/measuring/drift-periods.ts'
import { blockSpread, distanceWithin } from '../../src/statistics/drift-blocks.ts'
import { kolmogorovSmirnov } from '../../src/statistics/kolmogorov-smirnov.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { columnOf, driftGround } from '../support/drift-job.ts'
import { fixture } from '../support/fixtures.ts'

const DAY = 86_400_000
const FEATURES = ['weekday', 'period', 'nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer']
const timesOf = (days: readonly number[]) => ({
  values: Float64Array.from(days, (day) => day * DAY),
  nulls: new Uint8Array(days.length),
})
const windowsOf20Days: PeriodTerms = { time: 'ts', calibrate: 'windows', windowMs: 20 * DAY, season: 'none' }

test('electricity prices that wander as they always did are silent until the day when three constants began to move', async () => {
  const ground = driftGround()
  const measured = async (window: string, periods?: PeriodTerms) =>
    ground.measure(fixture('elec2/train.parquet'), fixture(`elec2/production/${window}.parquet`), {
      columns: FEATURES,
      periods,
    })
  for (const window of ['d300', 'd320', 'd340']) {
    const drift = await measured(window, windowsOf20Days)
    expect(drift.dataset, window).toMatchObject({ is_drifted: false, drifted: 0 })
    expect(columnOf(drift, 'nswprice').is_drifted).toBe(false)
    expect(columnOf(drift, 'nswdemand').is_drifted).toBe(false)
  }
  const moved = await measured('d360', windowsOf20Days)
  expect(moved.dataset).toMatchObject({ is_drifted: true, drifted: 3 })
  expect(moved.columns.filter(({ is_drifted }) => is_drifted).map(({ column }) => column)).toEqual([
    'vicprice',
    'vicdemand',
    'transfer',
  ])
  expect(columnOf(moved, 'nswprice').windows).toMatchObject({ count: 12 })
  expect(columnOf(moved, 'nswprice').threshold).toBeCloseTo(0.432, 2)
  expect(columnOf(moved, 'vicprice').windows).toMatchObject({ sd: 0, threshold: 0 })
  expect(columnOf(moved, 'vicprice').threshold).toBeGreaterThanOrEqual(0.05)
  const byRows = await measured('d300')
  expect(columnOf(byRows, 'nswprice').is_drifted).toBe(true)
})

test('a reference of fewer than eight windows says that its thresholds allow for rows alone', async () => {
  const ground = driftGround()
  const drift = await ground.measure(fixture('elec2/train.parquet'), fixture('elec2/production/d300.parquet'), {
    columns: ['nswprice'],
    periods: { ...windowsOf20Days, windowMs: 60 * DAY },
  })
  expect(drift.calibrate).toBe('rows')
  expect(drift.warnings.map(({ code }) => code)).toContain('few-windows')
  expect(columnOf(drift, 'nswprice').is_drifted).toBe(true)
})

test('a reference without last year says so, and is compared as a whole', async () => {
  const ground = driftGround()
  const ask = { columns: ['nswprice'], periods: { ...windowsOf20Days, calibrate: 'rows', season: 'year' } as const }
  const drift = await ground.measure(fixture('elec2/train.parquet'), fixture('elec2/production/d300.parquet'), ask)
  expect(drift.season).toBe('none')
  expect(drift.rows.reference).toBe(12_000)
  expect(drift.warnings.map(({ code }) => code)).toContain('no-season')
  const year = await ground.measure(fixture('elec2/train.parquet'), fixture('elec2/production/d360.parquet'), ask)
  expect(year.season).toBe('year')
  expect(year.rows.reference).toBeLessThan(2000)
})

test('the distance of a window from the rest is the distance of two samples, found without a walk through all', () => {
  const { uniform } = pcg32(3, 'blocks')
  for (const values of [5, 50, 1e9]) {
    const part = Float64Array.from({ length: 40 }, () => Math.floor(uniform() * values)).sort()
    const rest = Float64Array.from({ length: 300 }, () => Math.floor(uniform() ** 2 * values)).sort()
    const all = Float64Array.from([...part, ...rest]).sort()
    expect(distanceWithin(all, part)).toBeCloseTo(kolmogorovSmirnov(part, rest).statistic, 12)
  }
  expect(distanceWithin(new Float64Array([1]), new Float64Array([1]))).toBeNull()
})

test('windows of categories spread by total variation, and fewer than eight spread nothing', () => {
  const windows = { kind: 'category', categories: ['a', 'b'], reference: [80, 80], current: [1, 1] } as const
  const blocks = Array.from({ length: 8 }, (_, i) => (i === 0 ? [20, 0] : [8, 12]))
  expect(blockSpread(windows, blocks)?.count).toBe(8)
  expect(blockSpread(windows, blocks)?.mean).toBeCloseTo((20 / 20 - 60 / 140 + 7 * (72 / 140 - 8 / 20)) / 8, 10)
  expect(blockSpread(windows, blocks.slice(1))).toBeUndefined()
})

test('windows begin at midnight, and the last one counts only when it is full', () => {
  const { of, count } = blocksOfTime(timesOf([0.5, 1.9, 2.1, 5.9, 6.3]), 2 * DAY)
  expect(count).toBe(3)
  expect([...of]).toEqual([0, 0, 1, 2, -1])
  const missing = { values: new Float64Array([Number.NaN, 0, DAY]), nulls: new Uint8Array([1, 0, 0]) }
  expect([...blocksOfTime(missing, DAY).of]).toEqual([-1, 0, 1])
  expect(blocksOfTime({ values: new Float64Array([Number.NaN]), nulls: new Uint8Array([1]) }, DAY).count).toBe(0)
  expect(chunksOfRows(7, 3)).toEqual({ of: new Int32Array([0, 0, 0, 1, 1, 1, 2]), count: 3 })
})

test('a season keeps the same weekdays, or the same days a year before', () => {
  const reference = timesOf([0, 1, 2, 3, 7, 8])
  expect([...seasonRows(reference, timesOf([14, 15]), 'week')!]).toEqual([1, 1, 0, 0, 1, 1])
  expect([...seasonRows(reference, timesOf([365 + 9, 365 + 10]), 'year')!]).toEqual([0, 0, 1, 1, 1, 1])
  expect(seasonRows(reference, timesOf([2000]), 'year')).toBeNull()
  expect(['7d', '12h', '0d', '5y', '1.5d'].map(millisecondsOf)).toEqual([7 * DAY, DAY / 2, null, null, null])
})

test('the gate gathers the same thresholds that the command shows', async () => {
  const ground = driftGround()
  const [reference, current] = [
    ground.source(fixture('elec2/train.parquet')),
    ground.source(fixture('elec2/production/d340.parquet')),
  ]
  const files = { table: async () => reference, verified: async () => current.files[0]! }
  const job = { tables: ground.tables, files, limits: { maxTableBytes: 1e9 } } as unknown as Job
  const digest = `sha256:${'7'.repeat(64)}`
  const facts = await gatherDrift(
    {
      kind: 'drift',
      reference: { uri: 'file:train.parquet', digest },
      current: [{ uri: 'file:d340.parquet', digest }],
      columns: FEATURES.map((name) => ({ name, type: 'number' })),
      test: 'default',
      min_effect: 0.05,
      periods: { time: 'ts', calibrate: 'windows', window: '20d', season: 'none' },
    },
    job,
  )
  const shown = await ground.measure(fixture('elec2/train.parquet'), fixture('elec2/production/d340.parquet'), {
    columns: FEATURES,
    periods: windowsOf20Days,
  })
  expect(facts.dataset).toEqual({ columns: 7, drifted: 0, share: 0 })
  expect(facts.columns.map(({ threshold }) => threshold)).toEqual(shown.columns.map(({ threshold }) => threshold))
})
