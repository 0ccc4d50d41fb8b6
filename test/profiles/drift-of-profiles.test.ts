import fc from 'fast-check'
import { expect, test } from 'vitest'
import { categoryColumn } from '../../src/profiles/category-builder.ts'
import type { ColumnProfile, NumberProfile } from '../../src/profiles/column-profile.ts'
import { examineProfiles } from '../../src/profiles/drift-of-profiles.ts'
import { numberBuilder } from '../../src/profiles/number-builder.ts'
import { referenceEdges } from '../../src/profiles/reference-edges.ts'
import type { DriftKind, WindowColumn } from '../../src/statistics/drift-column.ts'
import { decideByDefault } from '../../src/statistics/drift-decision.ts'
import { examine } from '../../src/statistics/drift-examination.ts'
import { measureDrift } from '../../src/statistics/measure-drift.ts'
import { pcg32 } from '../../src/statistics/pcg32.ts'
import { numbers, windowsOfFiles } from '../statistics/windows.ts'
import { reference } from '../support/fixtures.ts'
import { profileOfNumbers, profileOfTexts } from './profiles.ts'

function profiled(column: string, window: WindowColumn, edges: readonly number[] | null = null): ColumnProfile {
  if ('codes' in window) {
    const builder = categoryColumn(column, 'category')
    builder.add(window.codes, window.values)
    return builder.profile()
  }
  const builder = numberBuilder(column, 'number', edges)
  if ('nulls' in window) builder.add(window.values, window.nulls)
  return builder.profile()
}

type Shown = Readonly<Record<string, number | null | { readonly statistic: number | null }>>

function numberOf(statistics: Shown, name: string): number | null {
  const found = statistics[name] ?? null
  return typeof found === 'object' && found !== null ? found.statistic : found
}

const sets = [
  { set: 'adult', windows: ['w01', 'w03', 'w06'] },
  { set: 'elec2', windows: ['d300', 'd360'] },
] as const

for (const { set, windows } of sets)
  test(`drift of ${set} from profiles is that from rows, within the stated error, with the same decisions`, async () => {
    for (const window of windows) {
      const expected = reference(set).drift[window].columns
      const kinds: Record<string, DriftKind> = {}
      for (const name of Object.keys(expected)) kinds[name] = expected[name].kind === 'numeric' ? 'number' : 'category'
      const columns = await windowsOfFiles(`${set}/train.parquet`, `${set}/production/${window}.parquet`, kinds)
      const fromRows = measureDrift({ columns, test: 'default', min_effect: 0.05 })
      const examined = columns.map((one) =>
        examineProfiles(profiled(one.column, one.reference), profiled(one.column, one.current)),
      )
      const taking = examined.flatMap(({ contestant }) => contestant ?? [])
      const decisions = decideByDefault(taking, 0.05)

      for (const [index, column] of examined.entries()) {
        const rows = fromRows.columns[index]!
        for (const name of Object.keys(column.statistics)) {
          const [own, other] = [numberOf(column.statistics, name), numberOf(rows.statistics, name)]
          const error = column.errors[name]
          if (own === null || other === null || error === null || error === undefined)
            expect(own === null).toBe(other === null)
          else
            expect(Math.abs(own - other), `${set} ${window} ${column.column} ${name}`).toBeLessThanOrEqual(
              error + 1e-11 * Math.max(1, Math.abs(other)),
            )
        }
        expect(column.missing).toEqual(examine(columns[index]!).missing)
        expect(column.unseen).toEqual(examine(columns[index]!).unseen)
        const decision =
          column.contestant === undefined ? null : decisions[taking.indexOf(column.contestant)]!.is_drifted
        expect(decision, `${set} ${window} ${column.column}`).toBe(rows.is_drifted)
      }
    }
  })

test('where both sketches are exact, every statistic is that of the rows', () => {
  const cells = fc.array(fc.oneof(fc.integer({ min: -6, max: 6 }), fc.double({ min: -3, max: 3, noNaN: true })), {
    minLength: 2,
    maxLength: 60,
  })
  fc.assert(
    fc.property(cells, cells, (before, after) => {
      const rows = examine({ column: 'x', kind: 'number', reference: numbers(before), current: numbers(after) })
      const own = examineProfiles(profileOfNumbers(before), profileOfNumbers(after))

      for (const [name, error] of Object.entries(own.errors)) {
        expect(error).toBe(0)
        expect(numberOf(own.statistics, name)).toBeCloseTo(numberOf(rows.statistics, name)!, 11)
      }
      expect(own.reason).toBe(rows.reason)
      expect(own.notes.map(({ code }) => code)).toEqual(
        rows.notes.map(({ code }) => code).filter((code) => code !== 'outliers'),
      )
    }),
  )
})

