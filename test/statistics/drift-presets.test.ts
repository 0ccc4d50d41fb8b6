import { expect, test } from 'vitest'
import { presetColumns, presetDataset } from '../../src/measuring/drift-by-preset.ts'
import { chunksOfRows } from '../../src/measuring/drift-periods.ts'
import type { DriftInput, DriftKind } from '../../src/statistics/drift-column.ts'
import { examine } from '../../src/statistics/drift-examination.ts'
import type { PresetName } from '../../src/statistics/drift-preset.ts'
import { correctedDecisions } from '../../src/statistics/drift-preset-alibi.ts'
import { moverDistance } from '../../src/statistics/drift-preset-deepchecks.ts'
import { evidentlyAnswer } from '../../src/statistics/drift-preset-evidently.ts'
import { PRESET_ANSWERS } from '../../src/statistics/drift-presets.ts'
import { type Windows, windowsOf } from '../../src/statistics/drift-windows.ts'
import { doaneEdges, sturgesEdges } from '../../src/statistics/equal-width-bins.ts'
import { exactDistanceByChance, finiteKolmogorovTail } from '../../src/statistics/finite-kolmogorov.ts'
import { mannWhitney } from '../../src/statistics/mann-whitney.ts'
import { decideDrift } from '../../src/statistics/measure-drift.ts'
import { walkSamples } from '../../src/statistics/sample-walk.ts'
import { reference } from '../support/fixtures.ts'
import { expectClose } from './close.ts'
import { normals, windows, windowsOfFiles } from './windows.ts'

/** Vectors that anyone can type, with the numbers that the tools gave for them. */
const before = Float64Array.from({ length: 100 }, (_, i) => i)
const after = before.map((i) => ((i * i) % 100) * 1.1).sort()
const G1: Windows = { kind: 'number', reference: before, current: after }
const counts = (first: number[], second: number[]): Windows => ({
  kind: 'category',
  categories: ['a', 'b', 'c', 'd'].slice(0, first.length),
  reference: first,
  current: second,
})
const G2 = counts([50, 30, 20, 0], [40, 30, 20, 10])
const G3 = counts([50, 30, 20], [40, 35, 25])
const G4 = counts([60, 40], [45, 55])
const answer = (preset: PresetName, of: Windows) => PRESET_ANSWERS[preset]({ windows: of, blocks: [] })
const MANY = (of: Windows, times: number): Windows =>
  of.kind === 'category'
    ? { ...of, reference: of.reference.map((n) => n * times), current: of.current.map((n) => n * times) }
    : of

test('--preset evidently gives Evidently its numbers, to the last digit that is known (G1 to G4)', () => {
  const { numbers } = answer('evidently', G1)
  expectClose(numbers.psi, 0.165993271293, 1e-11)
  expectClose(numbers.jensen_shannon, 0.143359613758, 1e-10)
  expectClose(numbers.kl, 0.081428877098, 1e-10)
  expectClose(numbers.wasserstein, 0.229958563428, 1e-11)
  expectClose(numbers.hellinger, 0.139365233087, 1e-11)
  const fresh = answer('evidently', G2).numbers
  expectClose(fresh.psi, 0.712399107502, 1e-11)
  expectClose(fresh.jensen_shannon, 0.193496462012, 1e-11)
  expectClose(fresh.kl, 0.110769918138, 1e-11)
  expectClose(fresh.hellinger, 0.229752920547, 1e-11)
  expectClose(answer('evidently', G3).score, 0.129812176855, 1e-10)
  expectClose(answer('evidently', G3).numbers.psi, 0.041179066688, 1e-10)
  expectClose(answer('evidently', G4).score, 0.033672068856, 1e-10)
})

