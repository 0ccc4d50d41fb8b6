import { expect, test } from 'vitest'
import { type AnsweredRows, estimatedQuality } from '../../src/measuring/estimated-quality.ts'
import { type CalibrationRows, estimateBinary } from '../../src/statistics/estimated-quality.ts'
import { EXPECTED_METRICS, expectedMetrics } from '../../src/statistics/expected-metrics.ts'
import { isotonicMap, mapRising } from '../../src/statistics/isotonic.ts'
import { DEEP, type Draws, drawsFor } from '../statistics/draws.ts'
import { windows, windowsOfFiles } from '../statistics/windows.ts'
import { reference } from '../support/fixtures.ts'
import { multivariateReference } from '../support/multivariate-reference.ts'
import { columnsOf } from '../support/rows.ts'

const TERMS = { confidence: 0.95, seed: 0, resamples: 500 }

async function scored(path: string): Promise<CalibrationRows> {
  const { label, score } = await columnsOf(path, ['label', 'score'])
  return {
    score: Float64Array.from(score!, Number),
    prediction: Uint8Array.from(score!, (p) => (Number(p) > 0.5 ? 1 : 0)),
    label: Uint8Array.from(label!, Number),
  }
}

const evaluation = scored('adult/predictions/1.1.0.parquet')
const production = (window: string) => scored(`adult/production/${window}.parquet`)

function byScore({ score, prediction, label }: CalibrationRows): CalibrationRows {
  const order = Uint32Array.from(score, (_, row) => row).sort((a, b) => score[a]! - score[b]!)
  return {
    score: Float64Array.from(order, (row) => score[row]!),
    prediction: Uint8Array.from(order, (row) => prediction[row]!),
    label: Uint8Array.from(order, (row) => label[row]!),
  }
}

function truth(rows: CalibrationRows) {
  const sorted = byScore(rows)
  const positive = Float64Array.from(sorted.label)
  return expectedMetrics({ ...sorted, positive, negative: positive.map((y) => 1 - y) }, true)
}

test.each(['w01', 'w02', 'w03'] as const)(
  'calibrated counts on %s are those of scikit-learn and NumPy',
  async (window) => {
    const [calibration, rows] = [byScore(await evaluation), byScore(await production(window))]
    const positive = mapRising(isotonicMap(calibration.score, calibration.label), rows.score)
    const values = expectedMetrics({ ...rows, positive, negative: positive.map((share) => 1 - share) }, false)
    const { cbpe } = multivariateReference()
    for (const name of EXPECTED_METRICS) expect(values[name]).toBeCloseTo(cbpe[window][name]!, 9)
  },
)

test('known labels give the metrics of scikit-learn: expected counts are counts', async () => {
  const { drift } = reference('adult')
  const values = truth(await production('w03'))
  for (const name of EXPECTED_METRICS) expect(values[name]).toBeCloseTo(drift.w03.live_metrics[name], 9)
})

test('while nothing drifts, the true metrics of the window lie in the intervals', async () => {
  for (const window of ['w01', 'w02']) {
    const rows = await production(window)
    const estimates = estimateBinary({ ...TERMS, calibration: await evaluation, window: rows })
    const real = truth(rows)
    for (const name of EXPECTED_METRICS) {
      const [low, high] = estimates[name].interval!
      expect(real[name], `${window} ${name}`).toBeGreaterThan(low)
      expect(real[name], `${window} ${name}`).toBeLessThan(high)
    }
  }
})

test('older people in the window, the same law: accuracy is seen to fall, and how far', async () => {
  const rows = await production('w03')
  const estimates = estimateBinary({ ...TERMS, calibration: await evaluation, window: rows })
  const real = truth(rows)
  const before = estimates.accuracy.on_calibration.realised!
  expect(before).toBeCloseTo(0.8579, 4)
  expect(real.accuracy).toBeCloseTo(0.8421, 4)
  expect(estimates.accuracy.value).toBeCloseTo(0.8293, 4)
  for (const name of EXPECTED_METRICS) expect(Math.abs(estimates[name].value! - real[name]!)).toBeLessThan(0.03)
})

function drawRows(draws: Draws, rows: number): CalibrationRows {
  const logit = Float64Array.from({ length: rows }, () => 1.5 * draws.normal() - 0.7)
  // the model is too sure of itself: its scores are not the chances
  const score = logit.map((z) => 1 / (1 + Math.exp(-1.8 * z)))
  const label = Uint8Array.from(logit, (z) => draws.chance(1 / (1 + Math.exp(-z))))
  return { score, label, prediction: Uint8Array.from(score, (p) => (p > 0.5 ? 1 : 0)) }
}

