import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureDifference, measureMetric } from '../../src/statistics/measure.ts'
import { METRICS } from '../../src/statistics/metrics.ts'
import { takeRows } from '../../src/statistics/picked-rows.ts'
import type { BinaryRows, RegressionRows, ScoredRows } from '../../src/statistics/scored-rows.ts'
import { binaryPredictions, multiclassRows, regressionRows, scoredRows } from './predictions.ts'

const at = { confidence: 0.9 }
const score = fc.integer({ min: 0, max: 20 }).map((step) => step / 20)
const binaryPair = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), score, score), { minLength: 4, maxLength: 40 })
  .map(
    (rows) =>
      [
        scoredRows(
          rows.map(([y]) => y),
          rows.map(([, a]) => a),
        ),
        scoredRows(
          rows.map(([y]) => y),
          rows.map(([, , b]) => b),
        ),
      ] as const,
  )
const number = fc.integer({ min: -50, max: 50 }).map((x) => x / 4)
const regressionPair = fc.array(fc.tuple(number, number, number), { minLength: 4, maxLength: 40 }).map(
  (rows) =>
    [
      regressionRows(
        rows.map(([y]) => y),
        rows.map(([, a]) => a),
      ),
      regressionRows(
        rows.map(([y]) => y),
        rows.map(([, , b]) => b),
      ),
    ] as const,
)

const line = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }).map((parts) => {
  const sum = parts.reduce((total, part) => total + part, 0)
  return parts.map((part) => part / sum)
})
const multiclassPair = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 2 }), line, line), { minLength: 6, maxLength: 40 })
  .map((rows) => {
    const label = rows.map(([y]) => y)
    const version = (place: 1 | 2) =>
      multiclassRows(
        3,
        label,
        rows.map((row) => row[place]),
      )
    return [version(1), version(2)] as const
  })

function pairFor(task: string): fc.Arbitrary<readonly [ScoredRows, ScoredRows]> {
  return task === 'binary' ? binaryPair : task === 'multiclass' ? multiclassPair : regressionPair
}

function backwards<Rows extends ScoredRows>(rows: Rows): Rows {
  return takeRows(
    rows,
    Uint32Array.from(rows.label, (_, row) => rows.label.length - 1 - row),
  )
}

function expectAlike(a: number | null | undefined, b: number | null | undefined): void {
  if (a === null || a === undefined || b === null || b === undefined) expect(a).toBe(b)
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a)))
}

const SMALLEST: Record<string, number> = { matthews_corrcoef: -1, r2: Number.NEGATIVE_INFINITY }
const UNBOUNDED = ['log_loss', 'mae', 'rmse', 'mape', 'median_absolute_error']

test.each(METRICS.map(({ name, tasks }) => [name, tasks[0] as string]))('%s stays within its bounds', (name, task) => {
  fc.assert(
    fc.property(pairFor(task), ([rows]) => {
      const { value, interval } = measureMetric(rows, name, at)
      if (value === null) expect(interval).toBeNull()
      const slack = 1e-9
      const low = (SMALLEST[name] ?? 0) - slack
      const high = UNBOUNDED.includes(name) ? Number.POSITIVE_INFINITY : 1 + slack
      for (const end of [value ?? low, ...(interval ?? [])]) expect(end >= low && end <= high, `${end}`).toBe(true)
      if (interval) expect(interval[0]).toBeLessThanOrEqual(interval[1])
    }),
    { numRuns: 20 },
  )
})

test.each(METRICS.map(({ name, tasks }) => [name, tasks[0] as string]))(
  '%s does not depend on the order of rows',
  (name, task) => {
    fc.assert(
      fc.property(pairFor(task), ([candidate, incumbent]) => {
        const there = measureDifference({ candidate, incumbent }, name, at)
        const back = measureDifference({ candidate: backwards(candidate), incumbent: backwards(incumbent) }, name, at)
        expectAlike(there.value, back.value)
        expectAlike(there.interval?.[0], back.interval?.[0])
        expectAlike(there.interval?.[1], back.interval?.[1])
        expectAlike(there.p_value, back.p_value)
        expectAlike(
          measureMetric(candidate, name, at).interval?.[0],
          measureMetric(backwards(candidate), name, at).interval?.[0],
        )
      }),
      { numRuns: 10 },
    )
  },
)

test.each(METRICS.map(({ name, tasks, methods }) => [name, tasks[0] as string, methods.difference]))(
  'the difference of %s changes sign when the versions change places',
  (name, task, method) => {
    fc.assert(
      fc.property(pairFor(task), ([a, b]) => {
        const there = measureDifference({ candidate: a, incumbent: b }, name, at)
        const back = measureDifference({ candidate: b, incumbent: a }, name, at)
        expectAlike(there.value, back.value === null ? null : -back.value)
        if (method === 'bootstrap') return
        expectAlike(there.interval?.[0], back.interval ? -back.interval[1] : undefined)
        expectAlike(there.interval?.[1], back.interval ? -back.interval[0] : undefined)
        expectAlike(there.p_value, back.p_value)
      }),
      { numRuns: 20 },
    )
  },
)

test.each(METRICS.map(({ name, tasks }) => [name, tasks[0] as string]))(
  'a row of weight 2 counts as two rows for %s',
  (name, task) => {
    fc.assert(
      fc.property(pairFor(task), ([rows]) => {
        const n = rows.label.length
        const twice = Uint32Array.from({ length: n + Math.floor(n / 2) }, (_, place) => (place < n ? place : place - n))
        const weight = Float64Array.from({ length: n }, (_, row) => (row < Math.floor(n / 2) ? 2 : 1))
        const weighed = measureMetric({ ...rows, weight }, name, at)
        expectAlike(weighed.value, measureMetric(takeRows(rows, twice), name, at).value)
        if (weighed.value !== null) expect(weighed.warnings?.[0]?.code).toBe('method_not_weighted')
      }),
      { numRuns: 10 },
    )
  },
)

