import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DriftFacts, Disparity as EvidenceDisparity } from '../../src/gates/evidence.ts'
import { DISPARITIES, disparityNamed } from '../../src/statistics/disparities.ts'
import { measureDisparityDifference } from '../../src/statistics/disparity-difference.ts'
import { folded } from '../../src/statistics/fold.ts'
import { groupRows } from '../../src/statistics/group-rows.ts'
import { cellsByGroup, tallyGroups, tallyRegression } from '../../src/statistics/group-tally.ts'
import { measureDisparity } from '../../src/statistics/measure-disparity.ts'
import { measureDrift } from '../../src/statistics/measure-drift.ts'
import { moverR } from '../../src/statistics/mover-r.ts'
import { welch } from '../../src/statistics/welch.ts'
import { columnsOf } from '../support/rows.ts'
import { expectClose } from './close.ts'
import { groupColumn, selecting, talliesOf, tally } from './groups.ts'

const RULE = { confidence: 0.9, min_rows: 30, small_groups: 'report' } as const
const BINARY = DISPARITIES.filter(({ task }) => task === 'binary')

test('a group of three people is named and left out, and decides nothing', async () => {
  const tallies = await talliesOf('edge/group-of-3.csv', ['race'])
  const { estimate, groups, uncounted, between } = measureDisparity(tallies, { ...RULE, metric: 'disparate_impact' })
  expect(groups.find(({ group }) => group.race === 'Black')).toMatchObject({ rows: 3, counted: false })
  expect(uncounted.groups).toBe(1)
  expect(estimate).toMatchObject({ value: null, interval: null, method: null })
  expect(estimate.because).toBe('1 group has 30 or more rows; two are needed')
  expect(estimate.warnings).toEqual([{ code: 'small-groups', message: 'left out, since too small: race Black' }])
  expect(between).toBeNull()
})

test('a rate of the positives needs positives, however many rows there are', () => {
  const groups = [tally('a', [50, 50, 10, 90]), tally('b', [45, 55, 10, 90]), tally('c', [10, 4, 20, 323])]
  const counted = (metric: string) =>
    measureDisparity(groups, { ...RULE, metric }).groups.flatMap(({ group, counted: is }) => (is ? [group.g] : []))
  expect(counted('statistical_parity_difference')).toEqual(['a', 'b', 'c'])
  expect(counted('equal_opportunity_difference')).toEqual(['a', 'b'])
  expect(counted('equalized_odds_difference')).toEqual(['a', 'b'])
  expect(counted('predictive_parity_difference')).toEqual(['a', 'b', 'c'])
})

test('rows without a value are a group of their own, whatever the order of the rows', () => {
  const sex = ['M', null, 'F', 'M', null, 'F']
  const label = [1, 0, 1, 0, 1, 1]
  const tallies = tallyGroups(groupRows([groupColumn('sex', sex)]), label, [1, 1, 0, 0, 1, 1])
  expect(tallies.map(({ group, rows }) => [group.sex, rows])).toEqual([
    ['F', 2],
    ['M', 2],
    [null, 2],
  ])
  const reversed = groupRows([groupColumn('sex', sex.toReversed())])
  expect(tallyGroups(reversed, label.toReversed(), [1, 1, 0, 0, 1, 1].toReversed())).toEqual(tallies)
})

test('a crossing has only the groups that occur, and one entry a column in that order', () => {
  const { groups, indexOf } = groupRows([groupColumn('sex', ['M', 'F', 'M']), groupColumn('__proto__', [1, 0, 1])])
  expect(groups.map((group) => Object.entries(group))).toEqual([
    [
      ['sex', 'F'],
      ['__proto__', 0],
    ],
    [
      ['sex', 'M'],
      ['__proto__', 1],
    ],
  ])
  expect([...indexOf]).toEqual([1, 0, 1])
})

