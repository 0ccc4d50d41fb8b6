import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fixture } from '../support/fixtures.ts'
import { writeMulticlass } from '../support/multiclass-table.ts'
import { emptyFolder, weighbridge, writePredictions } from './terminal-user.ts'

const BINARY = ['--label', 'label', '--score', 'score']

async function document(...args: readonly string[]) {
  const { code, out, err } = await weighbridge([...args, '--json'])
  expect(code, err).toBe(0)
  expect(out).not.toContain('NaN')
  return JSON.parse(out)
}

test('predictions are measured in one line, and the same line gives the same bytes', async () => {
  const folder = emptyFolder()
  await writePredictions(folder, 'p.csv', '1.1.0')
  const args = ['metrics', '--data', join(folder, 'p.csv'), ...BINARY, '--slices', 'sex', '--json']

  const [first, second] = [await weighbridge(args), await weighbridge(args)]

  expect(first.code, first.err).toBe(0)
  expect(second.out).toBe(first.out)
  const found = JSON.parse(first.out)
  expect(found).toMatchObject({
    schema: 'weighbridge.metrics/v1',
    task: 'binary',
    rows: 500,
    threshold: 0.5,
    positive: 1,
    dropped: { label_null: 0, score_null: 0 },
    metrics: { roc_auc: { method: 'delong', better: 'higher', confidence: 0.95, support: { rows: 500 } } },
  })
  expect(found.slices.map(({ slice }: { slice: string }) => slice)).toEqual(['sex = Male', 'sex = Female'])
})

test('a person reads numbers, curves and a page of its own', async () => {
  const folder = emptyFolder()
  await writePredictions(folder, 'p.csv', '1.1.0')
  const page = join(folder, 'page.html')

  const { code, out } = await weighbridge(['metrics', '--data', join(folder, 'p.csv'), ...BINARY, '--html', page])

  expect(code).toBe(0)
  for (const title of ['ROC', 'Precision and recall', 'Calibration', 'Thresholds', 'roc_auc'])
    expect(out).toContain(title)
  const html = readFileSync(page, 'utf8')
  expect(html).toContain('<svg')
  expect(html.length).toBeLessThan(2_000_000)
})

test('answers that are no numbers leave no number, and their rows are named', async () => {
  const found = await document('metrics', '--data', fixture('edge/nonfinite-scores.csv'), ...BINARY)

  expect(found.dropped.score_null).toBe(3)
  expect(Object.values<{ value: number | null }>(found.metrics).every(({ value }) => value === null)).toBe(true)
  expect(found.warnings[0]).toMatchObject({ code: 'score_not_finite', column: 'score' })
  expect(found.warnings[0].message).toContain('ids: 1, 4, 10')
})

test('labels of one class have an accuracy and no AUC, and the warning says why', async () => {
  const found = await document('metrics', '--data', fixture('edge/labels-one-class.csv'), ...BINARY)

  expect(found.metrics.roc_auc).toMatchObject({ value: null, interval: null })
  expect(found.metrics.accuracy.value).toBe(found.metrics.recall.value)
  expect(found.warnings).toContainEqual({
    code: 'no_value',
    metric: 'roc_auc',
    message: 'roc_auc: there are no negative rows',
  })
})

test('labels are words where --positive says which one counts (C24), and a model that selects nobody has no precision (C21)', async () => {
  const folder = emptyFolder()
  const rows = Array.from({ length: 80 }, (_, row) => `${row % 4 === 0 ? 'yes' : 'no'},${(row % 9) / 30}`)
  writeFileSync(join(folder, 'words.csv'), `label,score\n${rows.join('\n')}\n`)

  const found = await document('metrics', '--data', join(folder, 'words.csv'), ...BINARY, '--positive', 'yes')

  expect(found.positive).toBe('yes')
  expect(found.metrics.recall).toMatchObject({ value: 0, support: { positives: 20 } })
  expect(found.metrics.precision.value).toBeNull()
  expect(found.warnings).toContainEqual({
    code: 'no_value',
    metric: 'precision',
    message: 'precision: no row is predicted positive',
  })
})

test('classes alone have no AUC, with a warning that scores are needed', async () => {
  const found = await document(
    ...['metrics', '--data', fixture('compas/predictions/1.1.0.parquet'), '--label', 'label'],
    ...['--prediction', 'prediction', '--task', 'binary'],
  )

  expect(found.metrics.roc_auc.value).toBeNull()
  expect(found.metrics.accuracy.value).toBeGreaterThan(0.5)
  expect(found.threshold).toBeNull()
  const needing = found.warnings.filter(({ code }: { code: string }) => code === 'needs_score')
  expect(needing.map(({ metric }: { metric: string }) => metric)).toContain('roc_auc')
})

test('scores that are no probabilities rank all the same, and have no log loss', async () => {
  const folder = emptyFolder()
  const rows = Array.from(
    { length: 60 },
    (_, row) => `${row},${row % 3 === 0 ? 1 : 0},${(row % 7) - 3 + (row % 3 === 0 ? 2 : 0)}`,
  )
  writeFileSync(join(folder, 'raw.csv'), `row_id,label,score\n${rows.join('\n')}\n`)

  const found = await document('metrics', '--data', join(folder, 'raw.csv'), ...BINARY)

  expect(found.metrics.roc_auc.value).toBeGreaterThan(0.5)
  for (const name of ['log_loss', 'brier_score', 'expected_calibration_error'])
    expect(found.metrics[name].value, name).toBeNull()
  expect(found.calibration).toBeNull()
})

