import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distributionGap, distributionNullQ95 } from '../../src/statistics/distribution-gap.ts'
import { fairnessDefinitions } from '../../src/statistics/fairness-definitions.ts'
import { calibrationCells, calibrationErrorOf, calibrationNull } from '../../src/statistics/group-calibration.ts'
import { kolmogorovSmirnov } from '../../src/statistics/kolmogorov-smirnov.ts'
import { type Pcg32, pcg32 } from '../../src/statistics/pcg32.ts'
import { rowsByGroup, valuesByGroup } from '../../src/statistics/values-by-group.ts'
import { wasserstein } from '../../src/statistics/wasserstein.ts'
import { expectClose } from './close.ts'
import { tally } from './groups.ts'

test('three groups that anyone can type have the numbers of fairlearn, between groups and to overall', () => {
  const groups = [tally('a', [30, 10, 20, 40]), tally('b', [15, 15, 10, 60]), tally('c', [4, 6, 5, 5])]

  const { between_groups, to_overall } = fairnessDefinitions(groups, null).fairlearn

  const expected = {
    demographic_parity_difference: [0.25, 0.131818],
    demographic_parity_ratio: [0.5, 0.654762],
    equalized_odds_difference: [0.357143, 0.25],
    equalized_odds_ratio: [0.285714, 0.5],
    equal_opportunity_difference: [0.35, 0.2125],
    equal_opportunity_ratio: [0.533333, 0.653061],
  } as const
  for (const [name, [between, overall]] of Object.entries(expected)) {
    expect(Math.abs(between_groups[name as keyof typeof expected]! - between), name).toBeLessThan(5e-7)
    expect(Math.abs(to_overall[name as keyof typeof expected]! - overall), name).toBeLessThan(5e-7)
  }
})

test('a perfect classifier and a group without positives: no equalized odds of 1 out of 0/0 (C20)', () => {
  const groups = [tally('a', [20, 0, 0, 20]), tally('b', [10, 0, 0, 30]), tally('none', [0, 0, 0, 15])]

  const { fairlearn, aif360 } = fairnessDefinitions(groups, 0)

  expect(fairlearn.between_groups).toMatchObject({ equalized_odds_difference: 0, equal_opportunity_ratio: 1 })
  expect(aif360?.[1]).toMatchObject({ equal_opportunity_difference: null, error_rate_difference: 0 })
})

const cell = fc.integer({ min: 0, max: 60 })
const some = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 2, maxLength: 5 })

test('order and names of groups change nothing, and a copy of all rows neither', () => {
  fc.assert(
    fc.property(some, (counts) => {
      const groups = counts.map((one, index) => tally(`g${index}`, one))
      const { fairlearn } = fairnessDefinitions(groups, null)
      const renamed = counts.map((one, index) => tally(`other ${index}`, one)).reverse()
      const twice = counts.map(([tp, fn, fp, tn], index) => tally(`g${index}`, [2 * tp, 2 * fn, 2 * fp, 2 * tn]))
      for (const other of [renamed, twice]) {
        const same = fairnessDefinitions(other, null).fairlearn
        for (const kind of ['between_groups', 'to_overall'] as const)
          for (const [name, value] of Object.entries(fairlearn[kind]))
            expectClose(same[kind][name as keyof typeof same.to_overall], value, 1e-9, name)
      }
    }),
  )
})

test('ratios lie from 0 to 1, differences too, and to overall is never further than between groups', () => {
  fc.assert(
    fc.property(some, (counts) => {
      const { between_groups: between, to_overall: overall } = fairnessDefinitions(
        counts.map((one, index) => tally(`g${index}`, one)),
        null,
      ).fairlearn
      for (const value of [...Object.values(between), ...Object.values(overall)])
        expect(value === null || (value >= 0 && value <= 1)).toBe(true)
      const [wide, near] = [between.demographic_parity_difference, overall.demographic_parity_difference]
      if (wide !== null && near !== null) expect(near).toBeLessThanOrEqual(wide + 1e-12)
    }),
  )
})

