import { expect, test } from 'vitest'
import { pooledChiSquared } from '../../src/statistics/chi-squared-homogeneity.ts'
import { kolmogorovSmirnov } from '../../src/statistics/kolmogorov-smirnov.ts'
import { mannWhitney } from '../../src/statistics/mann-whitney.ts'
import { walkSamples } from '../../src/statistics/sample-walk.ts'
import { DEEP, distanceFromUniform, drawsFor } from './draws.ts'

/** Windows of one law: how often each test says otherwise at 5 %. */
const SIZES = [
  [30, 5000],
  [500, 500],
  [499, 5003],
  [5000, 5000],
] as const
const REPEATS = DEEP ? 1000 : 120
/** At most 7 %, and what 120 repeats may show by chance besides. */
const MOST = DEEP ? 0.07 : 0.07 + 2 * Math.sqrt((0.05 * 0.95) / REPEATS)
const LEAST = DEEP ? 0.03 : 0.03 - 2 * Math.sqrt((0.05 * 0.95) / REPEATS)

const { uniform } = drawsFor('null')
const sample = (rows: number, of: (u: number) => number) =>
  Float64Array.from({ length: rows }, () => of(uniform())).sort()

/** p-values of so many repeats at one size. */
function pValues(n: number, m: number, p: (n: number, m: number) => number | null): number[] {
  return Array.from({ length: REPEATS }, () => p(n, m)).filter((value) => value !== null)
}

/** Where too little is left after pooling there is no p-value, and no alarm. */
const rejected = (values: readonly number[]) => values.filter((p) => p < 0.05).length / REPEATS

const TESTS = [
  {
    name: 'Kolmogorov-Smirnov on continuous numbers',
    p: (n: number, m: number) =>
      kolmogorovSmirnov(
        sample(n, (u) => u),
        sample(m, (u) => u),
      ).p_value,
    continuous: true,
    uniformAt: [499, 5003],
  },
  {
    name: 'Kolmogorov-Smirnov on whole numbers',
    p: (n: number, m: number) =>
      kolmogorovSmirnov(
        sample(n, (u) => Math.floor(8 * u)),
        sample(m, (u) => Math.floor(8 * u)),
      ).p_value,
    continuous: false,
  },
  {
    name: 'Mann-Whitney',
    p: (n: number, m: number) =>
      mannWhitney(
        walkSamples(
          sample(n, (u) => u),
          sample(m, (u) => u),
        ),
        n,
        m,
      ).p_value,
    continuous: true,
  },
  {
    name: 'chi-squared after pooling, five categories',
    p: (n: number, m: number) =>
      pooledChiSquared(
        counted(n, 5, (u) => Math.floor(5 * u)),
        counted(m, 5, (u) => Math.floor(5 * u)),
      ).p_value,
    continuous: false,
    uniformAt: [5000, 5000],
  },
  {
    name: 'chi-squared after pooling, five hundred categories',
    p: (n: number, m: number) => {
      const zipf = (u: number) => Math.floor(500 ** u) - 1
      return pooledChiSquared(counted(n, 500, zipf), counted(m, 500, zipf)).p_value
    },
    continuous: false,
  },
] as const

function counted(rows: number, categories: number, of: (u: number) => number): number[] {
  const counts = new Array<number>(categories).fill(0)
  for (let row = 0; row < rows; row++) counts[of(uniform())]!++
  return counts
}

for (const one of TESTS) {
  test(`${one.name}: a clean window is refused in 7 of 100 at most, whatever the rows`, () => {
    for (const [n, m] of SIZES) {
      const values = pValues(n, m, one.p)
      const share = rejected(values)
      expect(share, `${n} and ${m} rows`).toBeLessThanOrEqual(MOST)
      if (one.continuous && Math.min(n, m) >= 499) expect(share, `${n} and ${m} rows`).toBeGreaterThanOrEqual(LEAST)
      const isUniform = 'uniformAt' in one && one.uniformAt[0] === n && one.uniformAt[1] === m
      if (DEEP && isUniform) expect(distanceFromUniform(values), `${n} and ${m} rows`).toBeLessThan(1.63)
    }
  }, 600_000)
}