test('small groups can be pooled, and the pool is judged like any other group', () => {
  const groups = [selecting('a', 50, 100), selecting('b', 40, 100), selecting('c', 2, 20), selecting('d', 4, 20)]
  const pooled = measureDisparity(groups, { ...RULE, metric: 'statistical_parity_difference', small_groups: 'pool' })
  expectClose(pooled.estimate.value, 0.5 - 6 / 40, 1e-12)
  expect(pooled.between).toEqual([{ g: 'a' }, { g: '(others)' }])
  expect(pooled.uncounted).toEqual({ groups: 0, share: 0 })
  expect(pooled.groups.map(({ counted }) => counted)).toEqual([true, true, false, false, true])
  const held = measureDisparity(groups, { ...RULE, metric: 'statistical_parity_difference', small_groups: 'hold' })
  expectClose(held.estimate.value, 0.1, 1e-12)
  expect(held.uncounted.groups).toBe(2)
  expectClose(held.uncounted.share, 40 / 240, 1e-12)
})

test('a rate that is 0/0 is null, and the groups that lack it are named', () => {
  const groups = [tally('a', [3, 1, 1, 3]), tally('b', [2, 2, 1, 3]), tally('none', [0, 0, 2, 6])]
  const { estimate, groups: shown } = measureDisparity(groups, {
    ...RULE,
    min_rows: 1,
    metric: 'equal_opportunity_difference',
  })
  expectClose(estimate.value, 0.25, 1e-12)
  expect(shown[2]?.metrics.true_positive_rate).toBeNull()
  expect(estimate.warnings).toEqual([{ code: 'undefined-rates', message: 'left out, since a rate is 0/0: g none' }])
})

test('where nobody is selected the ratio does not exist', () => {
  const nobody = [selecting('a', 0, 100), selecting('b', 0, 80)]
  const { estimate } = measureDisparity(nobody, { ...RULE, metric: 'disparate_impact' })
  expect(estimate).toMatchObject({
    value: null,
    interval: null,
    because: 'no group has a predicted positive: the ratio is 0/0',
  })
  const some = [selecting('a', 0, 100), selecting('b', 20, 80)]
  expect(measureDisparity(some, { ...RULE, metric: 'disparate_impact' }).estimate.value).toBe(0)
  const toNobody = measureDisparity(some, { ...RULE, metric: 'disparate_impact', privileged: { g: 'a' } })
  expect(toNobody.estimate.value).toBeNull()
})

test('a privileged group that is not there, or too small, leaves no value', () => {
  const groups = [selecting('a', 10, 100), selecting('b', 20, 80), selecting('c', 2, 10)]
  for (const g of ['c', 'x', 'toString']) {
    const { estimate, by_group } = measureDisparity(groups, { ...RULE, metric: 'disparate_impact', privileged: { g } })
    expect(estimate.value).toBeNull()
    expect(estimate.because).toContain(`the privileged group g ${g} is not among those with 30 or more rows`)
    expect(by_group).toBeUndefined()
  }
})

test('against a privileged group the value is the worst group, with its sign', () => {
  const groups = [selecting('m', 500, 1000), selecting('f', 300, 1000), selecting('x', 550, 1000)]
  const options = { ...RULE, privileged: { g: 'm' } }
  const gap = measureDisparity(groups, { ...options, metric: 'statistical_parity_difference' })
  expectClose(gap.estimate.value, -0.2, 1e-12)
  expect(gap.between).toEqual([{ g: 'm' }, { g: 'f' }])
  expect(gap.by_group?.map(({ group }) => group.g)).toEqual(['f', 'x'])
  expect(gap.estimate.interval![1]).toBeLessThan(-0.1)
  const ratio = measureDisparity(groups, { ...options, metric: 'disparate_impact' })
  expectClose(ratio.estimate.value, 0.6, 1e-12)
  expect(ratio.estimate.interval![0]).toBe(ratio.by_group?.[0]?.interval[0])
  expect(ratio.estimate.interval![1]).toBe(ratio.by_group?.[1]?.interval[1])
})

test('the binding denominator is the smallest of the pair that keeps the rule from passing', () => {
  const groups = [tally('a', [400, 100, 100, 400]), tally('b', [390, 110, 100, 400]), tally('c', [24, 8, 20, 80])]
  const { binding, between } = measureDisparity(groups, { ...RULE, metric: 'equalized_odds_difference' })
  expect(binding).toEqual({ of: 'positives', count: 32 })
  expect(between).toEqual([{ g: 'a' }, { g: 'c' }])
})

