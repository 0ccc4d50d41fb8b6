import { expect, test } from 'vitest'
import {
  type ClusteredRows,
  measureClusteredDifference,
  measureClusteredDisparity,
} from '../../src/measuring/clustered-fairness.ts'
import { groupRows } from '../../src/statistics/group-rows.ts'
import { tallyGroups } from '../../src/statistics/group-tally.ts'
import { measureDisparity } from '../../src/statistics/measure-disparity.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'

const OPTIONS = {
  metric: 'statistical_parity_difference',
  confidence: 0.9,
  min_rows: 30,
  small_groups: 'report',
} as const
const METRICS = [
  'statistical_parity_difference',
  'disparate_impact',
  'equal_opportunity_difference',
  'equalized_odds_difference',
  'average_abs_odds_difference',
  'predictive_parity_difference',
]

test('where every row is a unit of its own, intervals are those of independent rows', () => {
  const rows = people({ units: 1200, rowsOfUnit: 1, groups: 3 })
  for (const metric of METRICS) {
    const clustered = measureClusteredDisparity(rows, { ...OPTIONS, metric }).estimate
    const independent = measureDisparity(tallyGroups(rows.grouping, rows.label, rows.prediction), {
      ...OPTIONS,
      metric,
    }).estimate

    expect(clustered.value).toBe(independent.value)
    expect(clustered.method).toBe('all-pairs-clustered')
    expect(width(clustered.interval) / width(independent.interval), metric).toBeGreaterThan(0.75)
    expect(width(clustered.interval) / width(independent.interval), metric).toBeLessThan(1.25)
  }
})

test('rows that repeat what others of their unit say add no certainty', () => {
  const once = people({ units: 400, rowsOfUnit: 1, groups: 2 })
  const tenTimes = people({ units: 400, rowsOfUnit: 10, groups: 2 })

  const single = measureClusteredDisparity(once, OPTIONS).estimate
  const repeated = measureClusteredDisparity(tenTimes, OPTIONS).estimate
  const naive = measureDisparity(tallyGroups(tenTimes.grouping, tenTimes.label, tenTimes.prediction), OPTIONS).estimate

  expect(repeated.value).toBeCloseTo(single.value!, 12)
  expect(width(repeated.interval)).toBeCloseTo(width(single.interval), 2)
  expect(width(naive.interval)).toBeLessThan(0.5 * width(repeated.interval))
})

test('the value always lies in its interval, and a gap never goes below nothing or a ratio above one', () => {
  for (const seed of [1, 2, 3, 4, 5])
    for (const metric of METRICS) {
      const { value, interval } = measureClusteredDisparity(people({ units: 150, rowsOfUnit: 3, groups: 3, seed }), {
        ...OPTIONS,
        metric,
      }).estimate

      expect(interval![0]).toBeLessThanOrEqual(value!)
      expect(interval![1]).toBeGreaterThanOrEqual(value!)
      expect(interval![0]).toBeGreaterThanOrEqual(0)
      expect(interval![1]).toBeLessThanOrEqual(1)
    }
})

test('fewer than twenty units have no interval, whatever the number of rows', () => {
  const measured = measureClusteredDisparity(people({ units: 19, rowsOfUnit: 100, groups: 2 }), OPTIONS)

  expect(measured.estimate.value).not.toBeNull()
  expect(measured.estimate).toMatchObject({
    interval: null,
    method: null,
    because: 'the rows belong to 19 units; an interval needs 20',
  })
  expect(
    measured.groups.flatMap((group) => Object.values(group.intervals)).every((interval) => interval === null),
  ).toBe(true)
})

test('a group that stands in two units alone has no interval, and the reason names it', () => {
  const rows = people({ units: 100, rowsOfUnit: 40, groups: 2 })
  const codes = rows.unit!.map((unit) => (unit < 2 ? 1 : 0))
  const few = { ...rows, grouping: groupRows([{ name: 'sex', codes, values: ['Male', 'Female'] }]) }

  const { estimate } = measureClusteredDisparity(few, OPTIONS)

  expect(estimate.interval).toBeNull()
  expect(estimate.because).toMatch(/^sex Female stands in so few units that \d+ of 2000 resamples hold none/)
})

test('groups against a privileged one are resampled by unit too', () => {
  const rows = people({ units: 300, rowsOfUnit: 4, groups: 3 })

  const measured = measureClusteredDisparity(rows, { ...OPTIONS, privileged: { group: 'a' } })

  expect(measured.estimate.method).toBe('privileged-clustered')
  expect(measured.by_group).toHaveLength(2)
  for (const { value, interval } of measured.by_group!) {
    expect(interval[0]).toBeLessThan(value)
    expect(interval[1]).toBeGreaterThan(value)
  }
})

