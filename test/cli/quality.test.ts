import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { measureQualityOf, type QualityMeasureAsk } from '../../src/jobs/measure/quality.ts'
import type { QualityDocument } from '../../src/measuring/quality/quality-document.ts'
import type { TableSource } from '../../src/ports.ts'
import { readFile as readRegistryFile } from '../../src/registry/file-kind.ts'
import { modelKind } from '../../src/registry/file-kinds.ts'
import type { Model } from '../../src/registry/model.ts'
import { type ScratchTables, scratchTables } from '../adapters/tables/scratch-tables.ts'
import { fixture } from '../support/fixtures.ts'
import { htmlMistakes } from '../support/strict-html.ts'
import { emptyFolder, weighbridge } from './terminal-user.ts'

let world: ScratchTables
beforeAll(() => {
  world = scratchTables()
})
afterAll(() => world.close())

const MODEL = `model: adult
format: 1
task: binary
features:
  - {name: age, type: number, min: 17, max: 80}
  - {name: workclass, type: category, values: [Private, Self-emp-not-inc, Self-emp-inc, Federal-gov, Local-gov, State-gov, Without-pay]}
  - {name: occupation, type: category}
label: {name: label, positive: 1}
sensitive: [sex, race]
columns: {id: row_id}
`

function model(text: string): Model {
  const { name, about, schema } = modelKind
  const reading = readRegistryFile({ name, about, schema }, 'model.yml', text)
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes))
  return reading.value
}

function quality(data: TableSource, more: Partial<QualityMeasureAsk> = {}): Promise<QualityDocument> {
  const nothing = { reference: null, model: null, id: null, label: null, time: null, prediction: null, score: null }
  return measureQualityOf({ data, ...nothing, engine: 'test', ...more }, world.tables)
}

const found = ({ findings }: QualityDocument, code: string) => findings.filter((one) => one.code === code)
const messages = (document: QualityDocument, code: string) => found(document, code).map(({ message }) => message)

/** A table of n rows from a function of the row. */
function table(
  name: string,
  rows: number,
  row: (at: number) => Readonly<Record<string, string | number>>,
): TableSource {
  const all = Array.from({ length: rows }, (_, at) => row(at))
  const names = Object.keys(all[0] ?? {})
  const lines = all.map((one) => names.map((column) => one[column]).join(','))
  return world.file(name, `${[names.join(','), ...lines].join('\n')}\n`)
}

/** 0 to 1, the same in every run. */
const noise = (at: number) => (Math.sin(at * 12.9898) * 43758.5453) % 1 ** 2

