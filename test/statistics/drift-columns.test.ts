import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Column } from '../../src/ports.ts'
import { benjaminiHochberg } from '../../src/statistics/benjamini-hochberg.ts'
import { pooledChiSquared } from '../../src/statistics/chi-squared-homogeneity.ts'
import type { DriftInput, DriftKind, WindowColumn } from '../../src/statistics/drift-column.ts'
import { jensenShannon } from '../../src/statistics/jensen-shannon.ts'
import { kolmogorovSmirnov, kolmogorovTail, smallestSignificantD } from '../../src/statistics/kolmogorov-smirnov.ts'
import { kullbackLeibler } from '../../src/statistics/kullback-leibler.ts'
import { measureDrift } from '../../src/statistics/measure-drift.ts'
import { populationStabilityIndex, stabilityIndexOfCounts } from '../../src/statistics/population-stability-index.ts'
import { countByBin, quantileEdges } from '../../src/statistics/quantile-bins.ts'
import { flooredShares } from '../../src/statistics/shares.ts'
import { totalVariation } from '../../src/statistics/total-variation.ts'
import { wasserstein } from '../../src/statistics/wasserstein.ts'
import { expectClose } from './close.ts'
import { categories, normals, numbers, windows } from './windows.ts'

const DEFAULT = { test: 'default', min_effect: 0.05 } as const
const repeated = (rows: number, of: (i: number) => number | string | null) =>
  Array.from({ length: rows }, (_, i) => of(i))
const only = (input: DriftInput) => measureDrift({ columns: [input], ...DEFAULT }).columns[0]!
const codes = (input: DriftInput) => only(input).notes.map((note) => note.code)

test('a column of identifiers is named and takes no part', () => {
  const ids = windows(
    'id',
    'number',
    repeated(2000, (i) => i),
    repeated(2000, (i) => i + 5000),
  )
  expect(only(ids)).toMatchObject({ score: null, p_value: null, is_drifted: null, reason: 'id_like' })
  expect(only(ids).statistics).toMatchObject({ ks: { statistic: 1 } })
  expect(codes(ids)).toEqual(['id-like'])
  expect(
    codes(
      windows(
        'id',
        'category',
        repeated(300, (i) => `u${i}`),
        repeated(300, (i) => `u${i}`),
      ),
    ),
  ).toContain('id-like')
  const measured = windows('x', 'number', normals(1, 'a', 2000), normals(1, 'b', 2000))
  expect(codes(measured)).toEqual([])
})

test('a column that began to vary, froze, or froze at another value is named', () => {
  const constant = repeated(500, () => 1)
  const varying = repeated(500, (i) => i % 9)
  const message = (reference: typeof constant, current: typeof constant) =>
    only(windows('x', 'number', reference, current)).notes.map((note) => note.message)
  expect(message(constant, varying)).toEqual(['was one value in every row, now it varies'])
  expect(message(varying, constant)).toEqual(['is one value in every row, before it varied'])
  expect(
    message(
      constant,
      repeated(500, () => 2),
    ),
  ).toEqual(['was one value in every row, now it is another'])
  expect(
    message(
      constant,
      repeated(90, () => 1),
    ),
  ).toEqual([])
})

test('a column that is nearly always zero has not frozen because thirty rows are all zero', () => {
  const rare = repeated(5000, (i) => (i % 12 === 0 ? i % 7 : 0))
  expect(
    codes(
      windows(
        'gain',
        'number',
        rare,
        repeated(30, () => 0),
      ),
    ),
  ).toEqual([])
  expect(
    codes(
      windows(
        'gain',
        'number',
        rare,
        repeated(300, () => 0),
      ),
    ),
  ).toEqual(['constant-changed'])
})

test('missing values alarm when their share rises by more than a twentieth, and not by chance', () => {
  const reference = repeated(5000, (i) => (i % 20 === 0 ? null : i % 9))
  const lost = (rows: number, every: number) =>
    windows(
      'x',
      'number',
      reference,
      repeated(rows, (i) => (i % every === 0 ? null : i % 9)),
    )
  expect(codes(lost(1000, 5))).toEqual(['missing-share'])
  expect(only(lost(1000, 5)).missing_share).toEqual({ reference: 0.05, current: 0.2 })
  expect(codes(lost(1000, 11))).toEqual([])
  expect(codes(lost(20, 5))).toEqual([])
})