test('--preset evidently chooses its test by the rows of the reference and the distinct values', () => {
  expect(answer('evidently', G1)).toMatchObject({ test: 'ks', threshold: 0.05, is_drifted: false })
  expect(answer('evidently', G2)).toMatchObject({ test: 'chi_squared', score: 0, is_drifted: true })
  expect(answer('evidently', G4)).toMatchObject({ test: 'z', is_drifted: true })
  expect(answer('evidently', MANY(G2, 20))).toMatchObject({ test: 'jensen_shannon', threshold: 0.1, is_drifted: true })
  const many = Float64Array.from({ length: 1001 }, (_, i) => i)
  expect(answer('evidently', { kind: 'number', reference: many, current: many })).toMatchObject({
    test: 'wasserstein',
    score: 0,
    threshold: 0.1,
  })
  const few = Float64Array.from({ length: 90 }, (_, i) => i % 3).sort()
  expect(answer('evidently', { kind: 'number', reference: few, current: few })).toMatchObject({
    test: 'chi_squared',
    score: 1,
  })
  const two = few.map((value) => Math.min(1, value))
  expect(answer('evidently', { kind: 'number', reference: two, current: two })).toMatchObject({ test: 'z', score: 1 })
})

test('--preset evidently gives its numbers on real windows too', async () => {
  for (const [set, train, window] of [
    ['adult', 'adult/train.parquet', 'w03'],
    ['elec2', 'elec2/train.parquet', 'd360'],
  ] as const) {
    const expected = reference(set).drift[window].columns
    const kinds = Object.fromEntries(
      Object.keys(expected).map((name): [string, DriftKind] => [
        name,
        expected[name].kind === 'numeric' ? 'number' : 'category',
      ]),
    )
    for (const input of await windowsOfFiles(train, `${set}/production/${window}.parquet`, kinds)) {
      const { numbers } = evidentlyAnswer({ windows: windowsOf(input)!, blocks: [] })
      const known = expected[input.column]
      const what = `${set} ${window} ${input.column}`
      expectClose(numbers.psi, known.psi_evidently, 1e-9, what)
      expectClose(numbers.kl, known.kl_evidently, 1e-9, what)
      expectClose(numbers.jensen_shannon, known.js_evidently_base_e ?? known.js_base_e, 1e-9, what)
    }
  }
})

test('--preset deepchecks gives its D, its Cramer V, its coarse index and its trimmed distance (G1, G2)', () => {
  const numbers = answer('deepchecks', G1)
  expect(numbers).toMatchObject({ test: 'ks', score: 0.16, threshold: 0.2, is_drifted: false })
  expectClose(numbers.numbers.emd, 0.072426257253, 1e-10)
  expectClose(moverDistance(before, after, 0), 0.062859848485, 1e-10)
  const category = answer('deepchecks', G2)
  expect(category).toMatchObject({ test: 'cramers_v', is_drifted: true })
  expectClose(category.score, 0.201704298462, 1e-11)
  expectClose(category.numbers.psi, 0.229547013501, 1e-11)
  // 0.5 % of the reference is under its 1 %: what grew tenfold passes there
  expect(answer('deepchecks', counts([995, 5], [950, 50])).is_drifted).toBe(false)
})

test('--preset alibi gives the p-values of SciPy, with Yates at two categories (G1, G2, G4)', () => {
  expectClose(answer('alibi', G1).p_value, 0.138396262233, 1e-11)
  expectClose(answer('alibi', G2).p_value, 0.011139980642, 1e-10)
  expectClose(answer('alibi', G4).p_value, 0.047436892825, 1e-10)
  expect(correctedDecisions([0.001, 0.024, 0.06], 'bonferroni').drifted).toEqual([true, false, false])
  expect(correctedDecisions([0.001, 0.024, 0.06], 'fdr').drifted).toEqual([true, true, false])
  expect(correctedDecisions([0.5, 0.9], 'fdr').drifted).toEqual([false, false])
})

test('--preset nannyml bins by the reference alone and sets its threshold by its chunks', () => {
  expect(doaneEdges(before)).toHaveLength(9)
  expect(sturgesEdges(0, 108.9, 200)).toHaveLength(10)
  expectClose(answer('nannyml', G2).score, 0.232412936544, 1e-11)
  expect(answer('nannyml', G2)).toMatchObject({ threshold: null, is_drifted: null })
  const draws = normals(3, 'before', 5000)
  const input = (shift: number): DriftInput => ({
    ...windows(
      'x',
      'number',
      draws,
      normals(3, 'after', 500).map((z) => z + shift),
    ),
    blocks: chunksOfRows(5000, 10),
  })
  const still = examine(input(0), { preset: 'nannyml' }).preset!
  const moved = examine(input(0.5), { preset: 'nannyml' }).preset!
  expect(still.is_drifted).toBe(false)
  expect(moved.is_drifted).toBe(true)
  expect(moved.threshold).toBe(still.threshold)
  expect(moved.score).toBeGreaterThan(0.15)
})

