import { expect, test } from 'vitest'
import type { Estimate } from '../../src/statistics/estimate.ts'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { normalQuantile } from '../../src/statistics/normal.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { resampleByCoin, resampleRows } from '../../src/statistics/resample.ts'
import type { BinaryRows, MulticlassRows } from '../../src/statistics/scored-rows.ts'
import { DEEP, type Draws, drawsFor } from './draws.ts'
import { multiclassRows, regressionRows, scoredRows } from './predictions.ts'

const at = { confidence: 0.95 }
/** 1,000 repeats hold intervals to 93-97 %; 100 only to what their own chance leaves, some three standard errors. */
const REPEATS = DEEP ? 1000 : 100
const SLACK = DEEP ? 0.007 : 0.05

function holds({ interval }: Estimate, truth: number): boolean {
  return interval !== null && interval[0] <= truth && truth <= interval[1]
}

function shareThat(repeats: number, isSo: () => boolean): number {
  return Array.from({ length: repeats }, isSo).filter(Boolean).length / repeats
}

const SHIFT = Math.SQRT2 * normalQuantile(0.85)

function binaryRows(draws: Draws, rows: number): BinaryRows {
  const label = Array.from({ length: rows }, () => draws.chance(0.4))
  const margin = label.map((y) => draws.normal() + SHIFT * y)
  // the margin's own log-odds, so that the scores are calibrated
  const score = margin.map((x) => 1 / (1 + Math.exp(-(SHIFT * x - SHIFT ** 2 / 2 + Math.log(0.4 / 0.6)))))
  return scoredRows(label, score)
}

function classRows(draws: Draws, rows: number): MulticlassRows {
  const label = Array.from({ length: rows }, () => (draws.chance(0.5) ? 0 : draws.chance(0.6) ? 1 : 2))
  const lines = label.map((y) => {
    const weights = [0, 1, 2].map((index) => Math.exp(draws.normal() + (index === y ? 1.3 : 0)))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return weights.map((weight) => weight / sum)
  })
  return multiclassRows(3, label, lines)
}

/** What the metrics of a model truly are, from very many rows. */
function truthOf(names: readonly string[], rows: BinaryRows | MulticlassRows): ReadonlyMap<string, number> {
  return new Map(names.map((name) => [name, measureMetric(rows, name, at).value!]))
}

const BINARY = ['accuracy', 'recall', 'roc_auc', 'average_precision', 'log_loss', 'brier_score', 'matthews_corrcoef']
const CLASSES = ['accuracy', 'f1_macro', 'roc_auc_ovr_macro', 'log_loss', 'matthews_corrcoef', 'balanced_accuracy']

test.each([
  ['binary', BINARY, binaryRows],
  ['multiclass', CLASSES, classRows],
] as const)('intervals of %s metrics on 500 rows hold the truth 93 to 97 times in 100', (task, names, draw) => {
  const draws = drawsFor(`coverage of ${task} metrics`)
  const truth = truthOf(names, draw(draws, 200_000))
  const covered = new Map(names.map((name) => [name, 0]))
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const rows = draw(draws, 500)
    for (const name of names)
      if (holds(measureMetric(rows, name, at), truth.get(name)!)) covered.set(name, covered.get(name)! + 1 / REPEATS)
  }
  for (const [name, share] of covered) {
    expect(share, name).toBeGreaterThanOrEqual(0.93 - SLACK)
    expect(share, name).toBeLessThanOrEqual(0.97 + SLACK)
  }
})

test('intervals of several classes on 50 rows hold the truth 90 times in 100 or more', () => {
  const draws = drawsFor('coverage of classes at 50')
  const truth = truthOf(['roc_auc_ovr_macro', 'accuracy'], classRows(draws, 200_000))
  for (const [name, value] of truth) {
    const covered = shareThat(REPEATS * 2, () => holds(measureMetric(classRows(draws, 50), name, at), value))
    expect(covered, name).toBeGreaterThanOrEqual(0.9 - SLACK / 2)
  }
})

