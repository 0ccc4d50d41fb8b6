import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { importanceFrom } from '../../src/jobs/measure/drift-importance.ts'
import type { DriftDocument } from '../../src/measuring/drift.ts'
import { driftPage } from '../../src/report/measured/drift-page.ts'
import { pageHtml } from '../../src/report/page/page-html.ts'
import { expectClose } from '../statistics/close.ts'
import { columnOf, driftGround } from '../support/drift-job.ts'
import { fixture, reference } from '../support/fixtures.ts'
import { weighbridge } from './terminal-user.ts'

const TRAIN = fixture('adult/train.parquet')
const window = (name: string) => fixture(`adult/production/${name}.parquet`)
const FEATURES = 'age,workclass,education,marital_status,occupation,relationship,race,sex,hours_per_week,capital_gain'

function folderWith(files: Readonly<Record<string, string>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-drift-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return (name) => join(folder, name)
}

async function drift(...args: readonly string[]): Promise<DriftDocument> {
  const { code, out, err } = await weighbridge(['drift', ...args, '--json'])
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out)
}

test('two census windows are compared in one line, and the answer says what moved and why', async () => {
  const { code, out } = await weighbridge([
    'drift',
    '--reference',
    TRAIN,
    '--current',
    window('w03'),
    '--columns',
    FEATURES,
  ])
  expect(code).toBe(0)
  expect(out).toContain('The window drifted: 30 % of the columns drifted')
  expect(out).toMatch(/age +drifted +ks +0\.343/)
  expect(out).toContain("Shares of rows in the reference's deciles.")
})

test('the document is the same bytes twice, and holds what programs were promised', async () => {
  const args = ['drift', '--reference', TRAIN, '--current', window('w04'), '--columns', FEATURES, '--json']
  const [first, second] = await Promise.all([weighbridge(args), weighbridge(args)])
  expect(first.out).toBe(second.out)
  const document: DriftDocument = JSON.parse(first.out)
  expect(document).toMatchObject({
    schema: 'weighbridge.drift/v1',
    rows: { reference: 16000, current: 1011 },
    preset: null,
  })
  expect(Object.keys(document)).toEqual(expect.arrayContaining(['engine', 'dataset', 'columns', 'warnings']))
  for (const column of document.columns) {
    for (const key of [
      'score',
      'p_value',
      'p_adjusted',
      'threshold',
      'detectable',
      'is_drifted',
      'reason',
      'missing_share',
      'unseen_values',
    ])
      expect(column).toHaveProperty(key)
  }
  expect(columnOf(document, 'workclass')).toMatchObject({ type: 'category', is_drifted: true })
})

test('every statistic of every window is that of SciPy, through the reader and the job', async () => {
  const ground = driftGround()
  const cases = [
    ...['w01', 'w02', 'w03', 'w04', 'w05', 'w06'].map((name) => ['adult', TRAIN, name, window(name)] as const),
    ...['d300', 'd320', 'd340', 'd360'].map(
      (name) => ['elec2', fixture('elec2/train.parquet'), name, fixture(`elec2/production/${name}.parquet`)] as const,
    ),
    ['elec2', fixture('elec2/train.parquet'), 'evaluation', fixture('elec2/evaluation.parquet')],
    ['bike', fixture('bike/train.parquet'), 'evaluation', fixture('bike/evaluation.parquet')],
    ['compas', fixture('compas/train.csv'), 'evaluation', fixture('compas/evaluation.csv')],
  ] as const
  let numbers = 0
  for (const [set, train, name, current] of cases) {
    const expected = reference(set).drift[name].columns
    const features = Object.keys(expected).map(
      (column) => ({ name: column, type: expected[column].kind === 'numeric' ? 'number' : 'category' }) as const,
    )
    const document = await ground.measure(train, current, {
      columns: Object.keys(expected),
      features,
      statistics: 'all',
    })
    for (const { column, statistics, missing_share, unseen_values } of document.columns) {
      const [known, what] = [expected[column], `${set} ${name} ${column}`]
      const found = statistics as Record<string, never>
      expectClose(missing_share.current, known.missing_share_cur, 1e-12, what)
      expect(unseen_values).toEqual(known.new_categories ?? [])
      for (const [value, wanted, tolerance] of numbersOf(found, known)) {
        expectClose(value, wanted, tolerance, what)
        numbers++
      }
    }
  }
  expect(numbers).toBeGreaterThan(500)
}, 120_000)