test('an outlier in the reference blinds --preset nannyml, and our own findings beside it see it (C7)', () => {
  const draws = normals(4, 'before', 5000)
  const current = normals(4, 'after', 5000).map((z) => z + 0.5)
  const input = { ...windows('x', 'number', [1e6, ...draws.slice(1)], current), blocks: chunksOfRows(5000, 10) }
  const column = examine(input, { preset: 'nannyml' })
  expect(column.preset!.score).toBeLessThan(0.02)
  expect(column.notes.map(({ code }) => code)).toEqual(['outliers'])
})

test('each preset calls the whole drifted as its tool does', () => {
  const column = (name: string, shift: number) =>
    windows(
      name,
      'number',
      normals(1, name, 2000),
      normals(1, `${name} after`, 2000).map((z) => z + shift),
    )
  const inputs = [column('a', 1), column('b', 1), column('c', 0), column('d', 0), column('e', 0)]
  const whole = (preset: PresetName) => {
    const examined = inputs.map((input) => examine({ ...input, blocks: chunksOfRows(2000, 10) }, { preset }))
    const ours = decideDrift(examined, { test: 'default', min_effect: 0.05 })
    return presetDataset(preset, presetColumns(preset, ours.columns, examined, 'bonferroni'))
  }
  expect(whole('evidently')).toMatchObject({ drifted: 2, share: 0.4, is_drifted: false, limit: 0.5 })
  expect(whole('deepchecks')).toMatchObject({ drifted: 2, is_drifted: true })
  expect(whole('alibi')).toMatchObject({ drifted: 2, is_drifted: true })
  expect(whole('nannyml')).toMatchObject({ drifted: 2, is_drifted: null })
})

test('p-values of D for few rows and for many are those of SciPy', () => {
  expectClose(exactDistanceByChance(0.16, 100, 100), 0.154838666512, 1e-11)
  expectClose(exactDistanceByChance(0.5, 4, 4), 0.7714285714285715, 1e-12)
  expect(exactDistanceByChance(0, 5, 7)).toBe(1)
  expect(finiteKolmogorovTail(10, 0.01)).toBe(1)
  expect(finiteKolmogorovTail(10, 1)).toBe(0)
  for (const set of ['adult', 'elec2', 'bike', 'compas'] as const) {
    for (const [window, { columns }] of Object.entries<{ columns: Record<string, Known> }>(reference(set).drift)) {
      for (const [name, { ks, ...known }] of Object.entries(columns)) {
        if (ks === undefined || ks.p_scipy_asymp < 1e-280) continue
        // rows with a value: nulls are dropped first
        const n = Math.round(known.n_ref * (1 - known.missing_share_ref))
        const m = Math.round(known.n_cur * (1 - known.missing_share_cur))
        const rows = Math.round((n * m) / (n + m))
        expectClose(finiteKolmogorovTail(rows, ks.statistic), ks.p_scipy_asymp, 1e-9, `${set} ${window} ${name}`)
      }
    }
  }
})

interface Known {
  readonly n_ref: number
  readonly n_cur: number
  readonly missing_share_ref: number
  readonly missing_share_cur: number
  readonly ks?: { readonly statistic: number; readonly p_scipy_asymp: number }
}

test('the Mann-Whitney test is that of SciPy, ties and all', async () => {
  const expected = reference('adult').drift.w03.columns
  const kinds = { age: 'number', education_num: 'number', hours_per_week: 'number' } as const
  for (const input of await windowsOfFiles('adult/train.parquet', 'adult/production/w03.parquet', kinds)) {
    const both = windowsOf(input) as Extract<Windows, { kind: 'number' }>
    const found = mannWhitney(walkSamples(both.reference, both.current), both.reference.length, both.current.length)
    const { u_ref, p_asymptotic_continuity } = expected[input.column].mannwhitney
    expectClose(found.statistic, u_ref, 1e-12)
    expectClose(found.p_value, p_asymptotic_continuity, 1e-8)
  }
})