const cell = fc.integer({ min: 0, max: 400 })
const tallies = fc
  .array(fc.tuple(cell, cell, cell, cell), { minLength: 2, maxLength: 5 })
  .map((groups) => groups.map((counts, index) => tally(`g${index}`, counts)))

test('a value lies in its interval, and order of the groups changes nothing', () => {
  fc.assert(
    fc.property(
      tallies,
      fc.constantFrom(...BINARY),
      fc.boolean(),
      fc.constantFrom(0.8, 0.95),
      (groups, { name, better }, isTo, confidence) => {
        const options = { ...RULE, min_rows: 1, confidence, metric: name, ...(isTo && { privileged: { g: 'g0' } }) }
        const { estimate } = measureDisparity(groups, options)
        if (estimate.value === null) {
          expect(estimate.because).toBeTruthy()
          return
        }
        const [low, high] = estimate.interval!
        expect(low).toBeLessThanOrEqual(estimate.value + 1e-12)
        expect(high).toBeGreaterThanOrEqual(estimate.value - 1e-12)
        if (!isTo) expect(low).toBeGreaterThanOrEqual(0)
        if (!isTo && better === 'one') expect(high).toBeLessThanOrEqual(1)
        expect([low, high, estimate.se].every((x) => Number.isFinite(x))).toBe(true)
        const again = measureDisparity(groups.toReversed(), options).estimate
        expectClose(again.value === null ? null : folded(better, again.value), folded(better, estimate.value), 1e-9)
      },
    ),
    { numRuns: 400 },
  )
})

test('more confidence never makes an interval shorter', () => {
  fc.assert(
    fc.property(tallies, fc.constantFrom(...BINARY), (groups, { name }) => {
      const at = (confidence: number) =>
        measureDisparity(groups, { ...RULE, min_rows: 1, confidence, metric: name }).estimate.interval
      const [narrow, wide] = [at(0.8), at(0.95)]
      if (narrow === null || wide === null) return
      expect(wide[0]).toBeLessThanOrEqual(narrow[0] + 1e-12)
      expect(wide[1]).toBeGreaterThanOrEqual(narrow[1] - 1e-12)
    }),
  )
})

test('the ratio of two shares keeps its interval where a group has no events', () => {
  expect(moverR(0, 50, 20, 100, 0.9)[0]).toBe(0)
  expect(moverR(0, 50, 20, 100, 0.9)[1]).toBeGreaterThan(0)
  expect(moverR(20, 50, 0, 100, 0.9)[1]).toBeNull()
  expect(moverR(20, 50, 0, 100, 0.9)[0]).toBeGreaterThan(1)
  const [low, high] = moverR(40, 100, 50, 100, 0.9)
  expectClose(low, 0.6164803945699127, 1e-9)
  // Swapping the groups turns the interval over
  expectClose(1 / moverR(50, 100, 40, 100, 0.9)[1]!, low, 1e-12)
  expectClose(1 / moverR(50, 100, 40, 100, 0.9)[0], high!, 1e-12)
})

test('the difference of two means has the interval of SciPy', () => {
  const [low, high] = welch({ rows: 10, mean: 5, variance: 4 }, { rows: 20, mean: 3, variance: 9 }, 0.95)
  expectClose(low, 0.10274497837692853, 1e-9)
  expectClose(high, 3.8972550216230717, 1e-9)
})

test('a regression is compared by its mean predictions and errors', () => {
  const grouping = groupRows([groupColumn('g', [...Array(40).fill('a'), ...Array(40).fill('b')])])
  const labels = Array.from({ length: 80 }, (_, i) => i % 7)
  const predictions = labels.map((label, i) => label + (i < 40 ? 1 + (i % 2) : 4 + (i % 2)))
  const groups = tallyRegression(grouping, labels, predictions)
  const { estimate, groups: shown } = measureDisparity(groups, { ...RULE, metric: 'mae_difference' })
  expectClose(estimate.value, 3, 1e-12)
  expect(estimate.method).toBe('all-pairs-welch')
  expect(shown[0]?.metrics).toMatchObject({ mean_absolute_error: 1.5 })
  expect(estimate.support).toEqual({ rows: 80 })
})