test('disparate impact of two groups turned round is one over it', () => {
  fc.assert(
    fc.property(fc.tuple(cell, cell, cell, cell), fc.tuple(cell, cell, cell, cell), (a, b) => {
      const groups = [tally('a', a), tally('b', b)]
      const [to, from] = [0, 1].map((at) => fairnessDefinitions(groups, at).aif360?.[0]?.disparate_impact ?? null)
      if (to === null || from === null || to === 0 || from === 0) return
      expectClose(to! * from!, 1, 1e-9)
    }),
  )
})

test('the furthest pair of distributions is that of all pairs, and one more pair never makes p smaller', () => {
  const generator = pcg32(5, 'pairs')
  const groups = [0, 0.1, 0.5].map((shift) => sample(generator, 200, shift))

  const { ks, wasserstein: moved } = distributionGap(groups)

  expect(ks.between).toEqual([0, 2])
  const pair = kolmogorovSmirnov(groups[0]!, groups[2]!)
  expectClose(ks.value, pair.statistic, 1e-12)
  expectClose(ks.p_value, Math.min(1, 3 * pair.p_value), 1e-9)
  expectClose(moved.value, wasserstein(groups[0]!, groups[2]!), 1e-12)
})

test('groups of one distribution seldom look further apart than chance is said to show', () => {
  const generator = pcg32(7, 'null of groups')
  const runs = process.env.WEIGHBRIDGE_DEEP === undefined ? 60 : 1000
  let [far, significant] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const groups = [40, 80, 300, 60].map((rows) => sample(generator, rows, 0))
    const { ks, wasserstein: moved } = distributionGap(groups)
    if (moved.value > distributionNullQ95(groups)) far++
    if (ks.p_value < 0.05) significant++
  }
  console.info(`of ${runs}: W1 over its 95 % of chance in ${far}, KS under 0.05 in ${significant}`)

  expect(far / runs).toBeLessThan(0.12)
  expect(far / runs).toBeGreaterThan(0.005)
  expect(significant / runs).toBeLessThan(0.07)
})

test('the chance of a large group, drawn bin by bin, is that of drawing every label', () => {
  const generator = pcg32(3, 'calibrated')
  const score = Float64Array.from({ length: 5000 }, () => generator.uniform())
  const label = score.map((p) => (generator.uniform() < p ? 1 : 0))
  const twice = Float64Array.of(...score, ...score)
  const rows = { indexOf: new Int32Array(5000), label, score, weight: null }

  const [small] = calibrationCells(rows, 1)
  const [large] = calibrationCells(
    { indexOf: new Int32Array(10_000), label: Float64Array.of(...label, ...label), score: twice, weight: null },
    1,
  )
  const byLabel = calibrationNull(small!, () => ({ score, weight: new Float64Array(5000).fill(1) }))
  const byBin = calibrationNull(large!, () => {
    throw new Error('a large group is not drawn label by label')
  })

  // Twice the rows: chance shrinks by the root of two
  expect(Math.abs(byBin! * Math.SQRT2 - byLabel!) / byLabel!).toBeLessThan(0.12)
  expect(calibrationErrorOf(large!)).toBeCloseTo(calibrationErrorOf(small!)!, 12)
})

test('rows are dealt to their groups in order, and values come out sorted', () => {
  expect(rowsByGroup(Int32Array.of(2, 0, 2, 1), 4).map((rows) => [...rows])).toEqual([[1], [3], [0, 2], []])
  expect([...valuesByGroup(Int32Array.of(0, 0, 0), 1, [10, 9, -1])[0]!]).toEqual([-1, 9, 10])
})

function sample(generator: Pcg32, rows: number, shift: number): Float64Array {
  return Float64Array.from({ length: rows }, () => generator.uniform() + shift).sort()
}