test('a number that is infinite or not a number counts as missing', () => {
  const [n, inf] = [Number.NaN, Number.POSITIVE_INFINITY]
  const column = only(
    windows(
      'x',
      'number',
      repeated(100, (i) => i % 10),
      [1, 2, inf, n, -inf],
    ),
  )
  expect(column.missing_share.current).toBe(0.6)
  expect(Number.isFinite(column.statistics.wasserstein)).toBe(true)
})

test('empty windows have no distances and no decision', () => {
  const drift = measureDrift({
    columns: [windows('x', 'number', [1, 2], []), windows('y', 'category', ['a', 'b'], [])],
    ...DEFAULT,
  })
  expect(drift.rows).toEqual({ reference: 2, current: 0 })
  for (const column of drift.columns)
    expect(column).toMatchObject({ score: null, is_drifted: null, reason: 'no_rows', notes: [] })
})

test('a changed type is a finding, and text where numbers belong is not compared', () => {
  const text: DriftInput = {
    column: 'x',
    kind: 'number',
    reference: numbers([1, 2]),
    current: categories(['1', 'n/a']),
  }
  expect(only(text)).toMatchObject({ score: null, is_drifted: null, reason: 'type_changed' })
  expect(codes(text)).toEqual(['type-changed'])
  const told = only({ ...text, typeChanged: 'was DOUBLE, is VARCHAR' })
  expect(told.notes).toEqual([{ code: 'type-changed', message: 'was DOUBLE, is VARCHAR' }])
})

test('numbers can be read as categories, and match the same numbers as text', () => {
  const input: DriftInput = {
    column: 'code',
    kind: 'category',
    reference: numbers(repeated(600, (i) => i % 3)),
    current: categories(repeated(600, (i) => String(i % 4))),
  }
  expect(only(input)).toMatchObject({ type: 'category', is_drifted: true, unseen_values: ['3'], unseen_share: 0.25 })
})

test('unseen values are at most twenty, the frequent ones first, cut to what a report can show', () => {
  const current = repeated(400, (i) => (i < 200 ? '__proto__' : i < 300 ? 'x'.repeat(5000) : `new ${i % 40}`))
  const column = only(
    windows(
      'x',
      'category',
      repeated(400, (i) => `old ${i % 3}`),
      current,
    ),
  )
  expect(column.unseen_values).toHaveLength(20)
  expect(column.unseen_values[0]).toBe('__proto__')
  expect(column.unseen_values[1]?.length).toBeLessThan(210)
  expect(column.unseen_share).toBe(1)
  expect(column.is_drifted).toBe(true)
})

test('a category of one value that stays has not drifted', () => {
  const column = only(
    windows(
      'x',
      'category',
      repeated(900, () => 'a'),
      repeated(900, () => 'a'),
    ),
  )
  expect(column).toMatchObject({ score: 0, p_value: null, p_adjusted: null, is_drifted: false })
  expect(column.statistics.chi_squared).toEqual({ statistic: null, p_value: null })
})

test('a column of the tables is a column of drift', () => {
  const column: Column = { type: 'time', values: Float64Array.of(1), nulls: Uint8Array.of(0) }
  const kinds: readonly DriftKind[] = ['number', 'category']
  const taken: WindowColumn = column
  expect(kinds.map((kind) => only({ column: 't', kind, reference: taken, current: taken }).score)).toEqual([0, 0])
})

test('an unknown test, and columns of different lengths, are refused', () => {
  expect(() => measureDrift({ columns: [], test: 'anderson' as 'ks', min_effect: 0 })).toThrow(
    'there is no drift test "anderson". Tests here: default, psi, ks',
  )
  const columns = [windows('x', 'number', [1, 2], [1]), windows('y', 'number', [1], [1])]
  expect(() => measureDrift({ columns, ...DEFAULT })).toThrow('columns of one window have 2, 1 rows')
})

const counts = fc.array(fc.tuple(fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 12 }).filter((cells) => {
  const total = (side: 0 | 1) => cells.reduce((sum, cell) => sum + cell[side], 0)
  return total(0) > 0 && total(1) > 0
})
const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
const rising = (cells: number[]) => [...cells].sort((a, b) => a - b)