// biome-ignore lint/suspicious/noExplicitAny: the reference files have no schema of their own
function numbersOf(found: any, known: any): readonly (readonly [number, number, number])[] {
  if (known.kind === 'numeric') {
    return [
      [found.ks.statistic, known.ks.statistic, 1e-9],
      [found.ks.p_value, known.ks.p_kolmogorov_limit, 1e-6],
      [found.psi, known.decile.psi, 1e-9],
      [found.kl, known.decile.kl_ref_cur, 1e-9],
      [found.jensen_shannon, known.decile.js_base_2, 1e-9],
      [found.wasserstein, known.wasserstein.normed_by_max_std_ref_0_001, 1e-9],
      [found.mann_whitney.statistic, known.mannwhitney.u_ref, 1e-9],
    ]
  }
  return [
    [found.psi, known['psi_eps_1e-4'], 1e-9],
    [found.kl, known['kl_eps_1e-4'], 1e-9],
    [found.jensen_shannon, known.js_base_2, 1e-9],
    [found.total_variation, known.total_variation, 1e-9],
    [found.l_infinity, known.l_infinity, 1e-9],
    [found.chi_squared.statistic, known.chi2_contingency.statistic, 1e-9],
    [found.cramers_v, known.chi2_contingency.cramers_v, 1e-9],
  ]
}

test('a window that comes in pieces, or as text, gives the same document', async () => {
  const ground = driftGround()
  const rows = (from: number, until: number) =>
    Array.from({ length: until - from }, (_, i) => `${(from + i) % 97},${(from + i) % 7 === 0 ? 'x' : 'y'}`)
  const text = (lines: readonly string[]) => ['n,c', ...lines, ''].join('\n')
  const at = folderWith({
    'reference.csv': text(rows(0, 900)),
    'whole.csv': text(rows(100, 700)),
    'a.csv': text(rows(100, 300)),
    'b.csv': text(rows(300, 700)),
    'whole.jsonl': rows(100, 700)
      .map((row) => row.split(','))
      .map(([n, c]) => JSON.stringify({ n: Number(n), c }))
      .join('\n'),
  })
  const whole = await ground.measure(at('reference.csv'), at('whole.csv'))
  const { measureDriftOfTables } = await import('../../src/jobs/measure/drift.ts')
  const { DRIFT_ASK } = await import('../support/drift-job.ts')
  const pieces = await measureDriftOfTables(DRIFT_ASK, {
    tables: ground.tables,
    reference: ground.source(at('reference.csv')),
    current: ground.source(at('a.csv'), at('b.csv')),
  })
  expect(pieces).toEqual(whole)
  expect(await ground.measure(at('reference.csv'), at('whole.jsonl'))).toEqual(whole)
})

test('a window compared with itself does not drift, and the answer warns that it is itself (C31)', async () => {
  const document = await drift('--reference', TRAIN, '--current', TRAIN, '--columns', 'age,sex')
  expect(document.dataset.is_drifted).toBe(false)
  expect(document.warnings).toContainEqual(expect.objectContaining({ code: 'same-data' }))
})

test('missing, added and retyped columns cost no other column its answer (C9)', async () => {
  const line = (i: number) => [i % 50, i % 40, i % 2 === 0 ? 'true' : 'false']
  const many = Array.from({ length: 600 }, (_, i) => line(i))
  const at = folderWith({
    'reference.csv': ['age,income,member,gone', ...many.map((cells) => [...cells, 1].join(','))].join('\n'),
    'current.csv': [
      'age,income,member,added',
      ...many.map(([a, b, c], i) => [a, i === 0 ? 'n/a' : b, c === 'true' ? 1 : 0, 2].join(',')),
    ].join('\n'),
  })
  const document = await drift('--reference', at('reference.csv'), '--current', at('current.csv'))
  expect(
    Object.fromEntries(document.columns.map(({ column, is_drifted, reason }) => [column, is_drifted ?? reason])),
  ).toEqual({
    age: false,
    income: 'type_changed',
    member: false,
    gone: 'not_in_current',
    added: 'not_in_reference',
  })
  expect(document.warnings.map(({ code, column }) => `${code} ${column}`)).toEqual(
    expect.arrayContaining(['type-changed income', 'type-changed member', 'column-missing gone', 'new-column added']),
  )
})