test('small groups are pooled unit by unit', () => {
  const rows = people({ units: 400, rowsOfUnit: 2, groups: 20 })

  const { estimate, groups } = measureClusteredDisparity(rows, { ...OPTIONS, min_rows: 45, small_groups: 'pool' })

  expect(groups.some(({ group, counted }) => group.group === '(others)' && counted)).toBe(true)
  expect(estimate.interval).not.toBeNull()
})

test('mean predictions of a regression are compared by unit', () => {
  const rows = people({ units: 200, rowsOfUnit: 5, groups: 2, regression: true })

  const { estimate } = measureClusteredDisparity(rows, { ...OPTIONS, metric: 'mae_difference' })

  expect(estimate.method).toBe('all-pairs-clustered')
  expect(estimate.interval![1]).toBeGreaterThan(estimate.value!)
})

test('a version is compared with its incumbent on the same units, and with itself it has not moved', () => {
  const rows = people({ units: 300, rowsOfUnit: 4, groups: 2 })
  const other = rows.prediction.map((value, row) => (row % 7 === 0 ? 1 - value : value))

  const same = measureClusteredDifference(rows, rows.prediction, OPTIONS)
  const moved = measureClusteredDifference(rows, other, OPTIONS)

  expect(same).toMatchObject({ value: 0, interval: [0, 0] })
  expect(moved.method).toBe('bootstrap-clustered')
  expect(moved.interval![0]).toBeLessThanOrEqual(moved.value!)
  expect(moved.interval![1]).toBeGreaterThanOrEqual(moved.value!)
})

test('a difference over fewer than twenty units has no interval', () => {
  const rows = people({ units: 10, rowsOfUnit: 100, groups: 2 })

  expect(measureClusteredDifference(rows, rows.prediction, OPTIONS)).toMatchObject({ interval: null, method: null })
})

test('two worlds with the same rows answer the same to the last bit', () => {
  const [a, b] = [1, 1].map((seed) =>
    measureClusteredDisparity(people({ units: 150, rowsOfUnit: 3, groups: 3, seed }), OPTIONS),
  )

  expect(JSON.stringify(a)).toBe(JSON.stringify(b))
})

test('a gap as wide as the rule allows passes seldom: about one in twenty, units or not', () => {
  const worlds = process.env.WEIGHBRIDGE_DEEP ? 1000 : 60
  const allowed = 0.1
  let passed = 0
  for (let seed = 1; seed <= worlds; seed++) {
    const rows = people({ units: 200, rowsOfUnit: 5, groups: 2, seed: 100 + seed, gap: allowed })
    passed += measureClusteredDisparity(rows, OPTIONS).estimate.interval![1] <= allowed ? 1 : 0
  }

  expect(passed / worlds).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / worlds))
})

function width(interval: readonly [number, number] | null | undefined): number {
  return interval![1] - interval![0]
}

interface Crowd {
  readonly units: number
  readonly rowsOfUnit: number
  readonly groups: number
  readonly seed?: number
  /** How much more often the second group is selected than the first. */
  readonly gap?: number
  readonly regression?: boolean
}

/** People of whom each has several rows that all say the same. */
function people({ units, rowsOfUnit, groups, seed = 7, gap = 0.05, regression = false }: Crowd): ClusteredRows {
  const chance = pcg32(seed, 'people')
  const each = Array.from({ length: units }, (_, unit) => {
    const group = groups > 9 && unit % 2 === 0 ? 0 : unit % groups
    const label = chance.uniform() < 0.4 ? 1 : 0
    const selected = chance.uniform() < 0.3 + gap * group ? 1 : 0
    return {
      unit,
      group,
      label: regression ? 10 * chance.uniform() : label,
      prediction: regression ? 10 * chance.uniform() + group : selected,
    }
  })
  const rows = each.flatMap((person) => Array.from({ length: rowsOfUnit }, () => person))
  const values = Array.from({ length: groups }, (_, group) => String.fromCharCode(97 + group))
  return {
    grouping: groupRows([{ name: 'group', codes: Int32Array.from(rows, ({ group }) => group), values }]),
    unit: Int32Array.from(rows, ({ unit }) => unit),
    label: Float64Array.from(rows, ({ label }) => label),
    prediction: Float64Array.from(rows, ({ prediction }) => prediction),
  }
}
