import { expect, test } from 'vitest'
import { chiSquaredHomogeneity, pooledChiSquared } from '../../src/statistics/chi-squared-homogeneity.ts'
import type { DriftKind } from '../../src/statistics/drift-column.ts'
import { jensenShannon } from '../../src/statistics/jensen-shannon.ts'
import { kolmogorovSmirnov } from '../../src/statistics/kolmogorov-smirnov.ts'
import { kullbackLeibler } from '../../src/statistics/kullback-leibler.ts'
import { measureDrift } from '../../src/statistics/measure-drift.ts'
import { populationStabilityIndex, stabilityIndexOfCounts } from '../../src/statistics/population-stability-index.ts'
import { countByBin, quantileEdges } from '../../src/statistics/quantile-bins.ts'
import { totalVariation } from '../../src/statistics/total-variation.ts'
import { normedWasserstein, wasserstein } from '../../src/statistics/wasserstein.ts'
import { reference } from '../support/fixtures.ts'
import { expectClose } from './close.ts'
import { windowsOfFiles } from './windows.ts'

const tables = [
  { set: 'adult', train: 'adult/train.parquet', windows: ['w01', 'w02', 'w03', 'w04', 'w05', 'w06'] },
  { set: 'elec2', train: 'elec2/train.parquet', windows: ['d300', 'd320', 'd340', 'd360'] },
  { set: 'compas', train: 'compas/train.csv', windows: ['evaluation'] },
] as const

function fileOf(set: string, window: string): string {
  if (window === 'evaluation') return set === 'compas' ? 'compas/evaluation.csv' : `${set}/evaluation.parquet`
  return `${set}/production/${window}.parquet`
}

for (const { set, train, windows } of tables) {
  test(`the drift of ${set} has the numbers of SciPy`, async () => {
    for (const window of windows) {
      const expected = reference(set).drift[window].columns
      const kinds: Record<string, DriftKind> = {}
      for (const name of Object.keys(expected)) kinds[name] = expected[name].kind === 'numeric' ? 'number' : 'category'
      const columns = await windowsOfFiles(train, fileOf(set, window), kinds)
      const drift = measureDrift({ columns, test: 'default', min_effect: 0.05 })
      for (const column of drift.columns) {
        expectReference(column.statistics, expected[column.column], `${set} ${window} ${column.column}`)
        expectClose(column.missing_share.reference, expected[column.column].missing_share_ref, 1e-12)
        expectClose(column.missing_share.current, expected[column.column].missing_share_cur, 1e-12)
        expect(column.unseen_values).toEqual(expected[column.column].new_categories ?? [])
      }
    }
  })
}

// biome-ignore lint/suspicious/noExplicitAny: the reference files have no schema of their own
function expectReference(statistics: any, expected: any, what: string): void {
  if (expected.kind === 'numeric') {
    expectClose(statistics.ks.statistic, expected.ks.statistic, 1e-9, `${what} ks`)
    expectClose(statistics.ks.p_value, expected.ks.p_kolmogorov_limit, 1e-6, `${what} ks p`)
    expectClose(statistics.psi, expected.decile.psi, 1e-9, `${what} psi`)
    expectClose(statistics.kl, expected.decile.kl_ref_cur, 1e-9, `${what} kl`)
    expectClose(statistics.jensen_shannon, expected.decile.js_base_2, 1e-9, `${what} jensen-shannon`)
    expectClose(statistics.wasserstein, expected.wasserstein.normed_by_max_std_ref_0_001, 1e-9, `${what} wasserstein`)
  } else {
    expectClose(statistics.psi, expected['psi_eps_1e-4'], 1e-9, `${what} psi`)
    expectClose(statistics.kl, expected['kl_eps_1e-4'], 1e-9, `${what} kl`)
    expectClose(statistics.jensen_shannon, expected.js_base_2, 1e-9, `${what} jensen-shannon`)
    expectClose(statistics.total_variation, expected.total_variation, 1e-9, `${what} total variation`)
    expectClose(statistics.chi_squared.statistic, expected.chi2_contingency.statistic, 1e-9, `${what} chi-squared`)
    expectClose(statistics.chi_squared.p_value, expected.chi2_contingency.p, 1e-6, `${what} chi-squared p`)
  }
}

test('the decile bins hold the very rows that numpy puts there', async () => {
  const expected = reference('adult').drift.w01.columns
  for (const column of await windowsOfFiles('adult/train.parquet', 'adult/production/w01.parquet', {
    age: 'number',
    capital_gain: 'number',
  })) {
    const { inner_edges, counts_ref, counts_cur } = expected[column.column].decile
    const sorted = (window: typeof column.reference) => Float64Array.from(window.values as Float64Array).sort()
    const edges = quantileEdges(sorted(column.reference), 10)
    expect(edges).toEqual(inner_edges)
    expect(countByBin(sorted(column.reference), edges)).toEqual(counts_ref)
    expect(countByBin(sorted(column.current), edges)).toEqual(counts_cur)
  }
})

test('two hundred numbers that anyone can type give the distances that SciPy gives', () => {
  const before = Array.from({ length: 100 }, (_, i) => i)
  const after = before.map((i) => ((i * i) % 100) * 1.1).sort((a, b) => a - b)
  expectClose(kolmogorovSmirnov(before, after).statistic, 0.16, 1e-12)
  expectClose(wasserstein(before, after), 6.638, 1e-9)
  expectClose(normedWasserstein(before, after), 0.229958563428, 1e-9)
})

test('a new category and a lost one give the distances that SciPy gives', () => {
  const before = [50, 30, 20, 0]
  const after = [40, 30, 20, 10]
  expectClose(jensenShannon(before, after), 0.232412936544, 1e-9)
  expectClose(totalVariation(before, after), 0.1, 1e-12)
  const { statistic, p_value } = chiSquaredHomogeneity(before, after)
  expectClose(statistic, 100 / 9, 1e-9)
  expectClose(p_value, 0.011139980642, 1e-9)
  expectClose(chiSquaredHomogeneity([50, 30, 20], [40, 35, 25]).statistic, 2.051282051, 1e-9)
  expectClose(chiSquaredHomogeneity([50, 30, 20], [40, 35, 25]).p_value, 0.358566541373, 1e-9)
  expectClose(jensenShannon([50, 30, 20], [40, 35, 25]), 0.07167825089 / Math.sqrt(Math.LN2), 1e-9)
  expectClose(stabilityIndexOfCounts([50, 30, 20], [40, 35, 25]), 0.041179066688, 1e-9)
  expectClose(chiSquaredHomogeneity([60, 40], [45, 55]).p_value, 0.033672068856, 1e-9)
})

test('the examples of the documentation hold', () => {
  expectClose(populationStabilityIndex([1, 2, 3, 4], [4, 4, 4, 4], 2), 4.60431846666895, 1e-12)
  expectClose(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]).p_value, 0.6993741991310154, 1e-9)
  expectClose(kullbackLeibler([50, 50], [60, 40]), 0.020410997260127586, 1e-9)
  expect(normedWasserstein([0, 2], [1, 3])).toBe(1)
  expect(pooledChiSquared([500, 300, 2], [40, 30, 1])).toEqual(chiSquaredHomogeneity([500, 302], [40, 31]))
})