test('each preset answers with its own test, and a critical column that drifted decides alone', async () => {
  const args = ['--reference', TRAIN, '--current', window('w03'), '--columns', 'age,sex,race,education_num']
  const evidently = await drift(...args, '--preset', 'evidently')
  const expected = reference('adult').drift.w03.columns
  expect(columnOf(evidently, 'age')).toMatchObject({ test: 'wasserstein', threshold: 0.1, is_drifted: true })
  expectClose(columnOf(evidently, 'age').score, expected.age.wasserstein.normed_by_max_std_ref_0_001, 1e-9)
  expectClose(columnOf(evidently, 'sex').score, expected.sex.js_base_e, 1e-9)
  expect(evidently.dataset).toMatchObject({ is_drifted: false, max_drifted_share: 0.5 })
  const ground = driftGround()
  const measured = (ask: Parameters<typeof ground.measure>[2]) =>
    ground.measure(TRAIN, window('w03'), { columns: ['age', 'sex'], ...ask })
  const deepchecks = await measured({ preset: 'deepchecks' })
  expect(columnOf(deepchecks, 'age')).toMatchObject({ test: 'ks', threshold: 0.2, is_drifted: true })
  const critical = await measured({ dataset: { max_drifted_share: 0.9, critical: ['age'] } })
  expect(critical.dataset).toMatchObject({ is_drifted: true, because: 'age drifted, critical' })
})

test('too few rows decide nothing, and the answer says how many would', async () => {
  const lines = (rows: number) => ['x', ...Array.from({ length: rows }, (_, i) => ((i * 7919) % 1009) / 10)].join('\n')
  const at = folderWith({ 'reference.csv': lines(3000), 'current.csv': lines(30) })
  const ground = driftGround()
  const column = columnOf(await ground.measure(at('reference.csv'), at('current.csv')), 'x')
  expect(column).toMatchObject({ is_drifted: null, reason: 'too_few_rows', rows_needed: 47 })
  const enough = folderWith({ 'current.csv': lines(47) })
  expect(columnOf(await ground.measure(at('reference.csv'), enough('current.csv')), 'x').is_drifted).toBe(false)
})

test('the values of a personal column are nowhere in the answer', async () => {
  const rows = (name: string) =>
    ['city,age', ...Array.from({ length: 400 }, (_, i) => `${i % 3 === 0 ? name : 'Rome'},${i % 60}`)].join('\n')
  const model =
    'model: churn\nformat: 1\ntask: other\nfeatures:\n  - {name: city, type: category, personal: true}\n  - {name: age, type: number}\n'
  const at = folderWith({ 'reference.csv': rows('Oslo'), 'current.csv': rows('Secretville'), 'model.yml': model })
  const args = ['drift', '--reference', at('reference.csv'), '--current', at('current.csv'), '--model', at('model.yml')]
  const { out, code } = await weighbridge([...args, '--json'])
  expect(code).toBe(0)
  expect(columnOf(JSON.parse(out), 'city')).toMatchObject({ is_drifted: true, unseen_values: [] })
  expect(`${out}${(await weighbridge(args)).out}`).not.toMatch(/Secretville|Oslo/)
})

test('what cannot be answered is refused with a way out, and exit code 2', async () => {
  const at = folderWith({ 'empty.csv': 'age\n', 'broken.json': '{"schema": "weighbridge.profile/v1"}' })
  const cases = [
    [['--current', window('w01'), '--columns', 'agee'], /agee.*Did you mean age\?/s],
    [['--current', window('w01'), '--tests', 'kss'], /no statistic kss.*Did you mean ks\?/s],
    [['--current', window('w01'), '--max', '0.1'], /--max needs --by/],
    [['--current', window('w01'), '--by', 'psi'], /--by psi needs --max/],
    [['--current', window('w01'), '--min-effect', '2'], /not from 0 to 1/],
    [['--current', window('w01'), '--calibrate', 'windows'], /need a time column/],
    [['--current', window('w01'), '--time', 'age', '--calibrate', 'windows'], /holds no times/],
    [['--current', at('empty.csv')], /0 rows/],
    [['--current', at('nowhere.csv')], /nowhere\.csv/],
    [['--current', at('broken.json')], /broken\.json: /],
  ] as const
  const answers = await Promise.all(cases.map(([args]) => weighbridge(['drift', '--reference', TRAIN, ...args])))
  for (const [index, { code, out, err }] of answers.entries()) {
    expect(err).toMatch(cases[index]![1])
    expect([code, out]).toEqual([2, ''])
  }
}, 60_000)