test('intervals hold the metric that the labels will show, 93 times of 100 and more', () => {
  const draws = drawsFor('cbpe coverage')
  const repeats = DEEP ? 1000 : 50
  const held: Record<string, number> = {}
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [calibration, window] = [drawRows(draws, 800), drawRows(draws, 400)]
    const estimates = estimateBinary({ ...TERMS, resamples: DEEP ? 200 : 100, seed: repeat, calibration, window })
    count(held, estimates, truth(window), repeats)
  }
  console.info(`cover of ${repeats}: ${JSON.stringify(held)}`)
  for (const name of EXPECTED_METRICS) expect(held[name], name).toBeGreaterThanOrEqual(DEEP ? 0.915 : 0.88)
}, 300_000)

test('on real rows, too: parts of the census against a calibration that has not seen them', async () => {
  const rows = await evaluation
  const draws = drawsFor('cbpe parts of the census')
  const repeats = DEEP ? 300 : 15
  const held: Record<string, number> = {}
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = dealt(rows.score.length, draws)
    const calibration = taken(rows, order.subarray(0, 5000))
    const window = taken(rows, order.subarray(5000, 5500))
    const estimates = estimateBinary({ ...TERMS, resamples: 100, seed: repeat, calibration, window })
    count(held, estimates, truth(window), repeats)
  }
  console.info(`cover of ${repeats} parts of the census: ${JSON.stringify(held)}`)
  for (const name of EXPECTED_METRICS) expect(held[name], name).toBeGreaterThanOrEqual(DEEP ? 0.92 : 0.8)
}, 300_000)

function count(
  held: Record<string, number>,
  estimates: ReturnType<typeof estimateBinary>,
  real: ReturnType<typeof truth>,
  repeats: number,
): void {
  for (const name of EXPECTED_METRICS) {
    const [low, high] = estimates[name].interval!
    held[name] = (held[name] ?? 0) + (real[name]! >= low && real[name]! <= high ? 1 / repeats : 0)
  }
}

function dealt(rows: number, draws: Draws): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
  for (let place = rows - 1; place > 0; place--) {
    const other = draws.integer(place + 1)
    const held = order[place]!
    order[place] = order[other]!
    order[other] = held
  }
  return order
}

function taken(rows: CalibrationRows, places: Uint32Array): CalibrationRows {
  return {
    score: Float64Array.from(places, (row) => rows.score[row]!),
    prediction: Uint8Array.from(places, (row) => rows.prediction[row]!),
    label: Uint8Array.from(places, (row) => rows.label[row]!),
  }
}

test('the order of the rows changes nothing', async () => {
  const [calibration, window] = [await evaluation, await production('w02')]
  const turned = (rows: CalibrationRows) => ({
    score: rows.score.toReversed(),
    prediction: rows.prediction.toReversed(),
    label: rows.label.toReversed(),
  })
  const few = { ...TERMS, resamples: 20 }
  const straight = estimateBinary({ ...few, calibration, window })
  expect(estimateBinary({ ...few, calibration: turned(calibration), window: turned(window) })).toEqual(straight)
})

const INPUTS = {
  age: 'number',
  education_num: 'number',
  hours_per_week: 'number',
  workclass: 'category',
  occupation: 'category',
} as const

async function estimated(window: string, critical: readonly string[]) {
  const answered: AnsweredRows = { task: 'binary', calibration: await evaluation, window: await production(window) }
  const inputs = await windowsOfFiles('adult/evaluation.parquet', `adult/production/${window}.parquet`, INPUTS)
  return estimatedQuality({ answered, inputs, critical, confidence: 0.95, seed: 0 }).estimated
}

test('a window like the calibration rows is estimated, with the condition in its words', async () => {
  const quality = await estimated('w01', ['age'])
  expect(quality.support).toMatchObject({ is_inside: true, critical_drifted: [] })
  expect(quality.assumption).toBe('if only the inputs changed (no concept drift)')
  expect(Object.keys(quality.metrics)).toEqual([...EXPECTED_METRICS])
  expect(quality.because).toBeUndefined()
})

test('outside what the calibration rows can tell there is no number, and the reason is named', async () => {
  const other = await estimated('w06', [])
  expect(other.metrics).toEqual({})
  expect(other.support.is_inside).toBe(false)
  expect(other.because).toMatch(/^a classifier tells the window from the calibration rows .* over 0\.65/)
  const critical = await estimated('w03', ['age'])
  expect(critical.metrics).toEqual({})
  expect(critical.because).toContain('critical column age drifted')
  expect((await estimated('w01', ['zip'])).because).toContain('critical column zip is not in both tables')
})

test('a critical column that turned to text can not be compared: there is no estimate', async () => {
  const [column] = await windowsOfFiles('adult/evaluation.parquet', 'adult/production/w01.parquet', { age: 'number' })
  const [text] = await windowsOfFiles('adult/evaluation.parquet', 'adult/production/w01.parquet', { sex: 'category' })
  const answered: AnsweredRows = { task: 'binary', calibration: await evaluation, window: await production('w01') }
  const inputs = [{ ...column!, current: text!.current }]
  const { estimated } = estimatedQuality({ answered, inputs, critical: ['age'], confidence: 0.95, seed: 0 })
  expect(estimated.metrics).toEqual({})
  expect(estimated.because).toBe('whether critical column age drifted could not be decided')
})

