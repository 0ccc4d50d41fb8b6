import { expect, test } from 'vitest'
import { measurePredictions } from '../../src/measuring/prediction-drift.ts'
import { settledLabels } from '../../src/measuring/settled-labels.ts'
import type { DriftInput } from '../../src/statistics/drift-column.ts'
import { windows } from '../statistics/windows.ts'
import { reference } from '../support/fixtures.ts'
import { columnsOf } from '../support/rows.ts'

const NOTHING = { score: null, prediction: null, label: null, time: null, labelDelayMs: 0, now: null, minEffect: 0.05 }
const DAY = 86_400_000

async function scores(window: string): Promise<DriftInput> {
  const before = await columnsOf('adult/predictions/1.1.0.parquet', ['score'])
  const now = await columnsOf(`adult/production/${window}.parquet`, ['score'])
  return windows('score', 'number', before.score!, now.score!)
}

test.each(['w01', 'w02', 'w03', 'w04', 'w05', 'w06'])(
  'scores of %s against the evaluation set have the numbers of SciPy',
  async (window) => {
    const { score } = measurePredictions({ ...NOTHING, score: await scores(window) }).predictions!
    const expected = reference('adult').drift[window].score_vs_evaluation
    const ks = score!.statistics.ks as { statistic: number; p_value: number }
    expect(ks.statistic).toBeCloseTo(expected.ks.statistic, 9)
    expect(ks.p_value).toBeCloseTo(expected.ks.p_kolmogorov_limit, 9)
    expect(score!.statistics.psi).toBeCloseTo(expected.decile.psi, 9)
    expect(score!.statistics.jensen_shannon).toBeCloseTo(expected.decile.js_base_2, 9)
    expect(score!.statistics.wasserstein).toBeCloseTo(expected.wasserstein.normed_by_max_std_ref_0_001, 9)
  },
)

test('labels have the numbers of SciPy, and the census windows that did not move stay silent', async () => {
  const before = await columnsOf('adult/train.parquet', ['label'])
  const verdicts: Record<string, unknown> = {}
  for (const window of ['w01', 'w02', 'w03', 'w04', 'w05', 'w06']) {
    const now = await columnsOf(`adult/production/${window}.parquet`, ['label'])
    const label = windows('label', 'category', before.label!, now.label!)
    const measured = measurePredictions({ ...NOTHING, score: await scores(window), label })
    const expected = reference('adult').drift[window].label
    const chi = measured.labels!.label!.statistics.chi_squared as { statistic: number; p_value: number }
    expect(chi.statistic).toBeCloseTo(expected.chi2_contingency.statistic, 8)
    expect(chi.p_value).toBeCloseTo(expected.chi2_contingency.p, 9)
    expect(measured.labels!.label!.statistics.total_variation).toBeCloseTo(expected.total_variation, 9)
    verdicts[window] = measured.predictions!.score!.is_drifted
  }
  expect(verdicts).toMatchObject({ w01: false, w02: false, w03: true, w04: true })
})

/** Ten rows a day; `labelled(day)` of them have their label. */
function days(count: number, labelled: (day: number) => number) {
  const rows = Array.from({ length: 10 * count }, (_, row) => row)
  const cells = rows.map((row) => (row % 10 < labelled(Math.floor(row / 10)) ? row % 2 : null))
  const time = Float64Array.from(rows, (row) => Math.floor(row / 10) * DAY + (row % 10) * 3_600_000)
  return { label: windows('y', 'category', [0, 1, 0, 1], cells), time }
}

test('labels count on days that are old enough and have come; the others wait', () => {
  const { label, time } = days(10, (day) => (day === 2 ? 7 : 10))
  const settled = settledLabels(label, { time, labelDelayMs: 3 * DAY, now: 10 * DAY })
  expect(settled.days).toEqual({ counted: 6, waiting: 4 })
  expect(settled.waiting).toBe(40)
  expect('codes' in settled.counted!.current && settled.counted!.current.codes.length).toBe(60)
})

test('a day is as old as its end, and the latest row is now where nobody says what time it is', () => {
  const { label, time } = days(4, () => 10)
  expect(settledLabels(label, { time, labelDelayMs: DAY, now: 3 * DAY }).days).toEqual({ counted: 2, waiting: 2 })
  expect(settledLabels(label, { time, labelDelayMs: DAY, now: 3 * DAY - 1 }).days).toEqual({ counted: 1, waiting: 3 })
  expect(settledLabels(label, { time, labelDelayMs: DAY, now: null }).days).toEqual({ counted: 2, waiting: 2 })
})

test('while no day has its labels there is no label drift, and no number of half a day', () => {
  const { label, time } = days(5, () => 9)
  const { labels } = measurePredictions({ ...NOTHING, label, time, labelDelayMs: DAY })
  expect(labels).toMatchObject({ label: null, rows: { current: 0, waiting: 50 }, days: { counted: 0, waiting: 5 } })
  expect(labels!.because).toContain('95 %')
  const untimed = measurePredictions({ ...NOTHING, label }).labels!
  expect(untimed).toMatchObject({ label: null, days: null, rows: { waiting: 50 } })
})

test('a row without a time is of no day: it waits', () => {
  const { label, time } = days(2, () => 10)
  time.fill(Number.NaN, 10)
  const settled = settledLabels(label, { time, labelDelayMs: 0, now: 9 * DAY })
  expect(settled).toMatchObject({ days: { counted: 1, waiting: 0 }, waiting: 10 })
})