test('two profiles are compared as the tables would be, as is a profile with a table, and say how far off each number may be', async () => {
  const at = folderWith({})
  const profile = (data: string, out: string) =>
    weighbridge(['profile', '--data', data, '--out', at(out), '--columns', FEATURES])
  await Promise.all([profile(TRAIN, 'before.json'), profile(window('w03'), 'after.json')])
  const ground = driftGround()
  const [profiles, kept, tables] = await Promise.all([
    drift('--reference', at('before.json'), '--current', at('after.json')),
    drift('--reference', at('before.json'), '--current', window('w03'), '--columns', FEATURES),
    ground.measure(TRAIN, window('w03'), { columns: FEATURES.split(',') }),
  ])
  const page = pageHtml(driftPage(profiles, { reference: 'before.json', current: 'after.json' }))
  expect(page).toContain('off by at most')
  expect(kept.columns.map(({ is_drifted }) => is_drifted)).toEqual(profiles.columns.map(({ is_drifted }) => is_drifted))
  expect(kept.columns.map(({ score }) => score)).toEqual(profiles.columns.map(({ score }) => score))
  expect(profiles.dataset).toMatchObject({ drifted: tables.dataset.drifted, is_drifted: tables.dataset.is_drifted })
  for (const column of tables.columns) {
    const other = columnOf(profiles, column.column)
    expect(other.is_drifted).toBe(column.is_drifted)
    expect(other.score).toBeCloseTo(column.score!, 2)
    expect(other).toHaveProperty('statistics_error')
  }
  const rows = await weighbridge([
    'drift',
    '--reference',
    at('before.json'),
    '--current',
    TRAIN,
    '--preset',
    'evidently',
  ])
  expect([rows.code, rows.err]).toEqual([2, expect.stringContaining('--preset needs rows')])
})

test('a page shows the verdict, the columns and their pictures, and nothing of a table is taken for markup', async () => {
  const rows = (city: string) =>
    ['__proto__,n', ...Array.from({ length: 400 }, (_, i) => `${i % 2 ? city : 'Rome'},${i % 50}`)].join('\n')
  const at = folderWith({ 'reference.csv': rows('Oslo'), 'current.csv': rows('<script>alert(1)</script>') })
  const document = await driftGround().measure(at('reference.csv'), at('current.csv'))
  const html = pageHtml(driftPage(document, { reference: 'a<b>.csv', current: 'b.csv' }))
  expect(columnOf(document, '__proto__')).toMatchObject({
    is_drifted: true,
    unseen_values: ['<script>alert(1)</script>'],
  })
  expect(html).toContain('The window drifted: 50 % of the columns drifted')
  expect(html).toContain('__proto__')
  expect(html).not.toMatch(/<script>alert|a<b>/)
})

test('columns count by the importance that explain gave them, and a file that is none is refused', async () => {
  const importance = (columns: object) => JSON.stringify({ schema: 'weighbridge.explanation/v1', importance: columns })
  const at = folderWith({
    'some.json': importance([
      { column: 'age', mean: 0.2, std: 0 },
      { column: 'sex', mean: 0.1, std: 0 },
      { column: 'race', mean: -0.1, std: 0 },
    ]),
    'none.json': importance([{ column: 'age', mean: 0 }]),
    'other.json': '[]',
  })
  expect(await importanceFrom(at('some.json'))).toEqual(
    new Map([
      ['age', 0.2],
      ['sex', 0.1],
      ['race', 0],
    ]),
  )
  const dataset = { max_drifted_share: 0.5, critical: [], importance: await importanceFrom(at('some.json')) }
  const document = await driftGround().measure(TRAIN, window('w03'), { columns: ['age', 'sex', 'race'], dataset })
  expect(document.dataset).toMatchObject({ drifted: 1, is_drifted: true })
  expect(document.dataset.weighted_share).toBeCloseTo(2 / 3, 12)
  for (const name of ['none.json', 'other.json', 'nowhere.json'])
    await expect(importanceFrom(at(name))).rejects.toThrow(name)
})