test('picked rows keep everything that belongs to them', () => {
  const rows: BinaryRows = {
    ...scoredRows([0, 1, 1], [0.1, 0.2, 0.9]),
    unit: Int32Array.of(7, 8, 9),
    weight: Float64Array.of(1, 2, 3),
  }
  const slice = takeRows(rows, Uint32Array.of(0, 2))
  expect(slice).toEqual({ ...scoredRows([0, 1], [0.1, 0.9]), unit: Int32Array.of(7, 9), weight: Float64Array.of(1, 3) })
  const regression: RegressionRows = regressionRows([1, 2, 3], [4, 5, 6])
  expect(takeRows(regression, Uint32Array.of(2))).toEqual(regressionRows([3], [6]))
})

test('weights leave a bootstrap interval and no p-value', async () => {
  const [candidate, incumbent] = [
    await binaryPredictions('compas', '1.0.0'),
    await binaryPredictions('compas', '1.1.0'),
  ]
  const weight = Float64Array.from(candidate.label, (_, row) => 1 + (row % 3))
  for (const name of ['accuracy', 'roc_auc', 'log_loss', 'f1']) {
    const one = measureMetric({ ...candidate, weight }, name, at)
    expect(one.method).toBe('bootstrap')
    expect(one.interval?.[0]).toBeLessThan(one.value ?? 0)
    const difference = measureDifference(
      { candidate: { ...candidate, weight }, incumbent: { ...incumbent, weight } },
      name,
      at,
    )
    expect(difference).toMatchObject({
      method: 'bootstrap',
      p_value: null,
      warnings: [{ code: 'method_not_weighted' }],
    })
    expect(difference.interval).not.toBeNull()
  }
})

test('rows that belong together widen the interval', async () => {
  const [candidate, incumbent] = [await binaryPredictions('elec2', '1.0.0'), await binaryPredictions('elec2', '1.1.0')]
  const unit = Int32Array.from(candidate.label, (_, row) => Math.floor(row / 48))
  const by = { candidate: { ...candidate, unit }, incumbent: { ...incumbent, unit } }
  for (const [name, least] of [
    ['roc_auc', 1.5],
    ['accuracy', 1.2],
  ] as const) {
    const plain = measureDifference({ candidate, incumbent }, name, at)
    const clustered = measureDifference(by, name, at)
    expect(clustered.method).toBe('bootstrap-clustered')
    expect(clustered.support.units).toBe(50)
    expect(clustered.value).toBe(plain.value)
    expect((clustered.se ?? 0) / (plain.se ?? 1)).toBeGreaterThan(least)
    expect((clustered.se ?? 0) / (plain.se ?? 1)).toBeLessThan(3)
  }
})

test('fewer than twenty units have no interval', async () => {
  const candidate = await binaryPredictions('compas', '1.0.0')
  const unit = Int32Array.from(candidate.label, (_, row) => row % 19)
  for (const name of ['accuracy', 'roc_auc', 'f1']) {
    const measured = measureMetric({ ...candidate, unit }, name, at)
    expect(measured.value).not.toBeNull()
    expect(measured).toMatchObject({ interval: null, method: 'bootstrap-clustered', support: { units: 19 } })
    expect(measured.because).toContain('19 units')
  }
})

test('8,000 rows are resampled 2,000 times in a moment', async () => {
  const [candidate, incumbent] = [await binaryPredictions('adult', '1.0.0'), await binaryPredictions('adult', '1.1.0')]
  const one = processorMs(() => measureMetric(candidate, 'average_precision', at))
  const both = processorMs(() => measureDifference({ candidate, incumbent }, 'average_precision', at))
  // 0.4 s and 0.7 s alone; processor time, so that a busy machine does not count, with room for a slow one
  expect(one).toBeLessThan(3000)
  expect(both).toBeLessThan(6000)
})

function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  return process.cpuUsage(before).user / 1000
}

test('roc_auc is the same under any rising change of the scores, and average precision too', () => {
  const changes = [(p: number) => p ** 3, (p: number) => 5 * p - 2, (p: number) => Math.log(p + 0.01)]
  fc.assert(
    fc.property(binaryPair, fc.constantFrom(...changes), ([rows], change) => {
      const other = { ...rows, score: rows.score!.map(change) }
      for (const name of ['roc_auc', 'average_precision'])
        expectAlike(measureMetric(other, name, at).value, measureMetric(rows, name, at).value)
      expectAlike(measureMetric(other, 'roc_auc', at).interval?.[0], measureMetric(rows, 'roc_auc', at).interval?.[0])
    }),
    { numRuns: 50 },
  )
})

test.each(METRICS.map(({ name, tasks }) => [name, tasks[0] as string]))(
  'rows that all stand twice have the same %s',
  (name, task) => {
    fc.assert(
      fc.property(pairFor(task), ([rows]) => {
        const n = rows.label.length
        const twice = takeRows(
          rows,
          Uint32Array.from({ length: 2 * n }, (_, place) => place % n),
        )
        expectAlike(measureMetric(twice, name, at).value, measureMetric(rows, name, at).value)
      }),
      { numRuns: 10 },
    )
  },
)
