import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareTables } from '../../src/jobs/measure/compare-predictions.ts'
import { measureTable } from '../../src/jobs/measure/metrics.ts'
import { emptyFolder } from '../cli/terminal-user.ts'
import { expectClose } from '../statistics/close.ts'
import { fixture, reference } from '../support/fixtures.ts'
import { openMeasured, PLAIN } from '../support/measured-tables.ts'
import { multiclass, writeMulticlass } from '../support/multiclass-table.ts'

const NAMES = { brier_score: 'brier', matthews_corrcoef: 'mcc', expected_calibration_error: 'ece_10' } as Record<
  string,
  string
>

test.each([
  ['adult', '1.1.0'],
  ['elec2', '1.0.0'],
  ['compas', '1.1.0'],
] as const)('the document of %s %s holds the numbers of scikit-learn', async (dataset, version) => {
  const { tables, source } = openMeasured()
  const expected = reference(dataset).versions[version].metrics

  const document = await measureTable(
    { ...PLAIN, source: await source(fixture(`${dataset}/predictions/${version}.parquet`)), slices: [] },
    tables,
  )

  expect(document).toMatchObject({ schema: 'weighbridge.metrics/v1', rows: expected.n, threshold: 0.5, positive: 1 })
  for (const [name, metric] of Object.entries(document.metrics))
    expectClose(metric.value, expected[NAMES[name] ?? name], 1e-9, name)
  expect(Object.keys(document.metrics)).toHaveLength(13)
  expect(document.confusion?.counts).toEqual([
    [expected.tn, expected.fp],
    [expected.fn, expected.tp],
  ])
  expectClose(document.metrics.roc_auc?.interval?.[0], expected.roc_auc_delong.ci95[0], 1e-9)
  const { accuracy } = document.metrics
  expectClose(accuracy?.interval?.[1], expected.ci95_wilson_accuracy[1], 1e-9)
})

test('the document of a regression holds the numbers of scikit-learn, with bootstrap intervals within their tolerance', async () => {
  const { tables, source } = openMeasured()
  const expected = reference('bike').versions['1.1.0'].metrics
  const asked = { ...PLAIN, task: 'regression', score: null, prediction: 'prediction' } as const

  const document = await measureTable(
    { ...asked, source: await source(fixture('bike/predictions/1.1.0.parquet')), slices: [] },
    tables,
  )

  for (const [name, metric] of Object.entries(document.metrics)) expectClose(metric.value, expected[name], 1e-9, name)
  for (const [name, { low, high, tolerance }] of Object.entries<{ low: number; high: number; tolerance: number }>(
    expected.ci95_bootstrap,
  )) {
    const { interval = null } = document.metrics[name] ?? {}
    expect(Math.abs((interval?.[0] ?? Number.NaN) - low), name).toBeLessThan(tolerance)
    expect(Math.abs((interval?.[1] ?? Number.NaN) - high), name).toBeLessThan(tolerance)
  }
  expect(document).toMatchObject({ threshold: null, positive: null, calibration: null, curves: { roc: null } })
})

test('the comparison of two files is that of pROC and SciPy, b - a', async () => {
  const { tables, source } = openMeasured()
  const { delong, mcnemar } = reference('adult').tests['1.0.0|1.1.0']
  const [a, b] = [
    await source(fixture('adult/predictions/1.0.0.parquet')),
    await source(fixture('adult/predictions/1.1.0.parquet')),
  ]

  const document = await compareTables({ ...PLAIN, id: 'row_id', a, b }, tables)
  const back = await compareTables({ ...PLAIN, id: 'row_id', a: b, b: a }, tables)

  const { roc_auc, accuracy, log_loss, f1 } = document.metrics
  expectClose(roc_auc?.a, delong.auc_a, 1e-9)
  expectClose(roc_auc?.b, delong.auc_b, 1e-9)
  expectClose(roc_auc?.difference, -delong.diff, 1e-9)
  expectClose(roc_auc?.interval?.[0], -delong.ci95_diff[1], 1e-9)
  expectClose(roc_auc?.p_value, delong.p_two_sided, 1e-9)
  expectClose(accuracy?.p_value, mcnemar.p_exact, 1e-9)
  expect([roc_auc?.test, accuracy?.test, log_loss?.test, f1?.test]).toEqual([
    'delong',
    'mcnemar-exact',
    'paired-t',
    'paired-bootstrap',
  ])
  expect(accuracy?.method).toBe('newcombe-paired')
  expect(document.dropped).toEqual({ only_a: 0, only_b: 0, label_null: 0, score_null: 0, where_out: 0 })
  for (const name of ['roc_auc', 'accuracy', 'log_loss', 'recall'])
    expectClose(back.metrics[name]?.interval?.[0], -document.metrics[name]!.interval![1], 1e-9, name)
})

