import { expect, test } from 'vitest'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { metricsOf } from '../../src/statistics/metrics.ts'
import { columnOf, takeRows } from '../../src/statistics/picked-rows.ts'
import type { BinaryRows, MulticlassRows } from '../../src/statistics/scored-rows.ts'
import { linesOf, multiclass } from '../support/multiclass-table.ts'
import { expectClose } from './close.ts'
import { drawsFor } from './draws.ts'
import { multiclassRows } from './predictions.ts'

const at = { confidence: 0.95 }
const VERSIONS = ['1.0.0', '1.1.0']

function rowsOf(version: string): MulticlassRows {
  const label = [...multiclass.label].map((name) => multiclass.classes.indexOf(name))
  return { ...multiclassRows(3, label, linesOf(version)), classes: multiclass.classes }
}

test.each(VERSIONS)('every multiclass metric of %s is that of scikit-learn', (version) => {
  const expected = multiclass.versions[version].metrics
  for (const name of metricsOf('multiclass'))
    expectClose(measureMetric(rowsOf(version), name, at).value, expected[name], 1e-9, name)
  expect(Object.keys(expected).sort()).toEqual([...metricsOf('multiclass')].sort())
})

test.each(VERSIONS)('intervals over classes of %s agree with a bootstrap of 5,000 in numpy', (version) => {
  const ends: Record<string, [number, number]> = multiclass.versions[version].ci95_bootstrap_5000
  for (const [name, [low, high]] of Object.entries(ends)) {
    const { interval } = measureMetric(rowsOf(version), name, at)
    // 500 rows: DeLong and t are symmetric where the percentiles are not, so a little more than Monte-Carlo noise
    const tolerance = 0.12 * (high - low)
    expect(Math.abs((interval?.[0] ?? Number.NaN) - low), `${name} low`).toBeLessThan(tolerance)
    expect(Math.abs((interval?.[1] ?? Number.NaN) - high), `${name} high`).toBeLessThan(tolerance)
  }
})

test('the averaged area has the standard error of a bootstrap, alone and in pairs', () => {
  const [a, b] = [rowsOf('1.0.0'), rowsOf('1.1.0')]
  const one = measureMetric(a, 'roc_auc_ovr_macro', at)
  expect(one.method).toBe('delong')
  expectClose(one.se, multiclass.versions['1.0.0'].roc_auc_ovr_macro_bootstrap_se, 0.08)
  const difference = measureDifference({ candidate: b, incumbent: a }, 'roc_auc_ovr_macro', at)
  expectClose(difference.se, multiclass.tests['1.1.0|1.0.0'].roc_auc_ovr_macro_bootstrap.se, 0.08)
})

test('paired tests of several classes are those of SciPy', () => {
  const pair = { candidate: rowsOf('1.1.0'), incumbent: rowsOf('1.0.0') }
  const { mcnemar, log_loss_paired_t } = multiclass.tests['1.1.0|1.0.0']
  const accuracy = measureDifference(pair, 'accuracy', at)
  expect(accuracy.method).toBe('newcombe-paired')
  expectClose(accuracy.p_value, mcnemar.p_exact, 1e-9)
  const loss = measureDifference(pair, 'log_loss', at)
  expectClose(loss.value, log_loss_paired_t.diff, 1e-9)
  expectClose(loss.p_value, log_loss_paired_t.p, 1e-9)
  expectClose((loss.value ?? 0) / (loss.se ?? 1), log_loss_paired_t.t, 1e-9)
})

test('two classes are the binary task: the same numbers, and DeLong to the last digit', () => {
  const draws = drawsFor('two classes')
  const label = Array.from({ length: 200 }, () => draws.chance(0.3))
  const score = label.map((y) => 1 / (1 + Math.exp(-draws.normal() - y)))
  const rows = multiclassRows(
    2,
    label,
    score.map((p) => [1 - p, p]),
  )
  const binary: BinaryRows = {
    task: 'binary',
    label: Uint8Array.from(rows.label),
    prediction: Uint8Array.from(rows.prediction),
    score: columnOf(rows.probabilities!, 2, 1),
    unit: null,
    weight: null,
  }
  for (const [name, other] of [
    ['accuracy', 'accuracy'],
    ['balanced_accuracy', 'balanced_accuracy'],
    ['matthews_corrcoef', 'matthews_corrcoef'],
    ['log_loss', 'log_loss'],
    ['roc_auc_ovr_macro', 'roc_auc'],
  ] as const) {
    const [ours, theirs] = [measureMetric(rows, name, at), measureMetric(binary, other, at)]
    expectClose(ours.value, theirs.value!, 1e-12, name)
    expectClose(ours.interval?.[0], theirs.interval![0], 1e-12, name)
    expectClose(ours.interval?.[1], theirs.interval![1], 1e-12, name)
  }
})

test('the order of rows changes no number of several classes', () => {
  const rows = rowsOf('1.0.0')
  const back = takeRows(
    rows,
    Uint32Array.from(rows.label, (_, row) => rows.label.length - 1 - row),
  )
  for (const name of metricsOf('multiclass')) {
    const [there, again] = [measureMetric(rows, name, at), measureMetric(back, name, at)]
    expectClose(again.value, there.value!, 1e-12, name)
    expectClose(again.interval?.[0], there.interval![0], 1e-12, name)
  }
})

test('a class that nobody says, or that is not there, is named where a mean lacks its number', () => {
  const never = multiclassRows(
    3,
    [0, 1, 2, 0, 1, 2],
    [0, 1, 0, 0, 1, 0].map((said) => [0, 1, 2].map((index) => (index === said ? 0.8 : 0.1))),
  )
  expect(measureMetric(never, 'precision_macro', at)).toMatchObject({
    value: null,
    because: 'no row is predicted to be of class c2',
  })
  expect(measureMetric(never, 'recall_macro', at).value).toBeCloseTo(2 / 3, 12)
  const absent = takeRows(never, Uint32Array.of(0, 1, 3, 4))
  expect(measureMetric(absent, 'roc_auc_ovr_macro', at)).toMatchObject({
    value: null,
    because: 'there are no rows of class c2',
  })
  expect(measureMetric(absent, 'accuracy', at).value).toBe(1)
})

test('a model of several classes without a miss is not taken for an infallible one', () => {
  const label = Array.from({ length: 90 }, (_, row) => row % 3)
  const perfect = multiclassRows(
    3,
    label,
    label.map((y) => [0, 1, 2].map((index) => (index === y ? 0.8 : 0.1))),
  )
  for (const name of ['accuracy', 'balanced_accuracy', 'f1_macro', 'precision_weighted', 'matthews_corrcoef']) {
    const { value, interval } = measureMetric(perfect, name, at)
    expect(value).toBeCloseTo(1, 12)
    expect(interval?.[0], name).toBeLessThan(0.99)
  }
})