test('two models that are equally good are told apart at most 7 times in 100, by areas over classes and by bootstrap', () => {
  const draws = drawsFor('equal models')
  const p = { roc_auc_ovr_macro: [] as number[], f1_macro: [] as number[], rmse: [] as number[] }
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const [a, b] = [classRows(draws, 200), classRows(draws, 200)]
    // the same truth, two independent answers to it
    const label = a.label
    const other = { ...b, label, ...answersTo(draws, label) }
    for (const name of ['roc_auc_ovr_macro', 'f1_macro'] as const)
      p[name].push(measureDifference({ candidate: a, incumbent: other }, name, at).p_value ?? 1)
    const truth = Array.from({ length: 100 }, () => draws.normal())
    const guess = () =>
      regressionRows(
        truth,
        truth.map((y) => y + draws.normal()),
      )
    p.rmse.push(measureDifference({ candidate: guess(), incumbent: guess() }, 'rmse', at).p_value ?? 1)
  }
  for (const [name, values] of Object.entries(p)) {
    const rejected = values.filter((value) => value < 0.05).length / values.length
    expect(rejected, name).toBeLessThanOrEqual(0.07 + SLACK / 2)
  }
})

function answersTo(draws: Draws, label: Uint16Array): Pick<MulticlassRows, 'prediction' | 'probabilities'> {
  const lines = [...label].map((y) => {
    const weights = [0, 1, 2].map((index) => Math.exp(draws.normal() + (index === y ? 1.3 : 0)))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return weights.map((weight) => weight / sum)
  })
  return multiclassRows(3, [...label], lines)
}

test('the coin of large tables spreads a mean as drawing with replacement does', () => {
  const values = Float64Array.from({ length: 20_000 }, (_, row) => Math.exp(((row * 7919) % 20_011) / 5000))
  const spread = (resample: (weights: Float64Array) => void) => {
    const weights = new Float64Array(values.length)
    const means = Float64Array.from({ length: 400 }, () => {
      resample(weights)
      let [sum, total] = [0, 0]
      for (let row = 0; row < values.length; row++) {
        sum += weights[row]! * values[row]!
        total += weights[row]!
      }
      return sum / total
    })
    const mean = means.reduce((sum, one) => sum + one, 0) / means.length
    return Math.sqrt(means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / means.length)
  }
  const ratio = spread(resampleByCoin(pcg32(1, 'coin'), 20_000)) / spread(resampleRows(pcg32(1, 'rows'), 20_000))
  expect(ratio).toBeGreaterThan(0.87)
  expect(ratio).toBeLessThan(1.13)
})

test('average precision of very many rows has the interval that smaller tables foretell', () => {
  const draws = drawsFor('very many rows')
  const rows = binaryRows(draws, 120_000)
  const part = (count: number): BinaryRows => ({
    ...rows,
    label: rows.label.subarray(0, count),
    prediction: rows.prediction.subarray(0, count),
    score: rows.score!.subarray(0, count),
  })
  const [whole, small] = [
    measureMetric(rows, 'average_precision', at),
    measureMetric(part(7500), 'average_precision', at),
  ]
  expect(whole.method).toBe('bootstrap')
  // 16 times the rows, a quarter of the width
  expect((small.se ?? 0) / (whole.se ?? 1) / 4).toBeGreaterThan(0.85)
  expect((small.se ?? 0) / (whole.se ?? 1) / 4).toBeLessThan(1.15)
  expect(whole.interval![0]).toBeLessThan(whole.value!)
  expect(whole.interval![1]).toBeGreaterThan(whole.value!)
})

test('a million rows have an area with DeLong interval in under two seconds of processor time', () => {
  const generator = pcg32(1, 'a million rows')
  const rows = 1_000_000
  const score = Float64Array.from({ length: rows }, () => generator.uniform())
  const label = score.map((p) => (generator.uniform() < p ? 1 : 0))
  const table = scoredRowsOf(label, score)
  const before = process.cpuUsage()
  const measured = measureMetric(table, 'roc_auc', at)
  const ms = process.cpuUsage(before).user / 1000
  expect(measured.method).toBe('delong')
  // 0.7 s alone on a busy machine
  expect(ms).toBeLessThan(2000)
})

function scoredRowsOf(label: Float64Array, score: Float64Array): BinaryRows {
  const bytes = Uint8Array.from(label)
  return { task: 'binary', label: bytes, prediction: bytes, score, unit: null, weight: null }
}