describe('every odd table of the test data is told as its expectation says', () => {
  const predictions = { id: 'row_id', label: 'label', prediction: 'prediction', score: 'score' }
  const edge = (name: string) => world.fixture(`edge/${name}`)
  const train = () => world.fixture('adult/train.parquet')

  test('all-null-column.csv: occupation is missing in every row, and nothing is said of its values', async () => {
    const answer = await quality(edge('all-null-column.csv'), { reference: train(), id: 'row_id', label: 'label' })

    expect(found(answer, 'all_missing')).toMatchObject([
      { column: 'occupation', rows: 200, share: 1, weight: 'spoils' },
    ])
    expect(answer.findings.filter(({ column }) => column === 'occupation')).toHaveLength(1)
  })

  test('constant-column.csv: hours_per_week is named as constant', async () => {
    const answer = await quality(edge('constant-column.csv'), { reference: train(), id: 'row_id', label: 'label' })

    expect(found(answer, 'constant').map(({ column }) => column)).toEqual(['hours_per_week'])
  })

  test('unseen-category.csv: one new category, Gig-worker, in 10 of 200 rows, against the reference and against model.yml', async () => {
    const byReference = await quality(edge('unseen-category.csv'), { reference: train(), id: 'row_id', label: 'label' })
    const byModel = await quality(edge('unseen-category.csv'), { model: model(MODEL) })

    for (const answer of [byReference, byModel])
      expect(found(answer, 'unseen_values')).toMatchObject([
        {
          column: 'workclass',
          rows: 10,
          share: 0.05,
          message: expect.stringContaining('"Gig-worker", in 10 rows (5 %)'),
        },
      ])
  })

  test('group-of-3.csv: the small group is counted, not named', async () => {
    const answer = await quality(edge('group-of-3.csv'), { model: model(MODEL) })

    expect(messages(answer, 'small_groups')).toEqual([
      'race has 1 group of fewer than 30 rows (the smallest 3): too small for rates of their own.',
    ])
  })

  test('labels-one-class.csv: what does not exist for one class is said', async () => {
    const answer = await quality(edge('labels-one-class.csv'), predictions)

    expect(messages(answer, 'one_class')).toEqual([
      'label has one class in every row: ROC AUC and every rate of the other class do not exist here.',
    ])
  })

  test('nonfinite-scores.csv: 3 scores, at row ids 1, 4 and 10', async () => {
    const answer = await quality(edge('nonfinite-scores.csv'), predictions)

    expect(found(answer, 'non_finite_scores')).toMatchObject([
      { column: 'score', rows: 3, message: 'score: 3 non-finite or missing scores, at ids 1, 4 and 10.' },
    ])
  })

  test('duplicate-ids.csv: 5 duplicate ids, of equal rows', async () => {
    const answer = await quality(edge('duplicate-ids.csv'), predictions)

    expect(found(answer, 'duplicate_ids')).toMatchObject([
      { column: 'row_id', rows: 5, message: '5 duplicate ids: the rows are equal in every column.' },
    ])
  })

  test('renamed-and-missing-columns.csv: three are missing, two unexpected, and each rename is guessed', async () => {
    const answer = await quality(edge('renamed-and-missing-columns.csv'), { reference: train() })

    expect(found(answer, 'missing_column').map(({ column }) => column)).toEqual(['age', 'sex', 'hours_per_week'])
    expect(found(answer, 'unexpected_column').map(({ column }) => column)).toEqual(['Sex', 'hours-per-week'])
    expect(messages(answer, 'missing_column').join(' ')).toContain('Did you mean hours-per-week')
    expect(messages(answer, 'missing_column').join(' ')).toContain('Did you mean Sex')
  })

  test.each([
    ['empty.csv', /0 bytes/],
    ['header-only.csv', /0 rows/],
    ['zero-rows.parquet', /0 rows/],
  ])('%s is refused with a clear error, not passed', async (name, message) => {
    await expect(quality(edge(name))).rejects.toThrow(message)
  })

  test.each([
    ['bom-semicolon.csv', 20, 'row_id sex race label prediction score'],
    ['quotes-newlines.csv', 3, 'row_id label prediction score comment'],
    ['zstd.parquet', 500, 'row_id label sex race prediction score'],
    ['types.parquet', 50, 'row_id label prediction score ts d'],
  ])('%s is read whole: %i rows, its columns by name', async (name, rows, columns) => {
    const answer = await quality(edge(name), predictions)

    expect(answer.rows).toBe(rows)
    expect(answer.columns.map(({ column }) => column).join(' ')).toBe(columns)
    expect(found(answer, 'duplicate_ids')).toEqual([])
    expect(found(answer, 'non_finite_scores')).toEqual([])
  })

  test('nested.parquet: the nested column is named, and refused where it is asked for', async () => {
    const answer = await quality(edge('nested.parquet'), predictions)

    expect(found(answer, 'nested_column')).toMatchObject([{ column: 'meta' }])
    await expect(quality(edge('nested.parquet'), { label: 'meta' })).rejects.toThrow(/meta is nested/)
  })

  test('int64.parquet: ids beyond 2^53 are told apart', async () => {
    expect(found(await quality(edge('int64.parquet'), predictions), 'duplicate_ids')).toEqual([])
  })

  test('no odd table is left out', () => {
    const expected = Object.keys(JSON.parse(readFileSync(fixture('edge/expected.json'), 'utf8')))
    const here = readFileSync(new URL(import.meta.url), 'utf8')

    expect(expected.filter((name) => !here.includes(name))).toEqual([])
  })
})

