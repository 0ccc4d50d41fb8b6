import { expect, test } from 'vitest'
import { DISPARITIES } from '../../src/statistics/disparities.ts'
import { type DisparityOptions, measureDisparity } from '../../src/statistics/measure-disparity.ts'
import { reference } from '../support/fixtures.ts'
import { expectClose } from './close.ts'
import { nameOf, talliesOf, tally } from './groups.ts'

const ALL_GROUPS = { confidence: 0.95, min_rows: 1, small_groups: 'report' } as const
const versions = { adult: ['1.0.0', '1.1.0', '1.2.0', '1.3.0'], compas: ['1.0.0', '1.1.0'] } as const
const cases = (['adult', 'compas'] as const).flatMap((set) =>
  versions[set].map((version) => ({ set, version, fairness: reference(set).versions[version].fairness })),
)

for (const { set, version, fairness } of cases) {
  test(`${set} ${version}: groups, gaps and ratios are those of fairlearn and AIF360`, async () => {
    for (const column of Object.keys(fairness)) {
      const across = column.split('&')
      const tallies = await talliesOf(`${set}/predictions/${version}.parquet`, across)
      const measure = (options: Pick<DisparityOptions, 'metric' | 'privileged'>) =>
        measureDisparity(tallies, { ...ALL_GROUPS, ...options })
      expectGroups(measure({ metric: 'disparate_impact' }).groups, fairness[column].groups)
      expectFairlearn((metric) => measure({ metric }).estimate.value, fairness[column])
      const values = fairness[column].privileged.split('&')
      const privileged = Object.fromEntries(across.map((name, i) => [name, values[i]]))
      expectAif360((metric) => measure({ metric, privileged }).by_group ?? [], fairness[column].aif360_vs_privileged)
    }
  })
}

// biome-ignore-start lint/suspicious/noExplicitAny: the reference files have no schema of their own
function expectGroups(groups: ReturnType<typeof measureDisparity>['groups'], expected: any): void {
  expect(groups.map(({ group }) => nameOf(group)).sort()).toEqual(Object.keys(expected).sort())
  for (const { group, rows, counts, metrics } of groups) {
    const { n, tp, fp, fn, tn, selection_rate, tpr, fpr, ppv, accuracy } = expected[nameOf(group)]
    expect({ rows, ...counts }).toEqual({
      rows: n,
      positives: tp + fn,
      negatives: fp + tn,
      predicted_positives: tp + fp,
    })
    const rates = [
      ['selection_rate', selection_rate],
      ['true_positive_rate', tpr],
      ['false_positive_rate', fpr],
      ['precision', ppv],
      ['accuracy', accuracy],
    ] as const
    for (const [name, rate] of rates) {
      if (rate === null) expect(metrics[name]).toBeNull()
      else expectClose(metrics[name], rate, 1e-9, name)
    }
  }
}

/** fairlearn calls 0/0 a rate of 0; ours has no rate there, so only disparities whose rates all exist are compared. */
function expectFairlearn(value: (metric: string) => number | null, { fairlearn, groups }: any): void {
  const exist = (...rates: string[]) => Object.values<any>(groups).every((g) => rates.every((rate) => g[rate] !== null))
  const same = (metric: string, expected: number) => expectClose(value(metric), expected, 1e-9, metric)
  same('statistical_parity_difference', fairlearn.demographic_parity_difference)
  same('disparate_impact', fairlearn.demographic_parity_ratio)
  if (exist('tpr')) same('equal_opportunity_difference', fairlearn.equal_opportunity_difference)
  if (!exist('tpr', 'fpr')) return
  same('equalized_odds_difference', fairlearn.equalized_odds_difference)
  same('average_odds_difference', fairlearn.equalized_odds_difference_mean)
  same('average_abs_odds_difference', fairlearn.equalized_odds_difference_mean)
}

type ByGroup = NonNullable<ReturnType<typeof measureDisparity>['by_group']>

function expectAif360(byGroup: (metric: string) => ByGroup, expected: any): void {
  for (const { name, task } of DISPARITIES) {
    if (task !== 'binary') continue
    const rows = byGroup(name)
    const judged = rows.map(({ group }) => nameOf(group))
    for (const { group, value, interval } of rows) {
      const of = expected[nameOf(group)]
      expectClose(value, of[name], 1e-9, `${name} of ${nameOf(group)}`)
      if (name !== 'statistical_parity_difference') continue
      expectClose(interval[0], of.selection_rate_two_proportion.ci95_newcombe[0], 1e-9)
      expectClose(interval[1], of.selection_rate_two_proportion.ci95_newcombe[1], 1e-9)
    }
    if (name === 'disparate_impact') expect(judged.sort()).toEqual(Object.keys(expected).sort())
  }
}
// biome-ignore-end lint/suspicious/noExplicitAny: the reference files have no schema of their own

test('three groups that anyone can type have the disparities of fairlearn', () => {
  const groups = [tally('a', [30, 10, 20, 40]), tally('b', [15, 15, 10, 60]), tally('c', [4, 6, 5, 5])]
  const value = (metric: string) => measureDisparity(groups, { ...ALL_GROUPS, metric }).estimate.value
  expectClose(value('statistical_parity_difference'), 0.25, 1e-9)
  expectClose(value('disparate_impact'), 0.5, 1e-9)
  expectClose(value('equalized_odds_difference'), 5 / 14, 1e-9)
  expectClose(value('equal_opportunity_difference'), 0.35, 1e-9)
  expectClose(value('average_abs_odds_difference'), (0.35 + 5 / 14) / 2, 1e-9)
  expectClose(value('predictive_parity_difference'), 0.6 - 4 / 9, 1e-9)
})