test('few calibration rows give a warning: their intervals hold rather less', async () => {
  const all = await evaluation
  const rows = taken(
    all,
    Uint32Array.from({ length: 700 }, (_, row) => row * 11),
  )
  const inputs = await windowsOfFiles('adult/evaluation.parquet', 'adult/production/w01.parquet', { age: 'number' })
  const answered: AnsweredRows = { task: 'binary', calibration: rows, window: await production('w01') }
  const { warnings, estimated } = estimatedQuality({ answered, inputs, critical: [], confidence: 0.95, seed: 0 })
  expect(warnings.map((warning) => warning.code)).toEqual(['few-calibration-rows'])
  expect(estimated.metrics.accuracy!.interval).not.toBeNull()
})

test('what calibration takes from chance is taken off: on average the estimate is right', () => {
  const draws = drawsFor('cbpe bias')
  const repeats = DEEP ? 400 : 40
  let [off, plainOff] = [0, 0]
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [calibration, window] = [byScore(drawRows(draws, 400)), byScore(drawRows(draws, 2000))]
    const real = truth(window).roc_auc!
    off += (estimateBinary({ ...TERMS, resamples: 10, calibration, window }).roc_auc.value! - real) / repeats
    const positive = mapRising(isotonicMap(calibration.score, calibration.label), window.score)
    const negative = positive.map((share) => 1 - share)
    plainOff += (expectedMetrics({ ...window, positive, negative }, false).roc_auc! - real) / repeats
  }
  console.info(`AUC too high by ${off.toFixed(4)}, without the correction by ${plainOff.toFixed(4)}`)
  expect(plainOff).toBeGreaterThan(0.01)
  expect(Math.abs(off)).toBeLessThan(plainOff / 2)
}, 300_000)

test('regression has no estimate, and too few or one-sided calibration rows have none either', () => {
  const terms = { inputs: [], critical: [], confidence: 0.95, seed: 0 }
  const of = (answered: AnsweredRows) => estimatedQuality({ ...terms, answered }).estimated
  expect(of({ task: 'regression' })).toMatchObject({ metrics: {}, because: expect.stringContaining('not available') })
  const rows = (n: number, label: number) => ({
    score: new Float64Array(n).fill(0.4),
    prediction: new Uint8Array(n),
    label: new Uint8Array(n).fill(label),
  })
  expect(of({ task: 'binary', calibration: rows(99, 1), window: rows(9, 1) }).because).toContain('99 calibration rows')
  expect(of({ task: 'binary', calibration: rows(200, 1), window: rows(9, 1) }).because).toContain(
    'no row in the calibration',
  )
  expect(of({ task: 'binary', calibration: rows(200, 1), window: rows(0, 1) }).because).toContain('no row with a score')
})

/** Three classes whose scores are sharper than the chances. */
function classRows(draws: Draws, rows: number, lean: number) {
  const scores = [0, 1, 2].map(() => new Float64Array(rows))
  const [label, prediction] = [new Int32Array(rows), new Int32Array(rows)]
  for (let row = 0; row < rows; row++) {
    const logits = [draws.normal() + lean, draws.normal(), draws.normal()]
    const [chances, sharp] = [softmax(logits), softmax(logits.map((z) => 2 * z))]
    const drawn = draws.uniform()
    label[row] = drawn < chances[0]! ? 0 : drawn < chances[0]! + chances[1]! ? 1 : 2
    for (const [k, score] of scores.entries()) score[row] = sharp[k]!
    prediction[row] = sharp.indexOf(Math.max(...sharp))
  }
  return { scores, label, prediction }
}

function softmax(logits: readonly number[]): number[] {
  const parts = logits.map(Math.exp)
  const sum = parts.reduce((total, part) => total + part, 0)
  return parts.map((part) => part / sum)
}

test('of three classes, accuracy without labels follows a window that leans to the sure class', () => {
  const draws = drawsFor('cbpe three classes')
  const calibration = classRows(draws, 3000, 0)
  const window = classRows(draws, 2000, 1.5)
  const inputs = [windows('score', 'number', [...calibration.scores[1]!], [...calibration.scores[1]!])]
  const answered: AnsweredRows = { task: 'multiclass', calibration, window }
  const { metrics } = estimatedQuality({ answered, inputs, critical: [], confidence: 0.95, seed: 0 }).estimated
  const right = window.label.reduce((sum, label, row) => sum + (label === window.prediction[row] ? 1 : 0), 0) / 2000
  const [low, high] = metrics.accuracy!.interval!
  expect(low).toBeLessThan(right)
  expect(high).toBeGreaterThan(right)
  expect(high - low).toBeLessThan(0.06)
  expect(metrics.accuracy!.on_calibration.realised).toBeLessThan(right - 0.03)
  expect(Object.values(metrics).every((metric) => metric.value !== null && metric.interval !== null)).toBe(true)
  const { estimated: own, realised } = metrics.accuracy!.on_calibration
  expect(Math.abs(own! - realised!)).toBeLessThan(0.02)
})
