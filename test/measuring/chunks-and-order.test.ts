import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openModelRunner } from '../../src/adapters/onnx/model-runner.ts'
import { shippedPolicies } from '../../src/adapters/shipped-policies.ts'
import { judgePredictions } from '../../src/jobs/judge-predictions.ts'
import { compareTables } from '../../src/jobs/measure/compare-predictions.ts'
import { measureDriftOfTables } from '../../src/jobs/measure/drift.ts'
import { explainModel } from '../../src/jobs/measure/explain.ts'
import { type FairnessAsk, measureFairnessTable } from '../../src/jobs/measure/fairness.ts'
import { measureTable } from '../../src/jobs/measure/metrics.ts'
import { profileOfTable } from '../../src/jobs/measure/profile.ts'
import { measureQualityOf } from '../../src/jobs/measure/quality.ts'
import { policyFromFile } from '../../src/jobs/policy-from-file.ts'
import type { TableSource } from '../../src/ports.ts'
import { fetched, LIMITS } from '../adapters/onnx/fixture-models.ts'
import { refusal, type ScratchTables, scratchTables, sourceAt } from '../adapters/tables/scratch-tables.ts'
import { DRIFT_ASK } from '../support/drift-job.ts'
import { PLAIN } from '../support/measured-tables.ts'

const ROWS = 2600
const NAMES = [
  'row_id',
  'label',
  'score',
  'other',
  'sex',
  'age',
  'plan',
  'seen',
  'few',
  'many',
  'three',
  'four',
] as const
/** What a model of seven numbers is given, whatever they mean to it. */
const FEATURES = ['three', 'score', 'other', 'few', 'many', 'four', 'row_id']

let world: ScratchTables
const runner = openModelRunner()
/** The same rows, delivered in many ways; the first is what the others are held to. */
let deliveries: ReadonlyMap<string, TableSource>
let reversed: TableSource
let turned: TableSource

/** SQL of the rows: ties, missing values, NaN and more texts than one chunk knows. */
const rowsSql = (from = 0, to = ROWS) => `select ${NAMES.join(', ')} from (select i as row_id,
  case when hash(i * 3) % 97 = 0 then null when (hash(i) % 1000) / 1000.0 < (hash(i * 7) % 101) / 101.0 then 1 else 0 end as label,
  (hash(i * 7) % 101) / 101.0 as score, (hash(i * 11) % 1009) / 1009.0 as other,
  case when hash(i * 13) % 20 = 0 then null when hash(i * 13) % 3 = 0 then 'F' else 'M' end as sex,
  case when hash(i * 17) % 50 = 0 then null else 18 + hash(i * 17) % 60 + (hash(i * 18) % 100) / 100.0 end as age,
  'plan ' || (hash(i * 19) % 700) as plan, timestamp '2026-01-01' + to_minutes(cast(i as integer)) as seen,
  hash(i * 23) % 2 as few, hash(i * 29) % 400 as many, hash(i * 31) % 3 as three, hash(i * 37) % 4 as four
  from range(${from}, ${to}) t(i)) order by row_id`

const parquet = (name: string, sql: string, group = 100_000) =>
  world.written(name, `copy (${sql}) to FILE (format parquet, row_group_size ${group})`)
const csv = (name: string, sql: string) => world.written(name, `copy (${sql}) to FILE (format csv, header)`)

async function parted(ending: 'csv' | 'parquet', cuts: readonly number[]): Promise<TableSource> {
  const ends = [...cuts, ROWS]
  const files: string[] = []
  for (const [part, end] of ends.entries()) {
    const name = `part-${String(part).padStart(2, '0')}-of-${ends.length}.${ending}`
    const write = ending === 'csv' ? csv : parquet
    files.push((await write(name, rowsSql(ends[part - 1] ?? 0, end))).files[0]!.path)
  }
  return sourceAt(files[0]!, ...files.slice(1))
}

beforeAll(async () => {
  world = scratchTables()
  deliveries = new Map([
    ['one row group', await parquet('one.parquet', rowsSql())],
    ['row groups of 2,048', await parquet('small.parquet', rowsSql(), 2048)],
    ['three files of CSV', await parted('csv', [1, 1500])],
    ['seven files of Parquet', await parted('parquet', [3, 1000, 2048, 2049, 2500, 2599])],
  ])
  reversed = await parquet('reversed.parquet', `select * from (${rowsSql()}) order by row_id desc`)
  turned = await parquet(
    'turned.parquet',
    `select ${NAMES.toReversed().join(', ')} from (${rowsSql()}) order by row_id`,
  )
})
afterAll(() => world.close())