test('weights, units, a slice and another cut are taken as said', async () => {
  const data = fixture('adult/predictions/1.1.0.parquet')
  const folder = emptyFolder()
  const lines = Array.from({ length: 400 }, (_, row) => {
    const score = ((row * 71) % 97) / 97
    return [row, (row * 13) % 100 < 100 * score ? 1 : 0, score, 1 + (row % 3), row % 40].join(',')
  })
  writeFileSync(join(folder, 'w.csv'), `row_id,label,score,w,u\n${lines.join('\n')}\n`)

  const [women, weighed, clustered] = [
    await document('metrics', '--data', data, ...BINARY, '--where', "sex == 'Female'", '--threshold', '0.3'),
    await document('metrics', '--data', join(folder, 'w.csv'), ...BINARY, '--weight', 'w'),
    await document('metrics', '--data', join(folder, 'w.csv'), ...BINARY, '--unit', 'u'),
  ]

  expect(women).toMatchObject({ rows: 2640, threshold: 0.3, where: "sex == 'Female'", dropped: { where_out: 5360 } })
  expect(weighed).toMatchObject({ weights: 'w', metrics: { accuracy: { method: 'bootstrap' } } })
  expect(weighed.warnings.filter(({ code }: { code: string }) => code === 'method_not_weighted')).toHaveLength(1)
  expect(clustered.metrics.roc_auc).toMatchObject({ method: 'bootstrap-clustered', support: { units: 40 } })
})

test.each([
  [['--data', 'nowhere.csv', ...BINARY], /there is no file/],
  [['--data', fixture('edge/empty.csv'), ...BINARY], /0 bytes/],
  [['--data', fixture('edge/header-only.csv'), ...BINARY], /0 rows/],
  [
    ['--data', fixture('compas/predictions/1.1.0.parquet'), '--label', 'label', '--score', 'scor'],
    /Did you mean score/,
  ],
  [['--data', fixture('compas/predictions/1.1.0.parquet'), '--label', 'label'], /neither --score/],
  [['--data', fixture('compas/predictions/1.1.0.parquet'), ...BINARY, '--positive', 'yes'], /Name the positive class/],
  [['--data', fixture('compas/predictions/1.1.0.parquet'), ...BINARY, '--confidence', '95'], /over 0.5 and under 1/],
])('what cannot be measured is refused with a way out: %j', async (args, message) => {
  const { code, err } = await weighbridge(['metrics', ...args])
  expect(code, err).toBe(2)
  expect(err).toMatch(message)
})

test('two files are compared by id; rows of one alone are left out and counted', async () => {
  const folder = emptyFolder()
  await writePredictions(folder, 'a.csv', '1.0.0', 500)
  await writePredictions(folder, 'b.csv', '1.1.0', 480)
  const args = [
    'compare-predictions',
    '--a',
    join(folder, 'a.csv'),
    '--b',
    join(folder, 'b.csv'),
    '--id',
    'row_id',
    ...BINARY,
  ]

  const found = await document(...args)
  const { out } = await weighbridge(args)

  expect(found).toMatchObject({
    schema: 'weighbridge.comparison/v1',
    rows: 480,
    dropped: { only_a: 20, only_b: 0 },
    metrics: {
      roc_auc: { method: 'delong', test: 'delong' },
      accuracy: { method: 'newcombe-paired', test: 'mcnemar-exact' },
      f1: { method: 'bootstrap', test: 'paired-bootstrap' },
    },
  })
  expect(found.warnings[0].code).toBe('only_a')
  expect(out).toContain('b - a')
})

test('two files that disagree on the truth, or repeat an id, are not compared', async () => {
  const folder = emptyFolder()
  const write = (name: string, rows: readonly string[]) =>
    writeFileSync(join(folder, name), `row_id,label,score\n${rows.join('\n')}\n`)
  write('a.csv', ['1,1,0.8', '2,0,0.1', '3,0,0.4'])
  write('b.csv', ['1,1,0.8', '2,1,0.1', '3,0,0.4'])
  write('twice.csv', ['1,1,0.8', '2,0,0.1', '2,0,0.4'])
  const against = (b: string) =>
    weighbridge([
      'compare-predictions',
      '--a',
      join(folder, 'a.csv'),
      '--b',
      join(folder, b),
      '--id',
      'row_id',
      ...BINARY,
    ])

  const [disagreeing, repeating] = [await against('b.csv'), await against('twice.csv')]

  expect([disagreeing.code, repeating.code]).toEqual([2, 2])
  expect(disagreeing.err).toContain('1 rows have another label')
  expect(repeating.err).toContain('repeat')
})

test('several classes are told apart by the prefix of their columns', async () => {
  const path = writeMulticlass(emptyFolder(), '1.0.0')

  const found = await document('metrics', '--data', path, '--label', 'y', '--score-prefix', 'score_')

  expect(found).toMatchObject({ task: 'multiclass', classes: ['a', 'b', 'c'], threshold: null, rows: 500 })
  expect(Object.keys(found.per_class)).toEqual(['a', 'b', 'c'])
  expect(found.metrics.roc_auc_ovr_macro).toMatchObject({ method: 'delong', support: { smallest_class: 40 } })
})