test('distances between categories are 0 for the same, at most 1, and the same both ways', () => {
  fc.assert(
    fc.property(counts, (cells) => {
      const [p, q] = [cells.map(([a]) => a), cells.map(([, b]) => b)]
      for (const distance of [totalVariation, jensenShannon, stabilityIndexOfCounts]) {
        expectClose(distance(p, q), distance(q, p), 1e-9)
        expect(distance(p, p)).toBe(0)
        expect(distance(p, q)).toBeGreaterThanOrEqual(0)
      }
      expect(Math.max(totalVariation(p, q), jensenShannon(p, q))).toBeLessThanOrEqual(1)
      expect(Number.isFinite(kullbackLeibler(p, q))).toBe(true)
      const { p_value } = pooledChiSquared(p, q)
      if (p_value !== null) expect(p_value).toBeLessThanOrEqual(1)
    }),
  )
})

test('distances between numbers do not know the unit, nor which window came first', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const [x, y] = [rising(a), rising(b)]
      const doubled = [x.map((v) => v * 2), y.map((v) => v * 2)] as const
      expect(kolmogorovSmirnov(x, y)).toEqual(kolmogorovSmirnov(y, x))
      expect(kolmogorovSmirnov(...doubled)).toEqual(kolmogorovSmirnov(x, y))
      expectClose(wasserstein(...doubled), 2 * wasserstein(x, y), 1e-9)
      expect(kolmogorovSmirnov(x, x)).toEqual({ statistic: 0, p_value: 1 })
      expect(wasserstein(x, x)).toBe(0)
    }),
  )
})

test('every row falls into one bin', () => {
  fc.assert(
    fc.property(sample, sample, fc.integer({ min: 2, max: 12 }), (a, b, bins) => {
      const edges = quantileEdges(rising(a), bins)
      expect(countByBin(rising(b), edges).reduce((sum, rows) => sum + rows, 0)).toBe(b.length)
      expect(edges).toEqual([...new Set(rising(edges))])
    }),
  )
})

test('the two halves of the Kolmogorov distribution meet', () => {
  expectClose(kolmogorovTail(1.18 - 1e-12), kolmogorovTail(1.18), 1e-9)
  expectClose(kolmogorovTail(1.3580986393225507), 0.05, 1e-9)
  expect(kolmogorovTail(0)).toBe(1)
  const d = smallestSignificantD(5000, 500, 0.01)
  expectClose(kolmogorovTail(d * Math.sqrt(2500000 / 5500)), 0.01, 1e-6)
})

test('an adjusted p-value under q says the same as a p-value under the cut', () => {
  expect(benjaminiHochberg([0.01, null, 0.04, 0.5], 0.05).adjusted).toEqual([0.03, null, 0.06, 0.5])
  expect(benjaminiHochberg([], 0.05)).toEqual({ adjusted: [], cut: 0.05 })
  expectClose(benjaminiHochberg([0.01, 0.04, 0.03, 0.005], 0.05).cut, 0.05, 1e-12)
  fc.assert(
    fc.property(fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 30 }), (pValues) => {
      const { adjusted, cut } = benjaminiHochberg(pValues, 0.2)
      for (const [index, p] of pValues.entries()) {
        if (p === null) expect(adjusted[index]).toBeNull()
        else if (Math.abs(p - cut) > 1e-12) expect(adjusted[index]! <= 0.2).toBe(p <= cut)
      }
    }),
  )
})

test('numbers that do not exist are refused, not answered', () => {
  expect(() => kolmogorovSmirnov([], [1])).toThrow(RangeError)
  expect(() => wasserstein([1], [])).toThrow(RangeError)
  expect(() => quantileEdges([], 10)).toThrow(RangeError)
  expect(() => quantileEdges([1], 1)).toThrow(RangeError)
  expect(() => populationStabilityIndex([1, Number.NaN], [1], 2)).toThrow('not finite')
  expect(() => flooredShares([0, 0])).toThrow(RangeError)
  expect(() => totalVariation([1, 2], [1])).toThrow(RangeError)
  expect(() => jensenShannon([0], [1])).toThrow(RangeError)
  expect(() => pooledChiSquared([1, 2], [1])).toThrow(RangeError)
  expect(() => kolmogorovTail(Number.NaN)).toThrow(RangeError)
  expect(() => benjaminiHochberg([2], 0.05)).toThrow(RangeError)
})