const draw = pcg32(21, 0)
const normal = () => Math.sqrt(-2 * Math.log(1 - draw.uniform())) * Math.cos(2 * Math.PI * draw.uniform())
const sampleOf = (length: number, value: () => number) => Array.from({ length }, value)

test('where sketches are not exact, the numbers of rows lie within the stated errors, and these are small', () => {
  const makers = [normal, () => Math.exp(3 * normal()), () => draw.uniform(), () => 1e6 + normal()]
  for (const make of makers) {
    const before = sampleOf(30_000, make)
    for (const after of [sampleOf(20_000, make), sampleOf(9000, () => make() * 1.1 + 0.1), sampleOf(500, make)]) {
      const rows = examine({ column: 'x', kind: 'number', reference: numbers(before), current: numbers(after) })
      const own = examineProfiles(profileOfNumbers(before), profileOfNumbers(after))

      for (const name of Object.keys(own.statistics)) {
        const error = own.errors[name]!
        expect(Math.abs(numberOf(own.statistics, name)! - numberOf(rows.statistics, name)!), name).toBeLessThanOrEqual(
          error + 1e-11,
        )
      }
      expect(own.errors.ks).toBeLessThan(0.02)
      expect(own.errors.psi).not.toBeNull()
    }
  }
})

test('a window that was counted on the edges of an exact reference has its very divergences, however coarse its sketch', () => {
  const before = sampleOf(4000, normal)
  const after = sampleOf(30_000, () => 1.2 * normal())
  const kept = profileOfNumbers(before) as NumberProfile

  const rows = examine({ column: 'x', kind: 'number', reference: numbers(before), current: numbers(after) })
  const own = examineProfiles(kept, profileOfNumbers(after, referenceEdges(kept)))

  for (const name of ['psi', 'kl', 'jensen_shannon']) {
    expect(own.errors[name]).toBe(0)
    expect(numberOf(own.statistics, name)).toBeCloseTo(numberOf(rows.statistics, name)!, 12)
  }
  expect(own.errors.ks).toBeGreaterThan(0)
})

test('too many categories leave a total variation with its error, and no claim about new values', () => {
  const before = sampleOf(30_000, () => Math.floor(9000 * draw.uniform() ** 3)).map(String)
  const after = sampleOf(30_000, () => Math.floor(9000 * draw.uniform() ** 3)).map(String)
  const column = (values: readonly string[]) => ({ ...profileOfTexts(values), column: 'x' })

  const own = examineProfiles(column(before), column(after))
  const count = (values: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1 / values.length)
    return counts
  }
  const [p, q] = [count(before), count(after)]
  const truth = [...new Set([...p.keys(), ...q.keys()])].reduce(
    (sum, v) => sum + Math.abs((p.get(v) ?? 0) - (q.get(v) ?? 0)) / 2,
    0,
  )

  expect(Math.abs(numberOf(own.statistics, 'total_variation')! - truth)).toBeLessThanOrEqual(
    own.errors.total_variation!,
  )
  expect(own.errors.psi).toBeNull()
  expect(own.unseen).toEqual({ values: [], share: 0 })
})

test('columns that can not be compared say why', () => {
  const x = profileOfNumbers([1, 2, 3])
  const text = { ...profileOfTexts(['a', 'b']), column: 'x' }
  const withheld: ColumnProfile = {
    kind: 'withheld',
    column: 'x',
    type: 'category',
    because: 'personal',
    rows: 5,
    missing: 1,
  }

  expect(examineProfiles(x, text)).toMatchObject({ reason: 'type_changed', notes: [{ code: 'type-changed' }] })
  expect(examineProfiles(withheld, withheld)).toMatchObject({ reason: 'withheld', statistics: { psi: null } })
  expect(examineProfiles(x, profileOfNumbers([null, Infinity]))).toMatchObject({
    reason: 'all_missing',
    missing: { current: { rows: 2, missing: 2 } },
  })
})