test('several classes are read from score_ columns, each class with its own numbers', async () => {
  const { tables, source } = openMeasured()
  const folder = emptyFolder()
  const asked = { ...PLAIN, task: 'multiclass', label: 'y', score: null, scorePrefix: 'score_' } as const
  const [a, b] = [await source(writeMulticlass(folder, '1.0.0')), await source(writeMulticlass(folder, '1.1.0'))]

  const document = await measureTable({ ...asked, source: a, slices: [] }, tables)
  const comparison = await compareTables({ ...asked, id: 'row_id', a, b }, tables)

  const { metrics, per_class, confusion } = multiclass.versions['1.0.0']
  expect(document.classes).toEqual(['a', 'b', 'c'])
  for (const [name, metric] of Object.entries(document.metrics)) expectClose(metric.value, metrics[name], 1e-9, name)
  for (const [name, expected] of Object.entries<Record<string, number>>(per_class)) {
    for (const key of ['rows', 'predicted', 'precision', 'recall', 'f1', 'roc_auc'] as const)
      expectClose(document.per_class?.[name]?.[key], expected[key]!, 1e-9, `${name} ${key}`)
    const [low, high] = document.per_class?.[name]?.intervals.roc_auc ?? [0, 0]
    // of 40 rows fewer than five are misplaced: the interval of c is even on the scale of log-odds
    const [scale, slope] = name === 'c' ? [logit, expected.roc_auc! * (1 - expected.roc_auc!)] : [Number, 1]
    const se = (slope * (scale(high) - scale(low))) / 2 / 1.959963984540054
    expectClose(se, expected.roc_auc_delong_se!, 1e-9, name)
  }
  expect(document.confusion?.counts).toEqual(confusion)
  expectClose(comparison.metrics.accuracy?.p_value, multiclass.tests['1.1.0|1.0.0'].mcnemar.p_exact, 1e-9)
})

test('the order of rows changes no byte of the document but the last digits', async () => {
  const { tables, source } = openMeasured()
  const folder = emptyFolder()
  const lines = Array.from({ length: 300 }, (_, row) => {
    const score = ((row * 37) % 101) / 101
    return [`${row}`, (row * 7) % 10 < 10 * score ? 1 : 0, score, row % 2 === 0 ? 'x' : 'y'].join(',')
  })
  const write = async (name: string, rows: readonly string[]) => {
    writeFileSync(join(folder, name), `row_id,label,score,kind\n${rows.join('\n')}\n`)
    return measureTable({ ...PLAIN, source: await source(join(folder, name)), slices: ['kind'] }, tables)
  }

  const there = await write('there.csv', lines)
  const back = await write('back.csv', [...lines].reverse())

  expect(rounded(back)).toEqual(rounded(there))
})

/** Twelve digits of every number. */
function rounded(document: object): unknown {
  return JSON.parse(
    JSON.stringify(document, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value)),
  )
}

test('a slice that is truly bad is found on one half and measured on the other; where none is, none is called worse', async () => {
  const { tables, source } = openMeasured()
  const folder = emptyFolder()
  const noise = (row: number, salt: number) => ((row * 2654435761 + salt * 40503) % 1000003) / 1000003
  const write = async (name: string, isBad: boolean) => {
    const lines = Array.from({ length: 3000 }, (_, row) => {
      const [kind, age] = [row % 4, 20 + (row % 50)]
      const score = noise(row, 1)
      const wrong = isBad && kind === 2
      return [row, noise(row, 2) < (wrong ? 1 - score : score) ? 1 : 0, score, `k${kind}`, age].join(',')
    })
    writeFileSync(join(folder, name), `row_id,label,score,kind,age\n${lines.join('\n')}\n`)
    return measureTable({ ...PLAIN, source: await source(join(folder, name)), slices: ['*'] }, tables)
  }

  const bad = await write('bad.csv', true)
  const fair = await write('fair.csv', false)

  expect(bad.worst_slices[0]).toMatchObject({
    slice: 'kind = k2',
    columns: ['kind'],
    loss: 'brier_score',
    is_worse: true,
  })
  expect(bad.slices.map(({ slice }) => slice)).toContain('kind = k2')
  expect(bad.slices.filter(({ column }) => column === 'age')).toHaveLength(4)
  expect(bad.slices.filter(({ column }) => column === 'kind').reduce((sum, { rows }) => sum + rows, 0)).toBe(3000)
  expect(fair.worst_slices.filter(({ is_worse }) => is_worse).length).toBeLessThanOrEqual(1)
})

function logit(share: number): number {
  return Math.log(share / (1 - share))
}