describe('what gives the label away is found', () => {
  test('a feature written after the fact, a number or a category, and no honest one (C32)', async () => {
    const data = table('leak.csv', 2000, (at) => ({
      id: (at * 7919) % 2003,
      honest: noise(at),
      paid_back: (at * 37) % 100 < 30 ? 5 + noise(at) : -noise(at) - 1,
      reason: (at * 37) % 100 < 30 ? 'overdue' : at % 2 === 0 ? 'none' : 'other',
      y: (at * 37) % 100 < 30 ? 1 : 0,
    }))
    const answer = await quality(data, { id: 'id', label: 'y' })

    expect(found(answer, 'label_leakage').map(({ column }) => column)).toEqual(['paid_back', 'reason'])
    expect(messages(answer, 'label_leakage')[0]).toContain('with an AUC of 1')
    expect(found(answer, 'id_leakage')).toEqual([])
  })

  test('ids and rows in the order of the label (C32)', async () => {
    const data = table('sorted.csv', 1000, (at) => ({ id: 5000 + at, x: noise(at), y: at < 600 ? 0 : 1 }))
    const answer = await quality(data, { id: 'id', label: 'y' })

    expect(found(answer, 'id_leakage')).toMatchObject([{ column: 'id' }])
    expect(messages(answer, 'order_leakage')[0]).toContain('the table is sorted by class')
  })

  test('no column of adult, and neither its ids nor its order, do', async () => {
    const data = world.fixture('adult/evaluation.parquet')
    const answer = await quality(data, {
      id: 'row_id',
      label: 'label',
      reference: world.fixture('adult/train.parquet'),
    })

    expect(answer.findings.filter(({ code }) => code.endsWith('leakage'))).toEqual([])
    expect(found(answer, 'train_overlap')).toEqual([])
  })

  test('rows of the training table, the future in it, and an exam that is not younger (C32)', async () => {
    const row = (at: number) => ({
      id: at,
      x: noise(at),
      y: at % 2,
      ts: `2026-01-${String(1 + (at % 28)).padStart(2, '0')}`,
    })
    const reference = table('train.csv', 400, row)
    const data = table('exam.csv', 200, (at) => row(at + 350))
    const answer = await quality(data, { reference, id: 'id', label: 'y', time: 'ts' })

    expect(found(answer, 'train_overlap')).toMatchObject([{ rows: 50, share: 0.25 }])
    expect(messages(answer, 'train_overlap')[0]).toContain('25 % of the rows also stand in the reference (by id)')
    expect(found(answer, 'time_leakage')).toMatchObject([{ column: 'ts', rows: 200 }])
    expect(messages(answer, 'future_in_training')[0]).toContain('400 training rows')
  })

  test('coarse rows that collide by nature are no overlap; copies are (C32)', async () => {
    const coarse = (at: number) => ({ a: (at * 31) % 7, b: (at * 17) % 5, y: at % 2 })
    const reference = table('coarse-train.csv', 4000, coarse)
    const data = table('coarse-exam.csv', 1000, (at) => coarse(at + 3))

    expect(found(await quality(data, { reference, label: 'y' }), 'train_overlap')).toEqual([])

    const fine = (at: number) => ({ a: noise(at), b: noise(at + 0.5), y: at % 2 })
    const copied = await quality(
      table('fine-exam.csv', 300, (at) => fine(at + 100)),
      {
        reference: table('fine-train.csv', 200, fine),
        label: 'y',
      },
    )
    expect(found(copied, 'train_overlap')).toMatchObject([{ rows: 100 }])
  })
})