test('the same scores make no difference at all, for every disparity', async () => {
  const cells = await adultCells('1.1.0', '1.1.0')
  for (const { name } of BINARY) {
    const { value, interval, p_value } = measureDisparityDifference(cells, { ...RULE, metric: name })
    expect({ value, interval, p_value }).toEqual({ value: 0, interval: [0, 0], p_value: 1 })
  }
})

test('the difference to the incumbent is that of both disparities, folded, and the same on every run', async () => {
  const cells = await adultCells('1.0.0', '1.1.0')
  const sizes = await Promise.all(['1.0.0', '1.1.0'].map((v) => talliesOf(`adult/predictions/${v}.parquet`, ['sex'])))
  for (const { name, better } of BINARY) {
    for (const privileged of [undefined, { sex: 'Male' }]) {
      const options = { ...RULE, metric: name, ...(privileged && { privileged }) }
      const [a, b] = sizes.map((groups) => folded(better, measureDisparity(groups, options).estimate.value!))
      const difference = measureDisparityDifference(cells, options)
      expectClose(difference.value, b! - a!, 1e-9)
      expect(difference.interval![0]).toBeLessThan(difference.value!)
      expect(difference.interval![1]).toBeGreaterThan(difference.value!)
      expect(measureDisparityDifference(cells, options)).toEqual(difference)
    }
  }
})

test('a regression, a lone group and an unknown privileged group have no difference, and say why', async () => {
  const cells = await adultCells('1.0.0', '1.1.0')
  const because = (options: object, groups = cells) =>
    measureDisparityDifference(groups, { ...RULE, metric: 'disparate_impact', ...options })
  expect(because({ metric: 'mae_difference' })).toMatchObject({
    value: null,
    because: expect.stringContaining('row by row'),
  })
  expect(because({}, cells.slice(1))).toMatchObject({ value: null, because: expect.stringContaining('two groups') })
  expect(because({ privileged: { sex: 'x' } })).toMatchObject({
    value: null,
    because: expect.stringContaining('privileged'),
  })
})

async function adultCells(incumbent: string, candidate: string) {
  const [a, b] = await Promise.all(
    [incumbent, candidate].map((v) =>
      columnsOf(`adult/predictions/${v}.parquet`, ['row_id', 'sex', 'label', 'prediction']),
    ),
  )
  expect(a!.row_id).toEqual(b!.row_id)
  const numbers = (column: unknown) => column as number[]
  const grouping = groupRows([groupColumn('sex', a!.sex!)])
  return cellsByGroup(grouping, numbers(a!.label), numbers(a!.prediction), numbers(b!.prediction))
}

test('an unknown disparity is refused with the known ones, and bad rows are refused', () => {
  expect(() => disparityNamed('bias')).toThrow(
    /there is no disparity "bias". Disparities here: statistical_parity_difference/,
  )
  const grouping = groupRows([groupColumn('g', ['a', 'b'])])
  expect(() => tallyGroups(grouping, [1, 0], [1, 2])).toThrow('it must be 0 or 1')
  expect(() => tallyGroups(grouping, [1], [1, 0])).toThrow('groups have 2 rows')
  expect(() => tallyRegression(grouping, [1, Number.NaN], [1, 0])).toThrow('not finite')
  expect(() => measureDisparity([], { ...RULE, metric: 'disparate_impact', confidence: 1 })).toThrow('confidence is 1')
})

test('what statistics measure is what evidence holds', () => {
  const disparity: EvidenceDisparity = measureDisparity([], { ...RULE, metric: 'disparate_impact' })
  const drift: DriftFacts = measureDrift({ columns: [], test: 'default', min_effect: 0.05 })
  expect([disparity.estimate.value, drift.dataset.share]).toEqual([null, null])
})