const FAIR: Omit<FairnessAsk, 'data'> = {
  ...PLAIN,
  task: 'binary',
  across: [['sex'], ['sex', 'plan']],
  minRows: 30,
  privileged: new Map(),
  minCell: null,
  limits: new Map(),
}

/** Documents name no file, so equal documents are equal bytes. */
const JOBS: Readonly<Record<string, (source: TableSource) => Promise<object>>> = {
  metrics: (source) => measureTable({ ...PLAIN, source, slices: ['sex', 'age'] }, world.tables),
  'compare-predictions': (source) => compareTables({ ...PLAIN, a: source, b: shifted, id: 'row_id' }, world.tables),
  fairness: (data) => measureFairnessTable({ ...FAIR, data }, world.tables),
  drift: (current) =>
    measureDriftOfTables({ ...DRIFT_ASK, statistics: 'all' }, { tables: world.tables, reference: shifted, current }),
  quality: (data) =>
    measureQualityOf(
      {
        data,
        reference: null,
        model: null,
        id: 'row_id',
        label: 'label',
        time: 'seen',
        prediction: null,
        score: 'score',
        engine: 'test',
      },
      world.tables,
    ),
  judge: async (candidate) => {
    const policy = await policyFromFile(null, shippedPolicies())
    const composed = 'composed' in policy ? policy.composed : expect.fail('the policy has mistakes')
    const ask = { ...PLAIN, task: 'binary' as const, id: 'row_id', sensitive: ['sex'], now: '2026-01-01T00:00:00Z' }
    const check = await judgePredictions({ ...ask, candidate, incumbent: shifted }, composed, world.tables)
    // a check says which file it was told of
    return JSON.parse(JSON.stringify(check).replaceAll(candidate.called, 'candidate'))
  },
  explain: (data) =>
    explainModel({
      ...{ tables: world.tables, runner, limits: LIMITS, engine: 'test', progress: () => {} },
      ...{ model: fetched('compas/models/1.0.0.onnx'), words: { features: FEATURES }, data, background: data },
      ...{ label: 'few', positive: 1, repeats: 2, seed: 0, sample: 200, dependence: ['many'] },
    }),
  profile: (data) =>
    profileOfTable({ data, columns: null, model: null, reference: null, engine: 'test' }, world.tables, () => {}),
}

let shifted: TableSource
beforeAll(async () => {
  shifted = await parquet('shifted.parquet', `select * replace (other as score, score as other) from (${rowsSql()})`)
})

/** Explains the rows that it is given first, so their order is part of what was asked. */
const OF_THE_FIRST_ROWS = ['explain']

describe.each(Object.entries(JOBS))('%s', (command, measure) => {
  let whole: object
  beforeAll(async () => {
    whole = await measure(deliveries.get('one row group')!)
  })

  test('says the same to the byte however its rows are chunked, grouped and parted', async () => {
    const text = JSON.stringify(whole)
    const [, ...others] = [...deliveries]

    for (const [called, source] of others) expect(JSON.stringify(await measure(source)), called).toBe(text)
    expect(text.length).toBeGreaterThan(1000)
  })

  test('says the same of the rows in another order, and of the columns in another', async () => {
    if (!OF_THE_FIRST_ROWS.includes(command)) expect(settled(await measure(reversed)), 'rows').toEqual(settled(whole))
    expect(settled(await measure(turned)), 'columns').toEqual(settled(whole))
  })
})

/** Eleven digits of every number, dust of cancelled ones as 0; lists that follow the order of the table in an order of their own. */
function settled(document: object): unknown {
  return JSON.parse(JSON.stringify(document), (key, value) => {
    if (typeof value === 'number') return Math.abs(value) < 1e-15 ? 0 : Number(value.toPrecision(11))
    if (!Array.isArray(value) || !['columns', 'findings', 'warnings'].includes(key)) return value
    return value.map((one) => JSON.stringify(one)).sort()
  })
}

test('several files are one table in the order in which they are named', async () => {
  const source = deliveries.get('seven files of Parquet')!
  const { columns } = await world.tables.read(source, { columns: ['row_id'] })

  const ids = columns.get('row_id')!
  expect('values' in ids && [...ids.values].every((id, row) => id === row)).toBe(true)
})

test('more than 2,000 groups are refused with their number, however the rows lie', async () => {
  const refused = [...deliveries.values(), reversed, turned].map((data) =>
    refusal(measureFairnessTable({ ...FAIR, data, across: [['row_id']], minRows: 1 }, world.tables)),
  )

  for (const said of await Promise.all(refused)) expect(said).toMatch(/row_id has 2\d{3} groups, more than 2000/)
})
