import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture } from '../../support/fixtures.ts'
import { columnsOf } from '../../support/rows.ts'
import { plainRows, refusal, type ScratchTables, scratchTables } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

const edge = (name: string) => world.fixture(`edge/${name}`)
const ask = { id: 'row_id', label: 'label', features: [], reference: null, ranges: [] }

/** DuckDB's own text of the ids: as JavaScript numbers some of them would be equal. */
async function exactIds(): Promise<readonly string[]> {
  const text = await world.written(
    'ids.csv',
    `copy (select row_id from '${fixture('edge/int64.parquet')}') to FILE (header false)`,
  )
  return readFileSync(text.files[0]?.path ?? '', 'utf8')
    .trim()
    .split('\n')
}

describe('every odd table of the reference set is read, or refused with a reason', () => {
  test('an all-null column is missing in every row, and its type is not guessed', async () => {
    const answer = await world.tables.quality(edge('all-null-column.csv'), ask)
    expect(answer.columns.find(({ column }) => column === 'occupation')).toMatchObject({
      missing: 200,
      distinct: 0,
      type: 'category',
    })
    expect(
      (await plainRows(world.tables, edge('all-null-column.csv'), { columns: ['occupation'] })).occupation,
    ).toEqual(Array(200).fill(null))
    const numbers = await world.tables.read(edge('all-null-column.csv'), {
      columns: ['occupation'],
      asNumber: ['occupation'],
    })
    expect(numbers.columns.get('occupation')).toMatchObject({ type: 'number' })
  })

  test('a constant column has one distinct value', async () => {
    const { columns } = await world.tables.quality(edge('constant-column.csv'), ask)
    expect(columns.find(({ column }) => column === 'hours_per_week')).toMatchObject({ distinct: 1, missing: 0 })
    const read = await plainRows(world.tables, edge('constant-column.csv'), { columns: ['hours_per_week'] })
    expect(new Set<unknown>(read.hours_per_week)).toEqual(new Set([40]))
  })

  test('an unseen category is counted: Gig-worker in 10 of 200 rows', async () => {
    const values = [
      'Private',
      'Self-emp-not-inc',
      'Local-gov',
      'State-gov',
      'Self-emp-inc',
      'Federal-gov',
      'Without-pay',
      'Never-worked',
    ]
    const { columns } = await world.tables.quality(edge('unseen-category.csv'), {
      ...ask,
      ranges: [{ column: 'workclass', values }],
    })
    expect(columns.find(({ column }) => column === 'workclass')?.unseen).toBe(10)
  })

  test('a group of 3 is read as 3 rows', async () => {
    const { masks } = await world.tables.read(edge('group-of-3.csv'), { columns: [], where: ['race == "Black"'] })
    expect(masks[0]?.filter((mask) => mask === 1)).toHaveLength(3)
  })

  test('labels of one class are all 1', async () => {
    const { label } = await plainRows(world.tables, edge('labels-one-class.csv'), { columns: ['label'] })
    expect(new Set<unknown>(label)).toEqual(new Set([1]))
  })

  test('non-finite scores arrive as they are, at row_id 1, 4 and 10, and are not null', async () => {
    const { columns } = await world.tables.read(edge('nonfinite-scores.csv'), { columns: ['row_id', 'score'] })
    const [id, score] = [columns.get('row_id'), columns.get('score')]
    if (id?.type !== 'number' || score?.type !== 'number') throw new Error('not numbers')
    const odd = [...score.values.keys()].filter((row) => !Number.isFinite(score.values[row]))
    expect(odd.map((row) => [id.values[row], score.values[row], score.nulls[row]])).toEqual([
      [1, Number.NaN, 0],
      [4, Number.POSITIVE_INFINITY, 0],
      [10, Number.NEGATIVE_INFINITY, 0],
    ])
  })

  test('five ids that occur twice are five duplicates, by id and by row', async () => {
    expect((await world.tables.quality(edge('duplicate-ids.csv'), ask)).duplicates).toEqual({ rows: 5, by: 'id' })
    expect((await world.tables.quality(edge('duplicate-ids.csv'), { ...ask, id: null })).duplicates).toEqual({
      rows: 5,
      by: 'row',
    })
  })

  test('renamed columns are listed as missing and unexpected, with what was probably meant', async () => {
    const columns = [
      'age',
      'hours_per_week',
      'sex',
      'label',
      'row_id',
      'workclass',
      'fnlwgt',
      'education',
      'education_num',
      'marital_status',
      'occupation',
      'relationship',
      'race',
      'capital_gain',
      'capital_loss',
      'native_country',
    ]
    expect(await refusal(world.tables.read(edge('renamed-and-missing-columns.csv'), { columns }))).toBe(
      'BadTable: renamed-and-missing-columns.csv: missing columns: age, hours_per_week, sex; unexpected: Sex, hours-per-week -> Did you mean hours-per-week for hours_per_week, Sex for sex?',
    )
  })

  test('0 bytes and 0 rows are refused, not passed', async () => {
    expect(await refusal(world.tables.describe(edge('empty.csv')))).toMatch(/^BadTable: empty.csv: 0 bytes -> ./)
    expect(await refusal(world.tables.describe(edge('header-only.csv')))).toMatch(
      /^BadTable: header-only.csv has a header and 0 rows -> ./,
    )
    expect(await refusal(world.tables.read(edge('zero-rows.parquet'), { columns: ['label'] }))).toMatch(
      /^BadTable: zero-rows.parquet has a header and 0 rows -> ./,
    )
  })

  test('a byte order mark, semicolons and decimal commas are understood', async () => {
    const source = edge('bom-semicolon.csv')
    const { columns, rows } = await world.tables.describe(source)
    expect(rows).toBe(20)
    expect(columns[0]).toEqual({ name: 'row_id', type: 'number', stored: 'BIGINT' })
    const reference = await columnsOf('adult/predictions/1.1.0.parquet', ['row_id', 'score'])
    const read = await plainRows(world.tables, source, { columns: ['row_id', 'score'] })
    expect(read.row_id).toEqual(reference.row_id?.slice(0, 20))
    expect(read.score).toEqual(reference.score?.slice(0, 20))
  })

  test('quotes, commas and line ends inside a field are part of it, and "" is not null', async () => {
    const { comment, label } = await plainRows(world.tables, edge('quotes-newlines.csv'), {
      columns: ['comment', 'label'],
    })
    expect(comment).toEqual(['said "yes",\nthen left', 'a,b;c', ''])
    expect(label).toEqual([1, 0, 1])
    expect((await world.tables.describe(edge('quotes-newlines.csv'))).columns).toHaveLength(5)
  })

  test('booleans, small integers, decimals, dates and times are numbers, within 5e-7 of the scores of adult 1.1.0', async () => {
    const names = ['row_id', 'label', 'prediction', 'score', 'ts', 'd']
    const read = await plainRows(world.tables, edge('types.parquet'), { columns: names, asNumber: ['label'] })
    const reference = await columnsOf('adult/predictions/1.1.0.parquet', ['row_id', 'label', 'prediction', 'score'])
    for (const name of ['row_id', 'label', 'prediction']) expect(read[name]).toEqual(reference[name]?.slice(0, 50))
    const far = read.score?.filter((score, row) => !(Math.abs(Number(score) - Number(reference.score?.[row])) <= 5e-7))
    expect(far).toEqual([])
    expect(read.ts?.every((ms) => Number.isInteger(ms) && Number(ms) > 0)).toBe(true)
    expect(read.d?.every((ms) => Number(ms) % 86_400_000 === 0)).toBe(true)
    expect((await world.tables.describe(edge('types.parquet'))).columns.map(({ type }) => type)).toEqual([
      'number',
      'boolean',
      'number',
      'number',
      'time',
      'time',
    ])
    expect(await plainRows(world.tables, edge('types.parquet'), { columns: ['label'] })).toEqual({
      label: read.label?.map((one) => (one === 1 ? 'true' : 'false')),
    })
  })

  test('beside a nested column the flat ones are usable, and the nested one is named when asked for', async () => {
    const read = await world.tables.read(edge('nested.parquet'), { columns: ['label', 'score'] })
    expect(read.rows).toBe(20)
    expect((await world.tables.describe(edge('nested.parquet'))).columns.at(-1)).toMatchObject({
      name: 'meta',
      type: 'nested',
    })
    expect(await refusal(world.tables.read(edge('nested.parquet'), { columns: ['label', 'meta'] }))).toMatch(
      /^BadTable: nested.parquet: column meta is nested \(STRUCT.* -> Only flat/,
    )
  })

  test('ids beyond 2^53 stay apart: 0 duplicates, and exact as text', async () => {
    expect((await world.tables.quality(edge('int64.parquet'), ask)).duplicates.rows).toBe(0)
    const ids = await world.tables.read(edge('int64.parquet'), { columns: ['row_id'], asCategory: ['row_id'] })
    const column = ids.columns.get('row_id')
    expect(column?.values).toHaveLength(10)
    expect(column?.values).toEqual(await exactIds())
    expect(new Set(column?.values.map(Number)).size).toBeLessThan(10)
  })

  test('ZSTD holds the first 500 rows of adult 1.1.0', async () => {
    const names = ['row_id', 'label', 'sex', 'race', 'prediction', 'score']
    const reference = await columnsOf('adult/predictions/1.1.0.parquet', names)
    const read = await plainRows(world.tables, edge('zstd.parquet'), { columns: names })
    for (const name of names) expect(read[name]).toEqual(reference[name]?.slice(0, 500))
  })
})
