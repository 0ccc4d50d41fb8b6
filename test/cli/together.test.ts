import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { DriftDocument } from '../../src/measuring/drift.ts'
import type { EstimatedDocument } from '../../src/measuring/estimated-quality.ts'
import { fixture, reference } from '../support/fixtures.ts'
import { weighbridge } from './terminal-user.ts'

const EVALUATION = fixture('adult/evaluation.parquet')
const ANSWERS = fixture('adult/predictions/1.1.0.parquet')
const window = (name: string) => fixture(`adult/production/${name}.parquet`)
const COLUMNS = 'age,workclass,education_num,hours_per_week'

async function drift(name: string, ...args: readonly string[]): Promise<DriftDocument> {
  const line = ['drift', '--reference', EVALUATION, '--current', window(name), '--columns', COLUMNS, ...args, '--json']
  const { code, out, err } = await weighbridge(line)
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as DriftDocument
}

test('asked for all columns together, drift names the column that tells the windows apart', async () => {
  const { multivariate } = await drift('w04', '--multivariate')
  expect(multivariate!.columns).toEqual(['age', 'education_num', 'hours_per_week', 'workclass'])
  const { domain_classifier: domain, reconstruction } = multivariate!
  expect(domain).toMatchObject({ is_drifted: true, p_value: 1 / 101, exchanged: 'rows' })
  expect(domain.contributions[0]!.columns).toEqual(['workclass'])
  expect(domain.null).toMatchObject({ permutations: 100 })
  expect(reconstruction.limits![0]).toBeLessThan(reconstruction.reference!)
}, 60_000)

test('not asked for, nothing of it stands in the document', async () => {
  const document = await drift('w01')
  expect(Object.keys(document)).not.toEqual(expect.arrayContaining(['multivariate']))
  expect(document).not.toHaveProperty('predictions')
  expect(document).not.toHaveProperty('labels')
})

test('scores and labels are compared with those of the evaluation set, as the reference numbers have them', async () => {
  const { predictions, labels, warnings } = await drift(
    'w03',
    '--score',
    'score',
    '--label',
    'label',
    '--evaluation',
    ANSWERS,
  )
  const expected = reference('adult').drift.w03.score_vs_evaluation
  expect(predictions!.score!.score).toBeCloseTo(expected.ks.statistic, 9)
  expect(predictions!.score!.is_drifted).toBe(true)
  expect(predictions!.rows).toEqual({ reference: 8000, current: 1400 })
  expect(labels!.rows).toEqual({ reference: 8000, current: 1400, waiting: 0 })
  expect(warnings.map((warning) => warning.code)).not.toContain('evaluation-not-named')
})

test('the person reads what tells the windows apart, and that it holds nothing', async () => {
  const line = ['drift', '--reference', EVALUATION, '--current', window('w04'), '--columns', COLUMNS, '--multivariate']
  const { code, out } = await weighbridge(line)
  expect(code).toBe(0)
  expect(out).toContain('What tells the windows apart')
  expect(out).toContain('A reason to look, never a reason to hold')
}, 60_000)

test('a profile has no rows to look at together, and the command says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-together-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const profile = join(folder, 'p.json')
  expect((await weighbridge(['profile', '--data', window('w01'), '--out', profile])).code).toBe(0)
  const { code, err } = await weighbridge(['drift', '--reference', profile, '--current', profile, '--multivariate'])
  expect(code).toBe(2)
  expect(err).toContain('--multivariate needs rows, and a profile has none')
})

const ESTIMATE = ['--score', 'score', '--label', 'label', '--without-labels', '--calibration']

test('metrics of a window without labels are estimated, with their condition in words', async () => {
  const { code, out, err } = await weighbridge(['metrics', '--data', window('w01'), ...ESTIMATE, ANSWERS, '--json'])
  expect(err).toBe('')
  expect(code).toBe(0)
  const document = JSON.parse(out) as EstimatedDocument
  expect(document).toMatchObject({ schema: 'weighbridge.metrics/v1', task: 'binary', rows: 1400, metrics: {} })
  expect(document.estimated.assumption).toBe('if only the inputs changed (no concept drift)')
  const [low, high] = document.estimated.metrics.accuracy!.interval!
  const { accuracy } = reference('adult').drift.w01.live_metrics
  expect(low).toBeLessThan(accuracy)
  expect(high).toBeGreaterThan(accuracy)
}, 60_000)

test('a critical column that drifted leaves no estimate: the page says why', async () => {
  const line = ['metrics', '--data', window('w03'), '--score', 'score', '--label', 'label', '--without-labels']
  // the evaluation table has the inputs and the label, and no score of ours: the prediction table has no age
  const { code, out } = await weighbridge([...line, '--calibration', ANSWERS, '--critical', 'age'])
  expect(code).toBe(0)
  expect(out).toContain('No estimate: critical column age is not in both tables')
}, 60_000)

test('estimates need labelled rows, and take no slices', async () => {
  const bare = await weighbridge([
    'metrics',
    '--data',
    window('w01'),
    '--score',
    'score',
    '--label',
    'label',
    '--without-labels',
  ])
  expect(bare.code).toBe(2)
  expect(bare.err).toContain('--calibration FILE')
  const sliced = await weighbridge(['metrics', '--data', window('w01'), ...ESTIMATE, ANSWERS, '--slices', 'sex'])
  expect(sliced.code).toBe(2)
  expect(sliced.err).toContain("--without-labels can't take --slices")
  const wrong = await weighbridge(['metrics', '--data', window('w01'), ...ESTIMATE, EVALUATION])
  expect(wrong.code).toBe(2)
  expect(wrong.err).toContain('the calibration table has no column score')
})

test('a regression gets no estimate', async () => {
  const { code, out } = await weighbridge([
    ...['metrics', '--data', window('w01'), '--score', 'score', '--label', 'label', '--task', 'regression'],
    ...['--without-labels', '--calibration', ANSWERS],
  ])
  expect(code).toBe(0)
  expect(out).toContain('not available: a regression model gives no probability of being right')
})