describe('values that are not what their column is about', () => {
  test('other spellings are hinted at: case, spaces, Unicode forms (C25)', async () => {
    const forms = ['Zürich', 'Zürich', 'ZÜRICH', 'Zu\u0308rich', ' zürich ', 'Bern', 'Bern', 'Genf']
    const data = table('spelled.csv', 400, (at) => ({ x: at, city: `"${forms[at % forms.length]}"` }))
    const answer = await quality(data)

    expect(found(answer, 'string_variants')).toMatchObject([{ column: 'city', rows: 150 }])
    expect(messages(answer, 'string_variants')[0]).toContain('case, spaces or Unicode form')
    expect(messages(answer, 'string_variants')[0]).toContain('"Zürich" and')
  })

  test('sentinels, words for nothing, text among numbers, infinities and far outliers are counted', async () => {
    const data = table('odd.csv', 1000, (at) => ({
      age: at % 50 === 0 ? -999 : 20 + (at % 60),
      income: at % 100 === 1 ? 'unknown' : 1000 + at,
      city: at % 10 === 0 ? 'N/A' : at % 2 === 0 ? 'Bern' : 'Basel',
      rate: at === 7 ? 'Infinity' : at / 1000,
      debt: at === 9 ? 1e9 : 100 + (at % 50),
      copy: 20 + (at % 60),
      twin: 20 + (at % 60),
    }))
    const answer = await quality(data)

    expect(found(answer, 'sentinel_values')).toMatchObject([{ column: 'age', rows: 20 }])
    expect(found(answer, 'mixed_types')).toMatchObject([{ column: 'income', rows: 10 }])
    expect(found(answer, 'words_for_missing')).toMatchObject([{ column: 'city', rows: 100 }])
    expect(found(answer, 'infinite_values')).toMatchObject([{ column: 'rate', rows: 1 }])
    expect(found(answer, 'outliers').map(({ column, rows }) => [column, rows])).toEqual([['debt', 1]])
    expect(messages(answer, 'identical_columns')).toEqual(['twin holds the same as copy in every row.'])
  })

  test('values out of the declared range, conflicting and rare labels, and two columns that look alike', async () => {
    const data = table('declared.csv', 1000, (at) => ({
      row_id: at,
      age: at < 5 ? 12 : 30,
      workclass: 'Private',
      occupation: at % 2 === 0 ? 'Sales' : 'Craft',
      sex: 'F',
      s\u0435x: 'M',
      race: 'White',
      label: at === 500 ? 1 : 0,
    }))
    const answer = await quality(data, { model: model(MODEL) })

    expect(found(answer, 'below_min')).toMatchObject([{ column: 'age', rows: 5 }])
    expect(found(answer, 'conflicting_labels')).toMatchObject([{ rows: 497 }])
    expect(messages(answer, 'rare_class')[0]).toContain('has 1 row (0.1 %)')
    expect(messages(answer, 'look_alike_columns')[0]).toContain('U+0435')
  })

  test('errors that follow one another in time are told, unless a unit is declared', async () => {
    const data = table('time.csv', 600, (at) => {
      const [day, y] = [Math.floor(at / 60), at % 2]
      return { ts: at, y, p: Math.abs(y - day / 20), day }
    })
    const names = { label: 'y', score: 'p', time: 'ts' }
    const unit = model(
      'model: m\nformat: 1\ntask: binary\nfeatures: [{name: day, type: number}]\nlabel: {name: y, positive: 1}\ncolumns: {time: ts, unit: day}\n',
    )

    expect(messages(await quality(data, names), 'correlated_errors')[0]).toMatch(
      /^Errors are correlated in time \(0\.\d\d/,
    )
    expect(found(await quality(data, { ...names, model: unit }), 'correlated_errors')).toEqual([])
  })
})

describe('values of people stay where they are', () => {
  const rare = (at: number) => ({
    id: at,
    city: at < 990 ? 'Bern' : at < 999 ? 'Thun' : 'Xanadu 7',
    zip: at < 980 ? 'a' : 'B-SECRET',
    y: at % 2,
  })

  test('a value is named only where 10 rows have it', async () => {
    const reference = table('cities.csv', 100, (at) => ({ id: 5000 + at, city: 'Bern', zip: 'a', y: at % 2 }))
    const text = JSON.stringify(await quality(table('rare.csv', 1000, rare), { reference, id: 'id', label: 'y' }))

    expect(text).toContain('B-SECRET')
    expect(text).toContain('city has 2 values that the reference does not have, in 10 rows (1 %)')
    expect(text).not.toMatch(/Thun|Xanadu/)
  })

  test('of a personal column, or one whose values model.yml does not list, none is named', async () => {
    const declared = model(`model: m
format: 1
task: binary
features:
  - {name: city, type: category, values: [Bern]}
  - {name: zip, type: category, values: [a], personal: true}
label: {name: y, positive: 1}
columns: {id: id}
`)
    const reference = table('others.csv', 100, (at) => ({ id: 5000 + at, city: 'Bern', zip: 'a', y: at % 2 }))
    const answer = await quality(table('people.csv', 1000, rare), { model: declared, reference })

    expect(found(answer, 'unseen_values').map(({ column, rows }) => [column, rows])).toEqual([
      ['city', 10],
      ['zip', 20],
    ])
    expect(JSON.stringify(answer)).not.toMatch(/SECRET|Thun|Xanadu/)
  })
})

test('the same table gives the same bytes, whatever the order of its columns asks for', async () => {
  const data = world.fixture('adult/evaluation.parquet')
  const ask = { id: 'row_id', label: 'label', reference: world.fixture('adult/train.parquet') }

  expect(JSON.stringify(await quality(data, ask))).toBe(JSON.stringify(await quality(data, ask)))
})

describe('the command', () => {
  test('answers in text and JSON, writes its page beside, and exits with 0 whatever it found', async () => {
    const folder = emptyFolder()
    const args = [
      'quality',
      '--data',
      fixture('edge/unseen-category.csv'),
      '--reference',
      fixture('adult/train.parquet'),
    ]
    const asked = [...args, '--id', 'row_id', '--label', 'label']
    const told = await weighbridge([...asked, '--html', 'quality.html'], { cwd: folder })
    const json = await weighbridge([...asked, '--json'], { cwd: folder })
    const page = readFileSync(join(folder, 'quality.html'), 'utf8')

    expect(told).toMatchObject({ code: 0, err: '' })
    expect(told.out).toContain('1 of them can spoil numbers. workclass has 1 value that the reference does not have')
    expect(JSON.parse(json.out)).toMatchObject({ schema: 'weighbridge.quality/v1', rows: 200 })
    expect(htmlMistakes(page)).toEqual([])
    expect(page).toContain('Gig-worker')
  })

  test('says what is wrong with its input and how to mend it, and exits with 2', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'out'))
    writeFileSync(join(folder, 'model.yml'), MODEL.replace('task: binary', 'task: binray'))
    const data = ['quality', '--data', fixture('edge/duplicate-ids.csv')]
    const [column, file, page, nowhere, empty] = await Promise.all([
      weighbridge([...data, '--label', 'lable'], { cwd: folder }),
      weighbridge([...data, '--model', 'model.yml'], { cwd: folder }),
      weighbridge([...data, '--html', 'out'], { cwd: folder }),
      weighbridge([...data, '--html', 'nowhere/page.html'], { cwd: folder }),
      weighbridge(['quality', '--data', fixture('edge/empty.csv')], { cwd: folder }),
    ])

    expect([column, file, page, nowhere, empty].map(({ code }) => code)).toEqual([2, 2, 2, 2, 2])
    expect(column.err).toContain('there is no column lable')
    expect(column.err).toContain('Did you mean label?')
    expect(file.err).toContain('model.yml:3:')
    expect(page.err).toContain('--html out is a folder')
    expect(nowhere.err).toContain('Make its folder first.')
    expect(empty.err).toContain('0 bytes')
    expect(existsSync(join(folder, 'quality.html'))).toBe(false)
    rmSync(join(folder, 'out'), { recursive: true })
  })
})
