import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture } from '../../support/fixtures.ts'
import { refusal, type ScratchTables, scratchTables } from './scratch-tables.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

const plain = { id: null, label: null, features: [], reference: null, ranges: [] }
const adult = async (name: 'evaluation' | 'train', columns: readonly string[], format: 'parquet' | 'csv' = 'parquet') =>
  world.written(
    `${name}-${columns.length}.${format}`,
    `copy (select ${columns.join(', ')} from '${fixture(`adult/${name}.parquet`)}') to FILE (format ${format})`,
  )

describe('the overlap of adult with its training rows is what chance gives (statistics.md 17)', () => {
  const inputs: readonly string[] = JSON.parse(readFileSync(fixture('adult/models/models.json'), 'utf8')).features
  const every = [
    'age',
    'workclass',
    'fnlwgt',
    'education',
    'education_num',
    'marital_status',
    'occupation',
    'relationship',
    'race',
    'sex',
    'capital_gain',
    'capital_loss',
    'hours_per_week',
    'native_country',
  ]

  test('by the 11 model inputs and the label: 12.3 % against 12.5 % by chance, 4.5 % duplicates, 3.4 % conflicting labels', async () => {
    expect(inputs).toHaveLength(11)
    const columns = [...inputs, 'label']
    const ask = { ...plain, label: 'label', features: inputs, reference: await adult('train', columns) }
    const answer = await world.tables.quality(await adult('evaluation', columns), ask)
    expect(answer.overlap?.by).toBe('row')
    expect(answer.overlap?.share).toBeCloseTo(0.123, 3)
    expect(answer.overlap?.chance).toBeCloseTo(0.125, 3)
    expect(answer.duplicates.rows / answer.rows).toBeCloseTo(0.045, 3)
    expect(answer.conflicting_labels / answer.rows).toBeCloseTo(0.034, 3)
  })

  test('by all columns: 0.06 % against 0.11 %, also when one side is CSV', async () => {
    const columns = [...every, 'label']
    for (const format of ['parquet', 'csv'] as const) {
      const ask = { ...plain, label: 'label', features: every, reference: await adult('train', columns, format) }
      const { overlap, duplicates, rows } = await world.tables.quality(await adult('evaluation', columns), ask)
      expect(overlap).toEqual({ share: 5 / 8000, chance: 18 / 16000, by: 'row' })
      expect(duplicates.rows / rows).toBeCloseTo(0.0001, 4)
    }
  })

  test('by id when both have it: none of the evaluation rows was trained on', async () => {
    const ask = { ...plain, id: 'row_id', reference: world.fixture('adult/train.parquet') }
    expect((await world.tables.quality(world.fixture('adult/evaluation.parquet'), ask)).overlap).toEqual({
      share: 0,
      chance: 0,
      by: 'id',
    })
  })
})

test('ids overlap exactly, beyond 2^53 and across formats', async () => {
  const exam = world.file('exam.csv', 'id,x\n9007199254740993,1\n9007199254740992,1\n5,1\n,1\n')
  const reference = await world.written(
    'train-ids.parquet',
    'copy (select unnest([9007199254740993, 7, 7, 8]) id, 2.5 x) to FILE',
  )
  const { overlap, duplicates } = await world.tables.quality(exam, { ...plain, id: 'id', reference })
  expect(overlap).toEqual({ share: 1 / 4, chance: 2 / 4, by: 'id' })
  expect(duplicates).toEqual({ rows: 0, by: 'id' })
})

test('missing counts null and NaN, ranges count what is outside, values count what is unseen', async () => {
  const source = world.file(
    'ranges.csv',
    'age,plan,flag,code,label\n17,basic,true,1,0\n200,gold,false,2,1\nNaN,,true,3,\n,basic,,9,1\n-Infinity,pro,true,1,0\n',
  )
  const ranges = [
    { column: 'age', min: 18, max: 120 },
    { column: 'plan', values: ['basic', 'pro'] },
    { column: 'flag', values: [true] },
    { column: 'code', values: [1, 2] },
  ]
  const answer = await world.tables.quality(source, { ...plain, label: 'label', features: ['plan'], ranges })
  expect(
    answer.columns.map(({ column, missing, distinct, below_min, above_max, unseen }) => [
      column,
      missing,
      distinct,
      below_min,
      above_max,
      unseen,
    ]),
  ).toEqual([
    ['age', 2, 3, 2, 1, 0],
    ['plan', 1, 3, 0, 0, 1],
    ['flag', 1, 2, 0, 0, 1],
    ['code', 0, 4, 0, 0, 2],
    ['label', 1, 2, 0, 0, 0],
  ])
  expect(answer.label_null).toBe(1)
  expect(answer.conflicting_labels).toBe(2)
})

test('three equal rows are two surplus ones, and tables without a common column have no overlap', async () => {
  const source = world.file('equal.csv', 'a,b\n1,x\n1,x\n1,x\n1,\n1,\n2,x\n')
  const answer = await world.tables.quality(source, { ...plain, reference: world.file('other.csv', 'c\n1\n') })
  expect(answer.duplicates).toEqual({ rows: 3, by: 'row' })
  expect(answer.overlap).toBeNull()
})

test('a column that the question names and the table lacks is an error, not a zero', async () => {
  const source = world.file('lacks.csv', 'Age,label\n1,0\n')
  expect(await refusal(world.tables.quality(source, { ...plain, features: ['age'] }))).toContain(
    'missing columns: age; unexpected: Age, label -> Did you mean Age for age?',
  )
})
